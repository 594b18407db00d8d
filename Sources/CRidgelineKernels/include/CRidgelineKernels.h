// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// The vector kernels. Every function takes the index of the instruction set to use as its first argument, which must
// be one that ridgeline_isa_available() accepts: the tables of variants stay in C, so no function pointer crosses to
// Swift. Strides are in elements. Any pointer may be unaligned, any count may be zero.

#ifndef CRIDGELINE_KERNELS_H
#define CRIDGELINE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Instruction sets. On arm64 the baseline is NEON; only the baseline exists off x86-64.
enum {
    RIDGELINE_ISA_BASELINE = 0,
    RIDGELINE_ISA_AVX2 = 1,
    RIDGELINE_ISA_AVX512 = 2,
};

// Activations, in the order of ActivationKind in Swift. To add one: its name in a family's list here, its value and
// pullback in that family's header, activation_*.h. In brackets, what the parameters `first` and `second` mean.
//
// identity, step (value at 0), relu, relu6, leaky_relu (slope), squared_relu, thresholded (threshold, value)
#define RIDGELINE_RECTIFIERS(EACH) \
    EACH(identity) EACH(step) EACH(relu) EACH(relu6) EACH(leaky_relu) EACH(squared_relu) EACH(thresholded)
// hard_sigmoid, hard_tanh (lowest, highest), hard_swish, hard_shrink (lambda >= 0), soft_shrink (lambda >= 0)
#define RIDGELINE_PIECEWISE(EACH) \
    EACH(hard_sigmoid) EACH(hard_tanh) EACH(hard_swish) EACH(hard_shrink) EACH(soft_shrink)
// elu (alpha), celu (alpha > 0), selu, softplus (beta != 0, threshold), log_sigmoid
#define RIDGELINE_EXPONENTIAL_UNITS(EACH) EACH(elu) EACH(celu) EACH(selu) EACH(softplus) EACH(log_sigmoid)
// sigmoid, tanh, softsign, tanh_shrink, silu (beta), gelu_sigmoid, mish
#define RIDGELINE_SIGMOIDS(EACH) \
    EACH(sigmoid) EACH(tanh) EACH(softsign) EACH(tanh_shrink) EACH(silu) EACH(gelu_sigmoid) EACH(mish)
// gelu, gelu_tanh
#define RIDGELINE_GELUS(EACH) EACH(gelu) EACH(gelu_tanh)
// sine
#define RIDGELINE_SINES(EACH) EACH(sine)

#define RIDGELINE_ACTIVATIONS(EACH) \
    RIDGELINE_RECTIFIERS(EACH) \
    RIDGELINE_PIECEWISE(EACH) \
    RIDGELINE_EXPONENTIAL_UNITS(EACH) \
    RIDGELINE_SIGMOIDS(EACH) \
    RIDGELINE_GELUS(EACH) \
    RIDGELINE_SINES(EACH)

// The activations of gated units, in the order of GateKind in Swift.
#define RIDGELINE_GATES(EACH) EACH(sigmoid) EACH(relu) EACH(gelu) EACH(silu)

// Folds, in the order of FoldKind in Swift.
#define RIDGELINE_FOLDS(EACH) EACH(mean) EACH(minimum) EACH(maximum) EACH(log_sum_exp) EACH(total)

// Binary operations, in the order of BinaryKind in Swift.
#define RIDGELINE_BINARY_OPERATIONS(EACH) \
    EACH(add) EACH(subtract) EACH(multiply) EACH(divide) EACH(maximum) EACH(minimum)

// Functions of one value, in the order of UnaryKind in Swift.
#define RIDGELINE_UNARY_FUNCTIONS(EACH) \
    EACH(negate) EACH(absolute) EACH(sign) EACH(square) EACH(square_root) EACH(reciprocal_square_root) \
    EACH(reciprocal) EACH(exp) EACH(expm1) EACH(log) EACH(log1p) EACH(sin) EACH(cos) EACH(tan) EACH(erf) \
    EACH(floor) EACH(ceiling) EACH(rounded)

