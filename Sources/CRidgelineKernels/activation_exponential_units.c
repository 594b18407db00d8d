// Part of Ridgeline. Licensed under the Apache License 2.0.

#define INTERLEAVE 4
#define FAMILY RIDGELINE_EXPONENTIAL_UNITS
#define FAMILY_FUNCTIONS "activation_exponential_units.h"
#define RIDGELINE_BODY "activation_body.h"
#include "instantiate.h"
