// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The C interface of OpenBLAS as the system installs it. Not API: only the files
// of Sources/RidgelineTensor/BLAS import this module.
#ifndef RIDGELINE_COPENBLAS_SHIM_H
#define RIDGELINE_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
