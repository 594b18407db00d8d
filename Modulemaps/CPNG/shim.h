// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The system's libpng, for the C target of the command.
#ifndef RIDGELINE_CPNG_SHIM_H
#define RIDGELINE_CPNG_SHIM_H
#include <png.h>
#endif
