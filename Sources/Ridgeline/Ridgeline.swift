// Part of Ridgeline. Licensed under the Apache License 2.0.

@_exported import RidgelineFormats
@_exported import RidgelineModels
@_exported import RidgelineTensor
@_exported import RidgelineTraining
