// Functions that a compiler can turn into vector instructions: no branches, no tables, no calls.
//
// `fast_expf`: e^x = 2^n e^r with n = round(x / ln 2) and |r| <= ln(2) / 2. n ln 2 is taken off in two parts,
// of which the first is exact, and e^r is a polynomial of degree 7 (Cephes' coefficients). 2^n is two factors,
// so that the largest results come out as well. The largest error that was found in
// every seventh float: 0.98 units in the last place; 1.31 for `fast_tanhf`.

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

#define SEPARATE static __attribute__((noinline)) // compiled once, however often it is called

#if defined(_WIN32)
#define SHARED __declspec(dllexport)
#else
#define SHARED __attribute__((visibility("default")))
#endif

// a * b + c, rounded once where the processor does that at once. The rows of a program are never contracted so:
// x * x - x * x is 0.
#if defined(__FP_FAST_FMAF)
#define MULTIPLY_ADD(a, b, c) __builtin_fmaf(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

// What is smaller than the smallest normal number becomes 0 while a function runs: a processor takes a hundred
// times as long for such numbers, and the momentum of a weight that learns no more ends there, and stays.
#if defined(__SSE__)
#include <xmmintrin.h>
static inline uint64_t flush_tiny(void) {
    const unsigned int mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8000);
    return mode;
}
static inline void restore_mode(uint64_t mode) { _mm_setcsr((unsigned int)mode); }
#elif defined(__aarch64__)
static inline uint64_t flush_tiny(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1 << 24)));
    return mode;
}
static inline void restore_mode(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
#else
static inline uint64_t flush_tiny(void) { return 0; }
static inline void restore_mode(uint64_t mode) { (void)mode; }
#endif

// The rows that `order` names, side by side: `size` bytes each. While one is copied, the next one is on its way:
// data of many megabytes are in no cache, and each row begins at another place. (Short rows come with what is asked
// for, and long ones one line after the other, by themselves.)
static inline void gather(void *to, const void *from, const int64_t *order, int64_t count, int64_t size) {
    for (int64_t i = 0; i < count; i++) {
        if (size >= 256 && size <= 16384 && i + 1 < count)
            for (int64_t k = 0; k < size; k += 64) __builtin_prefetch((const char *)from + order[i + 1] * size + k);
        memcpy((char *)to + i * size, (const char *)from + order[i] * size, (size_t)size);
    }
}

// A product of matrices of a BLAS.
typedef void (*sgemm_t)(int, int, int, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *,
                        int64_t, float, float *, int64_t);
typedef void (*dgemm_t)(int, int, int, int64_t, int64_t, int64_t, double, const double *, int64_t,
                        const double *, int64_t, double, double *, int64_t);

// C = beta C + 0 A B, where rows of A and columns of B that are not finite make NaN, as in a product that is looked at.
// C is m by n, side by side; the other two are read with these strides.
#define BY_ZERO(letter, number)                                                                                  \
    static inline void letter##gemm_by_zero(int64_t m, int64_t n, int64_t k, const number *a, int64_t down_a,    \
                                            int64_t right_a, const number *b, int64_t down_b, int64_t right_b,   \
                                            number beta, number *c) {                                            \
        for (int64_t i = 0; i < m; i++) {                                                                        \
            number zero = 0;                                                                                     \
            for (int64_t l = 0; l < k; l++) zero += 0 * a[i * down_a + l * right_a];                             \
            for (int64_t j = 0; j < n; j++) c[i * n + j] = beta * c[i * n + j] + zero;                           \
        }                                                                                                        \
        for (int64_t j = 0; j < n; j++) {                                                                        \
            number zero = 0;                                                                                     \
            for (int64_t l = 0; l < k; l++) zero += 0 * b[l * down_b + j * right_b];                             \
            for (int64_t i = 0; zero != 0 && i < m; i++) c[i * n + j] += zero;                                   \
        }                                                                                                        \
    }
BY_ZERO(s, float)
BY_ZERO(d, double)

static inline float power_of_two(int32_t n) {
    int32_t bits = (n + 127) << 23;
    float y;
    memcpy(&y, &bits, sizeof y);
    return y;
}

static inline float fast_expf(float x) {
    float z = x > 89.0f ? 89.0f : x; // e^89 is inf already, and e^-104 is 0
    z = z < -104.0f ? -104.0f : z;   // NaN passes both
    float n = MULTIPLY_ADD(z, 1.44269504f, 12582912.0f); // 1.5 2^23: what is left of the point goes away, rounded
    n -= 12582912.0f;
    float r = MULTIPLY_ADD(n, -0.693359375f, z);
    r = MULTIPLY_ADD(n, 2.12194440e-4f, r);
    float p = 1.9875691500e-4f;
    p = MULTIPLY_ADD(p, r, 1.3981999507e-3f);
    p = MULTIPLY_ADD(p, r, 8.3334519073e-3f);
    p = MULTIPLY_ADD(p, r, 4.1665795894e-2f);
    p = MULTIPLY_ADD(p, r, 1.6666665459e-1f);
    p = MULTIPLY_ADD(p, r, 5.0000001201e-1f);
    p = MULTIPLY_ADD(p, r * r, r) + 1.0f;
    int32_t whole = n == n ? (int32_t)n : 0;
    int32_t half = whole >> 1;
    return p * power_of_two(half) * power_of_two(whole - half);
}

// tanh x = 1 - 2 / (e^2x + 1), and near 0, where that loses digits, an odd polynomial.
static inline float fast_tanhf(float x) {
    float size = x < 0 ? -x : x;
    float far = 1.0f - 2.0f / (fast_expf(2.0f * size) + 1.0f);
    far = x < 0 ? -far : far;
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = MULTIPLY_ADD(p, z, 2.06390887954e-2f);
    p = MULTIPLY_ADD(p, z, -5.37397155531e-2f);
    p = MULTIPLY_ADD(p, z, 1.33314422036e-1f);
    p = MULTIPLY_ADD(p, z, -3.33332819422e-1f);
    float near = MULTIPLY_ADD(p * z, x, x);
    return size < 0.625f ? near : far;
}

static inline double fast_exp(double x) { return exp(x); }
static inline double fast_tanh(double x) { return tanh(x); }