// Comparisons, in the order of ComparisonKind in Swift.
#define RIDGELINE_COMPARISONS(EACH) \
    EACH(equal) EACH(unequal) EACH(less) EACH(less_or_equal) EACH(greater) EACH(greater_or_equal)
// 1 if this processor and operating system can run the instruction set, else 0.
int ridgeline_isa_available(int isa);
// The processor's own name for itself, or an empty string.
void ridgeline_cpu_name(char *_Nonnull buffer, size_t size);
// The number of processors this process may run on.
int ridgeline_processor_count(void);
// The names in the lists above, or null past their end: lets Swift check that both sides agree.
const char *_Nullable ridgeline_activation_name(int kind);
const char *_Nullable ridgeline_gate_name(int gate);
const char *_Nullable ridgeline_fold_name(int fold);
const char *_Nullable ridgeline_binary_name(int kind);
const char *_Nullable ridgeline_unary_name(int kind);
const char *_Nullable ridgeline_comparison_name(int kind);

// Every entry point exists for float (_f32) and double (_f64).
#define RIDGELINE_DECLARE(REAL, PRECISION) \
    /* y = act(z + bias). y may be z. */ \
    void ridgeline_bias_activation_##PRECISION( \
        int isa, int kind, REAL first, REAL second, const REAL *_Nonnull z, ptrdiff_t z_stride, \
        const REAL *_Nullable bias, REAL *_Nonnull y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns); \
    /* dz = dy act'(.). dz may be dy. */ \
    void ridgeline_bias_activation_backward_##PRECISION( \
        int isa, int kind, REAL first, REAL second, const REAL *_Nonnull saved, ptrdiff_t saved_stride, \
        const REAL *_Nullable bias, const REAL *_Nonnull dy, ptrdiff_t dy_stride, REAL *_Nonnull dz, \
        ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t columns); \
    /* y = x where x > 0, else slope x; x = z + bias. The slope's stride between columns is 0 or 1. y may be z. */ \
    void ridgeline_parametric_relu_##PRECISION( \
        int isa, const REAL *_Nonnull z, ptrdiff_t z_stride, const REAL *_Nullable bias, const REAL *_Nonnull slope, \
        ptrdiff_t slope_stride, ptrdiff_t slope_row_stride, REAL *_Nonnull y, ptrdiff_t y_stride, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* dz; d_slope += sums of dy x over x <= 0, by column, or in all where the slope's stride is 0 (null where it */ \
    /* has a row stride). dz may be dy. */ \
    void ridgeline_parametric_relu_backward_##PRECISION( \
        int isa, const REAL *_Nonnull z, ptrdiff_t z_stride, const REAL *_Nullable bias, const REAL *_Nonnull slope, \
        ptrdiff_t slope_stride, ptrdiff_t slope_row_stride, const REAL *_Nonnull dy, ptrdiff_t dy_stride, \
        REAL *_Nonnull dz, ptrdiff_t dz_stride, double *_Nullable d_slope, ptrdiff_t rows, ptrdiff_t columns); \
    /* out = act(a) g. out may be a or g. */ \
    void ridgeline_gated_##PRECISION( \
        int isa, int gate, const REAL *_Nonnull a, ptrdiff_t a_stride, const REAL *_Nonnull g, ptrdiff_t g_stride, \
        REAL *_Nonnull out, ptrdiff_t out_stride, ptrdiff_t rows, ptrdiff_t columns); \
    /* da = dy g act'(a), dg = dy act(a). da may be a, dg may be g. */ \
    void ridgeline_gated_backward_##PRECISION( \
        int isa, int gate, const REAL *_Nonnull a, ptrdiff_t a_stride, const REAL *_Nonnull g, ptrdiff_t g_stride, \
        const REAL *_Nonnull dy, ptrdiff_t dy_stride, REAL *_Nonnull da, ptrdiff_t da_stride, REAL *_Nonnull dg, \
        ptrdiff_t dg_stride, ptrdiff_t rows, ptrdiff_t columns); \
    /* out = a op b, (rows, columns) without gaps in out. A stride, along a row, is 1, or 0 for one broadcast value; */ \
    /* between rows it is any. Where the rows of a or b are out's, out may be a or b. */ \
    void ridgeline_binary_##PRECISION( \
        int isa, int op, const REAL *_Nonnull a, ptrdiff_t a_stride, ptrdiff_t a_row, const REAL *_Nonnull b, \
        ptrdiff_t b_stride, ptrdiff_t b_row, REAL *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns); \
    /* out = function(x). out may be x. */ \
    void ridgeline_unary_##PRECISION( \
        int isa, int function, const REAL *_Nonnull x, REAL *_Nonnull out, ptrdiff_t count); \
    /* out = x^y; a stride is 1, or 0 for one broadcast value. out may be x or y. */ \
    void ridgeline_power_##PRECISION( \
        int isa, const REAL *_Nonnull x, ptrdiff_t x_stride, const REAL *_Nonnull y, ptrdiff_t y_stride, \
        REAL *_Nonnull out, ptrdiff_t count); \
    /* out = 1 where a relation b, else 0; rows and strides as of ridgeline_binary. */ \
    void ridgeline_compare_##PRECISION( \
        int isa, int relation, const REAL *_Nonnull a, ptrdiff_t a_stride, ptrdiff_t a_row, \
        const REAL *_Nonnull b, ptrdiff_t b_stride, ptrdiff_t b_row, uint8_t *_Nonnull out, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* out = a where the condition's byte is not 0, else b; a stride is 1 or 0. */ \
    void ridgeline_select_##PRECISION( \
        int isa, const uint8_t *_Nonnull condition, ptrdiff_t condition_stride, const REAL *_Nonnull a, \
        ptrdiff_t a_stride, const REAL *_Nonnull b, ptrdiff_t b_stride, REAL *_Nonnull out, ptrdiff_t count); \
    /* Positions along the middle axis of x, as ridgeline_fold: of the largest or smallest value, the first of */ \
    /* equals, or of the first NaN. size > 0. */ \
    void ridgeline_extreme_position_##PRECISION( \
        int isa, int largest, const REAL *_Nonnull x, int32_t *_Nonnull out, ptrdiff_t outer, ptrdiff_t size, \
        ptrdiff_t step, ptrdiff_t columns); \
    /* to[r to_row + c] = from[r from_row + c from_step]. The two do not overlap. */ \
    void ridgeline_copy_block_##PRECISION( \
        int isa, const REAL *_Nonnull from, ptrdiff_t from_row, ptrdiff_t from_step, REAL *_Nonnull to, \
        ptrdiff_t to_row, ptrdiff_t rows, ptrdiff_t columns); \
    /* y += alpha x. */ \
    void ridgeline_scaled_add_##PRECISION( \
        int isa, REAL alpha, const REAL *_Nonnull x, REAL *_Nonnull y, ptrdiff_t count); \
    double ridgeline_sum_##PRECISION(int isa, const REAL *_Nonnull x, ptrdiff_t count); \
    /* The sum of (x - shift)^2. */ \
    double ridgeline_sum_of_squares_##PRECISION(int isa, const REAL *_Nonnull x, double shift, ptrdiff_t count); \
    /* total[j] += sum of x[i][j] over the rows i. */ \
    void ridgeline_column_sums_##PRECISION( \
        int isa, const REAL *_Nonnull x, ptrdiff_t stride, double *_Nonnull total, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* NaN if any value is; of no values, minus (plus) infinity. */ \
    REAL ridgeline_maximum_##PRECISION(int isa, const REAL *_Nonnull x, ptrdiff_t count); \
    REAL ridgeline_minimum_##PRECISION(int isa, const REAL *_Nonnull x, ptrdiff_t count); \
    /* log sum exp(x); of no values, minus infinity. */ \
    REAL ridgeline_log_sum_exp_##PRECISION(int isa, const REAL *_Nonnull x, ptrdiff_t count); \
    /* The sum of exp(x - shift). */ \
    double ridgeline_sum_of_exponentials_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL shift, ptrdiff_t count); \
    /* y = the fold of x along its middle axis: x is (outer, size, step), size > 0, y (outer, step); in both, the */ \
    /* first `columns` of the last axis, or all. Steps of 1 take the quick way for neighbours. */ \
    void ridgeline_fold_##PRECISION( \
        int isa, int fold, const REAL *_Nonnull x, REAL *_Nonnull y, ptrdiff_t outer, ptrdiff_t size, \
        ptrdiff_t step, ptrdiff_t columns); \
    /* The gradient of x, from what the forward kernel read and wrote. dx may be x. */ \
    void ridgeline_fold_backward_##PRECISION( \
        int isa, int fold, const REAL *_Nonnull x, const REAL *_Nonnull y, const REAL *_Nonnull dy, \
        REAL *_Nonnull dx, ptrdiff_t outer, ptrdiff_t size, ptrdiff_t step, ptrdiff_t columns); \
    /* out = scale exp(x - shift). out may be x. */ \
    void ridgeline_exponential_shifted_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL shift, REAL scale, REAL *_Nonnull out, ptrdiff_t count); \
    /* Rows of softmax(sign x), sign 1 or -1. NaN throughout where one is, or where the largest is infinite. */ \
    void ridgeline_softmax_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL sign, REAL *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns); \
    /* dx = sign y (dy - sum dy y). dx may be dy. */ \
    void ridgeline_softmax_backward_##PRECISION( \
        int isa, const REAL *_Nonnull y, REAL sign, const REAL *_Nonnull dy, REAL *_Nonnull dx, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* Rows of log softmax(x). y may be x. */ \
    void ridgeline_log_softmax_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns); \
    /* dx = dy - exp(y) sum dy. dx may be dy. */ \
    void ridgeline_log_softmax_backward_##PRECISION( \
        int isa, const REAL *_Nonnull y, const REAL *_Nonnull dy, REAL *_Nonnull dx, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* y = x scale + kept where word skip + i of the counters from `position` on is >= threshold, else x 0 + dropped; */ \
    /* skip < 4, four words a counter. y may be x. */ \
    void ridgeline_dropout_##PRECISION( \
        int isa, uint64_t key, uint64_t position, ptrdiff_t skip, uint64_t threshold, REAL scale, REAL kept, \
        REAL dropped, const REAL *_Nonnull x, REAL *_Nonnull y, ptrdiff_t count); \
    /* y = scale xhat + offset, xhat = (x - mean) / sqrt(variance + epsilon), a row at a time, in double, rounded */ \
    /* once; the mean is center + delta, and each row has its epsilon. y may be x. */ \
    void ridgeline_layer_normalization_##PRECISION( \
        int isa, const REAL *_Nonnull x, const double *_Nullable scale, const double *_Nullable offset, \
        const double *_Nonnull epsilon, REAL *_Nonnull y, double *_Nonnull center, double *_Nonnull delta, \
        double *_Nonnull reciprocal_deviation, ptrdiff_t rows, ptrdiff_t columns); \
    /* dx, and d_scale and d_offset added to. dx may be dy. */ \
    void ridgeline_layer_normalization_backward_##PRECISION( \
        int isa, const REAL *_Nonnull x, const double *_Nullable scale, const double *_Nonnull center, \
        const double *_Nonnull delta, const double *_Nonnull reciprocal_deviation, const REAL *_Nonnull dy, \
        REAL *_Nonnull dx, double *_Nullable d_scale, double *_Nullable d_offset, ptrdiff_t rows, \
        ptrdiff_t columns); \
    /* torch.optim.SGD; velocity is null exactly when there is no momentum. */ \
    void ridgeline_sgd_##PRECISION( \
        int isa, REAL *_Nonnull parameter, const REAL *_Nonnull gradient, REAL *_Nullable velocity, ptrdiff_t count, \
        REAL learning_rate, REAL momentum, REAL undamped, REAL weight_decay, int nesterov, int first_step); \
    /* torch.optim.AdamW and Adam with the scalars of the step worked out by the caller: decay = 1 - lr wd and coupled = 0, */ \
    /* or decay = 1 and coupled = wd, */ \
    /* step_size = lr / (1 - beta1^t), root_scale = 1 / sqrt(1 - beta2^t). */ \
    void ridgeline_adam_##PRECISION( \
        int isa, REAL *_Nonnull parameter, const REAL *_Nonnull gradient, REAL *_Nonnull first, \
        REAL *_Nonnull second, ptrdiff_t count, REAL decay, REAL coupled, REAL one_minus_beta1, REAL beta2, \
        REAL one_minus_beta2, REAL step_size, REAL root_scale, REAL epsilon);

