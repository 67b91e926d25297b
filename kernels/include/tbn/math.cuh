// Functions of the step path that the platforms' libraries do not agree on. Each is, operation by operation, the one of StepMath.cs.
#pragma once
#include "tbn/platform.cuh"

// Natural logarithm of a normal positive number (the polynomial of the Cephes library's logf).
TBN_DEVICE f32 tbn_log(f32 x)
{
    const i32 bits = (i32)tbn_bits(x);
    const i32 exponent = (bits - 0x3F3504F3) >> 23;
    const f32 m = tbn_float((u32)bits - ((u32)exponent << 23)) - 1.0f;
    const f32 e = __int2float_rn(exponent);
    f32 p = 7.0376836292e-2f;
    p = tbn_fma(p, m, -1.1514610310e-1f);
    p = tbn_fma(p, m, 1.1676998740e-1f);
    p = tbn_fma(p, m, -1.2420140846e-1f);
    p = tbn_fma(p, m, 1.4249322787e-1f);
    p = tbn_fma(p, m, -1.6668057665e-1f);
    p = tbn_fma(p, m, 2.0000714765e-1f);
    p = tbn_fma(p, m, -2.4999993993e-1f);
    p = tbn_fma(p, m, 3.3333331174e-1f);
    const f32 z = m * m;
    f32 y = tbn_fma(e, -2.12194440e-4f, p * m * z);
    y = tbn_fma(-0.5f, z, y);
    return tbn_fma(e, 0.693359375f, m + y);
}

// e^x - 1 (the polynomial of the Cephes library's expf); arguments below -32 and NaN count as -32, those above 88 as 88.
TBN_DEVICE f32 tbn_exp_m1(f32 x)
{
    x = x > -32.0f ? x : -32.0f;
    x = x > 88.0f ? 88.0f : x;
    const i32 n = __float2int_rn(x * 1.44269504f);
    const f32 e = __int2float_rn(n);
    f32 f = tbn_fma(e, -0.693359375f, x);
    f = tbn_fma(e, 2.12194440e-4f, f);
    f32 p = 1.9875691500e-4f;
    p = tbn_fma(p, f, 1.3981999507e-3f);
    p = tbn_fma(p, f, 8.3334519073e-3f);
    p = tbn_fma(p, f, 4.1665795894e-2f);
    p = tbn_fma(p, f, 1.6666665459e-1f);
    p = tbn_fma(p, f, 5.0000001201e-1f);
    p = tbn_fma(f * f, p, f);
    const f32 scale = tbn_float((u32)(n + 127) << 23);
    return tbn_fma(scale, p, scale - 1.0f);
}

// The smaller and the larger of two numbers that are not NaN; -0 is smaller than +0, as in .NET.
TBN_DEVICE f32 tbn_min(f32 a, f32 b) { return a < b ? a : b < a ? b : tbn_float(tbn_bits(a) | tbn_bits(b)); }
TBN_DEVICE f32 tbn_max(f32 a, f32 b) { return a > b ? a : b > a ? b : tbn_float(tbn_bits(a) & tbn_bits(b)); }
TBN_DEVICE f32 tbn_clamp(f32 value, f32 low, f32 high) { return tbn_max(low, tbn_min(high, value)); }
