// Part of Ridgeline. Licensed under the Apache License 2.0.
// Written by coefficients.py: change that, not this.

#ifndef RIDGELINE_COEFFICIENTS_H
#define RIDGELINE_COEFFICIENTS_H

#define RIDGELINE_CONSTANT static const __attribute__((unused))

RIDGELINE_CONSTANT float log2e_f32 = 0x1.7154760000000p+0f;
RIDGELINE_CONSTANT float ln2_hi_f32 = 0x1.62e4000000000p-1f;
RIDGELINE_CONSTANT float ln2_lo_f32 = 0x1.7f7d1c0000000p-20f;
RIDGELINE_CONSTANT float exp_f32[6] = {
    0x1.0000000000000p-1f,
    0x1.5555560000000p-3f,
    0x1.5554e80000000p-5f,
    0x1.1110e00000000p-7f,
    0x1.6d43b00000000p-10f,
    0x1.a1256c0000000p-13f,
};
RIDGELINE_CONSTANT float erf_limit_f32 = 0x1.d400000000000p+3f;
RIDGELINE_CONSTANT float erf_right_limit_f32 = 0x1.c000000000000p+2f;
RIDGELINE_CONSTANT float gelu_shift_f32 = 0x1.4000000000000p+1f;
RIDGELINE_CONSTANT float gelu_shift_inverse_f32 = 0x1.99999a0000000p-2f;
RIDGELINE_CONSTANT float gelu_centre_f32 = 0x1.4000000000000p-1f;
RIDGELINE_CONSTANT float gelu_tail_f32[12] = {
    0x1.368f540000000p-1f,
    -0x1.77d0800000000p-1f,
    0x1.0fb98c0000000p-1f,
    -0x1.dde5500000000p-5f,
    -0x1.020a0a0000000p-2f,
    0x1.69e1300000000p-4f,
    0x1.86b9da0000000p-3f,
    -0x1.83a67e0000000p-5f,
    -0x1.8943400000000p-3f,
    -0x1.206a300000000p-4f,
    0x1.f5a1b80000000p-5f,
    0x1.5aef5e0000000p-5f,
};
RIDGELINE_CONSTANT float gelu_root_at_f32 = 0x1.80ead20000000p-1f;
RIDGELINE_CONSTANT float gelu_root_term_f32 = -0x1.dc87000000000p-28f;
RIDGELINE_CONSTANT float gelu_slope_f32[10] = {
    -0x1.d72b720000000p-2f,
    0x1.b8cc620000000p-3f,
    -0x1.4b64660000000p-3f,
    0x1.c0582c0000000p-5f,
    0x1.e20e320000000p-6f,
    -0x1.ecdad60000000p-6f,
    -0x1.ff21be0000000p-7f,
    0x1.30686e0000000p-6f,
    0x1.63009c0000000p-6f,
    0x1.c8f96c0000000p-8f,
};
RIDGELINE_CONSTANT float tanh_limit_f32 = 0x1.6000000000000p+3f;
RIDGELINE_CONSTANT float tanh_right_limit_f32 = 0x1.8000000000000p+2f;
RIDGELINE_CONSTANT float tanh_linear_hi_f32 = 0x1.9880000000000p+0f;
RIDGELINE_CONSTANT float tanh_linear_lo_f32 = 0x1.14cf500000000p-14f;
RIDGELINE_CONSTANT float tanh_cubic_hi_f32 = 0x1.2444f20000000p-4f;
RIDGELINE_CONSTANT float tanh_cubic_lo_f32 = 0x1.49b16a0000000p-29f;
RIDGELINE_CONSTANT float tanh_root_at_f32 = 0x1.8142a00000000p-1f;
RIDGELINE_CONSTANT float tanh_root_term_f32 = -0x1.df5e660000000p-26f;
RIDGELINE_CONSTANT float tanh_root_radius_f32 = 0x1.0000000000000p-3f;
RIDGELINE_CONSTANT float tanh_slope_f32[6] = {
    -0x1.3af6ce0000000p+1f,
    -0x1.993cd40000000p-4f,
    -0x1.9a0ed40000000p-2f,
    0x1.37209c0000000p-4f,
    -0x1.f4e6e80000000p-6f,
    0x1.7302500000000p-7f,
};