// What a layer's outputs are like: sums[0…3] += sum (y - shift), sum (y - shift)^2, the zeros, those from bounds[0] to
// bounds[1] or from bounds[2] to bounds[3]; active[c] = 1 where column c has a value not from bounds[4] to bounds[5].
#define RIDGELINE_DECLARE_OBSERVATION(REAL, PRECISION) \
    void ridgeline_observe_##PRECISION( \
        int isa, const REAL *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns, const REAL *_Nonnull bounds, REAL shift, \
        REAL *_Nonnull active, double *_Nonnull sums);
RIDGELINE_DECLARE_OBSERVATION(float, f32)
RIDGELINE_DECLARE_OBSERVATION(double, f64)
#undef RIDGELINE_DECLARE_OBSERVATION

// One line of a depthwise convolution, in pixels: output p sees the pixels first + p stride + t dilation of the input's
// lines, each `width` pixels long, through the taps t; those outside the line count for nothing. Outputs lie output_step
// pixels apart.
typedef struct {
    ptrdiff_t width, first, stride, dilation, taps, outputs, output_step;
} ridgeline_depthwise_line;

// What a tile's mark says besides its windows of zeros, bit i for window i: an output is infinite or not a number; an
// input is, or a window of inputs that are not all zeros holds less than 1/spread of the tile's largest.
#define RIDGELINE_WINOGRAD_NOT_FINITE 0x80000000u
#define RIDGELINE_WINOGRAD_UNEVEN 0x40000000u
#define RIDGELINE_WINOGRAD_SPREAD 1024

