// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// Optimizer steps, for one instruction set and precision. The formulas, and their order, are PyTorch's.

// g = gradient + wd p;  v = first step ? g : momentum v + (1 - dampening) g;  p -= lr (nesterov ? g + momentum v : v)
static void NAME(sgd)(
    REAL *parameter, const REAL *gradient, REAL *velocity, ptrdiff_t count, REAL rate, REAL momentum, REAL undamped,
    REAL decay, int nesterov, int first_step
) {
    for (ptrdiff_t i = 0; i < count; i += WIDTH) {
        ptrdiff_t rest = count - i;
        VECTOR p = NAME(load)(parameter + i, rest);
        VECTOR g = NAME(load)(gradient + i, rest);
        if (decay != 0) g = NAME(madd)(SPLAT(decay), p, g);
        if (velocity) {
            VECTOR v = g;
            if (!first_step) v = NAME(madd)(SPLAT(momentum), NAME(load)(velocity + i, rest), SPLAT(undamped) * g);
            NAME(store)(velocity + i, v, rest);
            g = nesterov ? NAME(madd)(SPLAT(momentum), v, g) : v;
        }
        NAME(store)(parameter + i, NAME(madd)(SPLAT(-rate), g, p), rest);
    }
}

// g = gradient + coupled p;  m += (1 - b1) (g - m);  v = b2 v + (1 - b2) g^2;
// p = decay p - lr/(1 - b1^t) m / (sqrt(v/(1 - b2^t)) + eps)
static void NAME(adam)(
    REAL *parameter, const REAL *gradient, REAL *first, REAL *second, ptrdiff_t count, REAL decay, REAL coupled,
    REAL one_minus_beta1, REAL beta2, REAL one_minus_beta2, REAL step_size, REAL root_scale, REAL epsilon
) {
    for (ptrdiff_t i = 0; i < count; i += WIDTH) {
        ptrdiff_t rest = count - i;
        VECTOR p = NAME(load)(parameter + i, rest);
        VECTOR g = NAME(load)(gradient + i, rest);
        if (coupled != 0) g = NAME(madd)(SPLAT(coupled), p, g);
        VECTOR m = NAME(load)(first + i, rest);
        VECTOR v = NAME(load)(second + i, rest);
        m = NAME(madd)(SPLAT(one_minus_beta1), g - m, m);
        v = NAME(madd)(SPLAT(one_minus_beta2) * g, g, SPLAT(beta2) * v);
        VECTOR denominator = NAME(madd)(__builtin_elementwise_sqrt(v), SPLAT(root_scale), SPLAT(epsilon));
        p = SPLAT(decay) * p;
        NAME(store)(first + i, m, rest);
        NAME(store)(second + i, v, rest);
        NAME(store)(parameter + i, NAME(madd)(SPLAT(-step_size), m / denominator, p), rest);
    }
}