RIDGELINE_CONSTANT double log2e_f64 = 0x1.71547652b82fep+0;
RIDGELINE_CONSTANT double ln2_hi_f64 = 0x1.62e42fefa4000p-1;
RIDGELINE_CONSTANT double ln2_lo_f64 = -0x1.8432a1b0e2634p-43;
RIDGELINE_CONSTANT double exp_f64[11] = {
    0x1.0000000000000p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100bep-7,
    0x1.6c16c16c162c3p-10,
    0x1.a01a01abf85abp-13,
    0x1.a01a01a6e1e2ap-16,
    0x1.71de01fdbf9cap-19,
    0x1.27e4db46cddd1p-22,
    0x1.af4e554377204p-26,
    0x1.1f7340dbc337ep-29,
};
RIDGELINE_CONSTANT double erf_limit_f64 = 0x1.3600000000000p+5;
RIDGELINE_CONSTANT double erf_right_limit_f64 = 0x1.4000000000000p+3;
RIDGELINE_CONSTANT double gelu_shift_f64 = 0x1.0000000000000p+2;
RIDGELINE_CONSTANT double gelu_shift_inverse_f64 = 0x1.0000000000000p-2;
RIDGELINE_CONSTANT double gelu_centre_f64 = 0x1.6000000000000p-1;
RIDGELINE_CONSTANT double gelu_tail_f64[25] = {
    0x1.25680cdd49972p-1,
    -0x1.8995e83c17d24p-1,
    0x1.c9be3d4c8d1c0p-1,
    -0x1.bebe5f19ac2e8p-1,
    0x1.574f3c272dfe5p-1,
    -0x1.5e7f453a43042p-2,
    0x1.aa1f6f02c92f8p-6,
    0x1.147d7b49dd368p-3,
    -0x1.a38dc0c67fbd9p-4,
    -0x1.2b1b4a943f79dp-6,
    0x1.303f4aa993132p-4,
    -0x1.413f976db5b65p-6,
    -0x1.8ba6107666bd0p-5,
    0x1.ed578aa0b71f1p-6,
    0x1.156f970947bedp-5,
    -0x1.0ffcdd3806299p-5,
    -0x1.bd9f41cc23b4cp-6,
    0x1.436b562441640p-5,
    0x1.0f10f0e44a09dp-5,
    -0x1.e45d8cbd32ee0p-5,
    -0x1.ef957d51a9ef5p-4,
    -0x1.8950695123769p-4,
    -0x1.4262cf3909b99p-5,
    -0x1.e54b29bc59945p-8,
    -0x1.243757b647102p-12,
};
RIDGELINE_CONSTANT double gelu_root_at_f64 = 0x1.80ead197f00b4p-1;
RIDGELINE_CONSTANT double gelu_root_term_f64 = -0x1.3bdb95217ce99p-57;
RIDGELINE_CONSTANT double gelu_slope_f64[23] = {
    -0x1.b8fb098f0fc50p-2,
    0x1.16b2e3e0fd704p-3,
    -0x1.265075faac906p-3,
    0x1.0c7826310ee8fp-3,
    -0x1.91c284c18972dp-4,
    0x1.b722908fe8833p-5,
    -0x1.ad99252bd14c8p-7,
    -0x1.393900da577e3p-7,
    0x1.71148529ba800p-7,
    -0x1.b6ef2bf0afdf7p-10,
    -0x1.525b1fc5bbe91p-8,
    0x1.9ae1b0317f922p-9,
    0x1.2185bb2281d1cp-9,
    -0x1.733b3ec590912p-9,
    -0x1.011ca89c06effp-10,
    0x1.4529f68395407p-9,
    0x1.15343cef28960p-11,
    -0x1.52254963ae8acp-9,
    -0x1.329d8b555a8b9p-10,
    0x1.2c69ab0b4cb60p-9,
    0x1.97c61bf4e7514p-9,
    0x1.9a948a9ce4bbdp-10,
    0x1.3ec2bf2f99981p-12,
};
RIDGELINE_CONSTANT double tanh_limit_f64 = 0x1.5c00000000000p+4;
RIDGELINE_CONSTANT double tanh_right_limit_f64 = 0x1.2000000000000p+3;
RIDGELINE_CONSTANT double tanh_linear_hi_f64 = 0x1.9884534000000p+0;
RIDGELINE_CONSTANT double tanh_linear_lo_f64 = -0x1.5e4d7b9781a62p-31;
RIDGELINE_CONSTANT double tanh_cubic_hi_f64 = 0x1.2444f2a4d8b4bp-4;
RIDGELINE_CONSTANT double tanh_cubic_lo_f64 = -0x1.6c843a29d1c70p-61;
RIDGELINE_CONSTANT double tanh_root_at_f64 = 0x1.81429f9e97e4dp-1;
RIDGELINE_CONSTANT double tanh_root_term_f64 = -0x1.9c8e26a89d00dp-54;
RIDGELINE_CONSTANT double tanh_root_radius_f64 = 0x1.0000000000000p-3;
RIDGELINE_CONSTANT double tanh_slope_f64[12] = {
    -0x1.3af6cd05624f6p+1,
    -0x1.993cd34bf4f0bp-4,
    -0x1.9a0ef5cdf30cep-2,
    0x1.3720c65c91b87p-4,
    -0x1.f37b831f92a73p-6,
    0x1.721f46cff6547p-7,
    -0x1.e3b483ae1aeb1p-9,
    0x1.2e3c21b6e2e76p-10,
    -0x1.75d3ff28a256cp-12,
    0x1.b04c1a294f14dp-14,
    -0x1.d8bdc3d28df99p-16,
    0x1.002b65268cea8p-17,
};

#endif