// Winograd's transforms for output tiles of 4 or 2 pixels a side, of all channels of some tiles or of one output; the
// matrices, 36 or 16, lie `stride` elements apart.
#define RIDGELINE_DECLARE_CONVOLUTION(REAL, PRECISION) \
    /* taps[i]: the channels of the 36 or 16 pixels of each input tile. */ \
    void ridgeline_winograd_input_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t tiles, REAL *_Nonnull out, \
        ptrdiff_t stride, ptrdiff_t channels); \
    /* pixels[i]: where the channels of the output tiles go; null for those outside. A tile's mark gains a bit where */ \
    /* one of its values, also of those outside, is infinite or not a number. */ \
    void ridgeline_winograd_output_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull in, ptrdiff_t tiles, ptrdiff_t stride, \
        REAL *_Nullable const *_Nonnull pixels, uint32_t *_Nonnull marks, ptrdiff_t channels); \
    /* The marks of a row of tiles. x: the lines of the image that they read, of which the first is line `top` of the */ \
    /* tiles and the first pixel column -left of the first tile; the rest is zeros. Windows outside output_lines x */ \
    /* output_width, counted from the first tile, do not count. magnitudes: room for lines x width. */ \
    void ridgeline_winograd_marks_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull x, ptrdiff_t lines, ptrdiff_t width, ptrdiff_t channels, \
        ptrdiff_t top, ptrdiff_t left, ptrdiff_t output_lines, ptrdiff_t output_width, ptrdiff_t tiles, \
        REAL *_Nonnull magnitudes, uint32_t *_Nonnull marks); \
    /* out[p]: the largest magnitude of the channels of pixel p; NaN where one of them is. */ \
    void ridgeline_pixel_magnitudes_##PRECISION( \
        int isa, const REAL *_Nonnull x, ptrdiff_t pixels, ptrdiff_t channels, REAL *_Nonnull out); \
    /* The transpose of the output's: from the gradients of output tiles. */ \
    void ridgeline_winograd_gradient_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull const *_Nonnull taps, ptrdiff_t tiles, REAL *_Nonnull out, \
        ptrdiff_t stride, ptrdiff_t channels); \
    /* From nine taps, `tap_stride` elements apart, in reverse order if `flip`. */ \
    void ridgeline_winograd_weight_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull weights, ptrdiff_t tap_stride, int flip, REAL *_Nonnull out, \
        ptrdiff_t stride, ptrdiff_t channels); \
    /* The transpose of that. */ \
    void ridgeline_winograd_weight_gradient_##PRECISION( \
        int isa, int tile, const REAL *_Nonnull in, ptrdiff_t stride, REAL *_Nonnull weights, ptrdiff_t tap_stride, \
        ptrdiff_t channels); \
    /* The runs of `length` elements at from + offsets[r] side by side, for `positions` windows `step` elements apart; */ \
    /* nothing at image_end or after it is read. */ \
    void ridgeline_gather_runs_##PRECISION( \
        int isa, const REAL *_Nonnull from, ptrdiff_t step, const ptrdiff_t *_Nonnull offsets, ptrdiff_t runs, \
        ptrdiff_t length, REAL *_Nonnull to, ptrdiff_t positions, const REAL *_Nonnull image_end); \
    /* The transpose: adds such runs at `from` to those at to + offsets[r]; nothing at image_end or after it is touched. */ \
    void ridgeline_scatter_runs_##PRECISION( \
        int isa, const REAL *_Nonnull from, REAL *_Nonnull to, ptrdiff_t step, const ptrdiff_t *_Nonnull offsets, \
        ptrdiff_t runs, ptrdiff_t length, ptrdiff_t positions, const REAL *_Nonnull image_end); \
    /* out[p][c] = sum over rows r and taps t of rows[r][first + p stride + t dilation][c] weights[r][t][c], added to if */ \
    /* `add`; taps' weights lie weight_step elements apart. */ \
    void ridgeline_depthwise_##PRECISION( \
        int isa, const ridgeline_depthwise_line *_Nonnull line, const REAL *_Nonnull const *_Nonnull rows, \
        const REAL *_Nonnull const *_Nonnull weights, ptrdiff_t row_count, ptrdiff_t weight_step, REAL *_Nonnull out, \
        int add, ptrdiff_t channels); \
    /* sums[r][t][c] += the sum over p of rows[r][first + p stride + t dilation][c] dy[p][c]. */ \
    void ridgeline_depthwise_weights_##PRECISION( \
        int isa, const ridgeline_depthwise_line *_Nonnull line, const REAL *_Nonnull const *_Nonnull rows, \
        double *_Nonnull const *_Nonnull sums, ptrdiff_t row_count, const REAL *_Nonnull dy, ptrdiff_t channels);
