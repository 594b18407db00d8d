// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The system's libpng, by its simplified interface. Only the command uses it.
#ifndef RIDGELINE_CPNG_SHIM_H
#define RIDGELINE_CPNG_SHIM_H
#include <png.h>
#endif
