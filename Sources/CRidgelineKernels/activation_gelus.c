// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 4
#define FAMILY RIDGELINE_GELUS
#define FAMILY_FUNCTIONS "activation_gelus.h"
#define RIDGELINE_BODY "activation_body.h"
#include "instantiate.h"
