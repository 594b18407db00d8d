// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The system's zlib. Not API: only the files of Sources/RidgelineFormats/Compression import this module.
#ifndef RIDGELINE_CZLIB_SHIM_H
#define RIDGELINE_CZLIB_SHIM_H
#include <zlib.h>
#endif
