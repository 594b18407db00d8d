// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The system's libjpeg-turbo, by its TurboJPEG interface. Only the command uses it.
#ifndef RIDGELINE_CTURBOJPEG_SHIM_H
#define RIDGELINE_CTURBOJPEG_SHIM_H
#include <turbojpeg.h>
#endif
