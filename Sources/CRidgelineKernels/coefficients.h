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
RIDGELINE_CONSTANT double wide_exp_f32[7] = {
    0x1.0000000000000p-1,
    0x1.555555676c1bbp-3,
    0x1.5555555c910d6p-5,
    0x1.1110c5ed7d6c9p-7,
    0x1.6c1685542fcb2p-10,
    0x1.a152099da25bap-13,
    0x1.a113930ccbff5p-16,
};
RIDGELINE_CONSTANT float tanh_inner_f32[5] = {
    -0x1.5555520000000p-2f,
    0x1.110e1a0000000p-3f,
    -0x1.b924ea0000000p-5f,
    0x1.57fe940000000p-6f,
    -0x1.8f6b1e0000000p-8f,
};
RIDGELINE_CONSTANT double wide_log1p_f32[14] = {
    0x1.9f323ecbfeb77p-1,
    -0x1.2773a5da97441p-2,
    0x1.0f95b3bc3bbe5p-3,
    -0x1.1540afad5e10ep-4,
    0x1.2becbf5e91015p-5,
    -0x1.50ac1e846a2c0p-6,
    0x1.83b94ca53ac35p-7,
    -0x1.c71da572e3a1bp-8,
    0x1.10192df9f9b6fp-8,
    -0x1.47e75ecc6f04ap-9,
    0x1.75dcb4955191fp-10,
    -0x1.c9997a00603f6p-11,
    0x1.ab7b8aff13385p-11,
    -0x1.0a0f7d8e09539p-11,
};
RIDGELINE_CONSTANT double wide_tanh_shrink_f32[10] = {
    0x1.1c8e0ec0c8b18p-2,
    -0x1.79ce0c25f48b6p-4,
    0x1.fc6213b2cb633p-6,
    -0x1.5691ea297ea3cp-7,
    0x1.cdc607aaa08efp-9,
    -0x1.373ad540ee615p-10,
    0x1.a2bca439341e4p-12,
    -0x1.1a39820b38909p-13,
    0x1.997fc4fc62e75p-15,
    -0x1.13ff9c7ed3c87p-16,
};
RIDGELINE_CONSTANT double wide_sin_f32[5] = {
    -0x1.5555555555161p-3,
    0x1.1111110fd1496p-7,
    -0x1.a019fd95094bep-13,
    0x1.71d9a549ac8fbp-19,
    -0x1.aa262ee715b00p-26,
};
RIDGELINE_CONSTANT double wide_cos_f32[5] = {
    0x1.5555555555434p-5,
    -0x1.6c16c16b5fdb7p-10,
    0x1.a019ff501e5c1p-16,
    -0x1.27e25ca05d2bep-22,
    0x1.1c808728603bbp-29,
};
RIDGELINE_CONSTANT double wide_log_f32[6] = {
    0x1.55555555553b3p-1,
    0x1.9999999b8b7f5p-2,
    0x1.24924624bca3ap-2,
    0x1.c71fd224b1b59p-3,
    0x1.7381f4c17c676p-3,
    0x1.5477d36339bfdp-3,
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
RIDGELINE_CONSTANT double wide_exp_f64[11] = {
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
RIDGELINE_CONSTANT double tanh_inner_f64[13] = {
    -0x1.5555555555555p-2,
    0x1.111111111110cp-3,
    -0x1.ba1ba1ba1afd7p-5,
    0x1.664f488278841p-6,
    -0x1.226e354dbee3ep-7,
    0x1.d6d3cc4e2a2fcp-9,
    -0x1.7da2fcdbac82fp-10,
    0x1.3551fd17b9e2dp-11,
    -0x1.f4fc47c17714bp-13,
    0x1.92d07376467d1p-14,
    -0x1.3704bfd3e3e36p-15,
    0x1.9988c24c1f8e3p-17,
    -0x1.470b8f91b769ap-19,
};
RIDGELINE_CONSTANT double wide_log1p_f64[22] = {
    0x1.9f323ecbf984cp-1,
    -0x1.2773a5da90bdap-2,
    0x1.0f95b3dc0a108p-3,
    -0x1.1540afd54b0cfp-4,
    0x1.2bec9fba55597p-5,
    -0x1.50abf6cc9c77cp-6,
    0x1.83c50b0c54c4cp-7,
    -0x1.c72c62f914a4bp-8,
    0x1.0f11921e5e6e7p-8,
    -0x1.469c89c11ce5cp-9,
    0x1.8d3f9b19b5c8ap-10,
    -0x1.e6f1790404f76p-11,
    0x1.2c73ca365a7dcp-11,
    -0x1.74ce254265fa2p-12,
    0x1.cf9abe9e5a2fap-13,
    -0x1.223af44bf335bp-13,
    0x1.78843a921f030p-14,
    -0x1.dafeaacdbe35dp-15,
    0x1.cca740a5e8859p-16,
    -0x1.234d0c74aea50p-16,
    0x1.a50914e130877p-16,
    -0x1.0cc64e91b8745p-16,
};
RIDGELINE_CONSTANT double wide_tanh_shrink_f64[17] = {
    0x1.1c8e0ec09a303p-2,
    -0x1.79ce0c25b5db3p-4,
    0x1.fc6215f7c7285p-6,
    -0x1.5691ebb112bd6p-7,
    0x1.cdc3c46a31f0fp-9,
    -0x1.37394ed767db4p-10,
    0x1.a3860ba68e80ep-12,
    -0x1.1ac1410747ea0p-13,
    0x1.7d25f05ca2ce4p-15,
    -0x1.00e3b9fd2ce89p-16,
    0x1.5a483f433f414p-18,
    -0x1.d2dd7b09433b4p-20,
    0x1.3aa9a3f2b4920p-21,
    -0x1.a54977c7b42d8p-23,
    0x1.1bf182e3f0bd1p-24,
    -0x1.b3459212b8412p-26,
    0x1.255e7760dc76dp-27,
};
RIDGELINE_CONSTANT double wide_sin_f64[7] = {
    -0x1.5555555555555p-3,
    0x1.1111111111110p-7,
    -0x1.a01a01a019926p-13,
    0x1.71de3a545e700p-19,
    -0x1.ae64540f0ba18p-26,
    0x1.61217c1864fa1p-33,
    -0x1.ab161757f0c63p-41,
};
RIDGELINE_CONSTANT double wide_cos_f64[7] = {
    0x1.5555555555555p-5,
    -0x1.6c16c16c16c16p-10,
    0x1.a01a01a019d02p-16,
    -0x1.27e4fb7711e1dp-22,
    0x1.1eed8de9ef73ep-29,
    -0x1.9394b76d1f265p-37,
    0x1.ab76cf6e9b365p-45,
};
RIDGELINE_CONSTANT double wide_log_f64[10] = {
    0x1.5555555555555p-1,
    0x1.999999999999ap-2,
    0x1.2492492492485p-2,
    0x1.c71c71c71f2f4p-3,
    0x1.745d174376d98p-3,
    0x1.3b13b26417fe9p-3,
    0x1.1110b815e92d0p-3,
    0x1.e202ca74e1013p-4,
    0x1.ab7ff0c2cf2edp-4,
    0x1.befa72254565bp-4,
};

RIDGELINE_CONSTANT double wide_half_pi_1 = 0x1.921fb54400000p+0;
RIDGELINE_CONSTANT double wide_half_pi_2 = 0x1.0b4611a600000p-34;
RIDGELINE_CONSTANT double wide_half_pi_3 = 0x1.3198a2e037073p-69;
RIDGELINE_CONSTANT double wide_two_over_pi = 0x1.45f306dc9c883p-1;
RIDGELINE_CONSTANT double wide_ln2 = 0x1.62e42fefa39efp-1;
RIDGELINE_CONSTANT double wide_selu_scale = 0x1.0cfabd6a91132p+0;
RIDGELINE_CONSTANT double wide_selu_alpha_scale = 0x1.c212cc640f031p+0;

#endif