RIDGELINE_DECLARE_CONVOLUTION(float, f32)
RIDGELINE_DECLARE_CONVOLUTION(double, f64)
#undef RIDGELINE_DECLARE_CONVOLUTION

// Matrices of rows x channels, for normalisations over rows.
#define RIDGELINE_DECLARE_CHANNELS(REAL, PRECISION) \
    /* The mean of each column, center + delta, and the sum of the squared differences from it. */ \
    void ridgeline_column_moments_##PRECISION( \
        int isa, const REAL *_Nonnull x, ptrdiff_t stride, double *_Nonnull center, double *_Nonnull delta, \
        double *_Nonnull squares, ptrdiff_t rows, ptrdiff_t columns); \
    /* y = scale z + shift + residual, at least 0 where rectified. y may be z or the residual. */ \
    void ridgeline_channel_affine_##PRECISION( \
        int isa, const REAL *_Nonnull z, ptrdiff_t z_stride, const REAL *_Nullable scale, \
        const REAL *_Nullable shift, const REAL *_Nullable residual, ptrdiff_t residual_stride, int rectify, \
        REAL *_Nonnull y, ptrdiff_t y_stride, ptrdiff_t rows, ptrdiff_t columns); \
    /* y = z + residual, z = factor (x - center) + constant, at least 0 where rectified; in double, rounded once. */ \
    /* y may be x or the residual. */ \
    void ridgeline_channel_normalization_##PRECISION( \
        int isa, const REAL *_Nonnull x, const REAL *_Nullable residual, REAL *_Nonnull y, ptrdiff_t stride, \
        const double *_Nonnull center, const double *_Nonnull factor, const double *_Nonnull constant, int rectify, \
        ptrdiff_t rows, ptrdiff_t columns); \
    /* sums += sum of dz, products += sum of dz (x - center); dz = dy where the mask's z > 0, or, where its factor is */ \
    /* null, dy. */ \
    void ridgeline_channel_gradient_sums_##PRECISION( \
        int isa, const REAL *_Nonnull dy, const REAL *_Nonnull x, ptrdiff_t stride, const double *_Nonnull center, \
        const double *_Nullable mask_factor, const double *_Nullable mask_constant, double *_Nonnull sums, \
        double *_Nonnull products, ptrdiff_t rows, ptrdiff_t columns); \
    /* dx = factor dz + slope (x - center) + constant, dz as above; without slope, factor dz. dx may be dy. */ \
    void ridgeline_channel_gradient_##PRECISION( \
        int isa, const REAL *_Nonnull dy, const REAL *_Nonnull x, ptrdiff_t stride, const double *_Nonnull center, \
        const double *_Nullable mask_factor, const double *_Nullable mask_constant, const double *_Nonnull factor, \
        const double *_Nullable slope, const double *_Nullable constant, REAL *_Nonnull dx, ptrdiff_t rows, \
        ptrdiff_t columns);
