// Part of Ridgeline. Licensed under the Apache License 2.0.
//
// A BLAS that computes wrongly, as real ones have: products with an odd number of rows come out with one wrong
// element. A test preloads it before OpenBLAS.
#define _GNU_SOURCE
#include <dlfcn.h>

typedef void (*sgemm_function)(
    int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a,
                 int lda, const float *b, int ldb, float beta, float *c, int ldc) {
    sgemm_function real = (sgemm_function)dlsym(RTLD_NEXT, "cblas_sgemm");
    real(order, transpose_a, transpose_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    if (m % 2 == 1) c[(m - 1) * ldc + n - 1] += 1;
}
