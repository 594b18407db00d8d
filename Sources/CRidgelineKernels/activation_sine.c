// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 2
#define FAMILY RIDGELINE_SINES
#define FAMILY_FUNCTIONS "activation_sine.h"
#define RIDGELINE_BODY "activation_body.h"
#include "instantiate.h"