RIDGELINE_DECLARE_CHANNELS(float, f32)
RIDGELINE_DECLARE_CHANNELS(double, f64)
#undef RIDGELINE_DECLARE_CHANNELS

// The windows along one axis of an image, and the same turned round. Outputs have rows of numbers: the first input that
// each sees, how many of them, `step` apart, and its factor of an average's divisor. Input i is seen by the outputs
// output[k], as their tap[k], for k from offset[i] up to offset[i + 1].
typedef struct {
    const int32_t *_Nonnull first, *_Nonnull count, *_Nonnull divisor;
    const int32_t *_Nonnull offset, *_Nonnull output, *_Nonnull tap;
    ptrdiff_t inputs, outputs, step;
    /* The most inputs that a window sees. */
    ptrdiff_t longest;
} ridgeline_pooling_axis;

// Images with channels last: x and dx are (vertical inputs, horizontal inputs, channels), y and dy the same of outputs;
// the rows from `first` on of what is written. The index of the tap that won is row tap * longest + column tap, in 1 or 4
// bytes; where it is null, pooling_backward is that of the average.
#define RIDGELINE_DECLARE_POOLING(REAL, PRECISION) \
    void ridgeline_maximum_pooling_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL *_Nonnull y, void *_Nullable index, int index_size, \
        const ridgeline_pooling_axis *_Nonnull vertical, const ridgeline_pooling_axis *_Nonnull horizontal, \
        ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows); \
    void ridgeline_average_pooling_##PRECISION( \
        int isa, const REAL *_Nonnull x, REAL *_Nonnull y, const ridgeline_pooling_axis *_Nonnull vertical, \
        const ridgeline_pooling_axis *_Nonnull horizontal, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows); \
    void ridgeline_pooling_backward_##PRECISION( \
        int isa, const REAL *_Nonnull dy, const void *_Nullable index, int index_size, REAL *_Nonnull dx, \
        const ridgeline_pooling_axis *_Nonnull vertical, const ridgeline_pooling_axis *_Nonnull horizontal, \
        ptrdiff_t channels, ptrdiff_t first, ptrdiff_t rows);
RIDGELINE_DECLARE_POOLING(float, f32)
RIDGELINE_DECLARE_POOLING(double, f64)
#undef RIDGELINE_DECLARE_POOLING

RIDGELINE_DECLARE(float, f32)
RIDGELINE_DECLARE(double, f64)

#undef RIDGELINE_DECLARE

#ifdef __cplusplus
}
#endif

#endif
