// Powers on the step path, operation by operation those of StepPower.cs.
#pragma once
#include "tbn/platform.cuh"

// x^y for 0 < y <= 1 and x at most 2^126; 0 if x is below 2^-100.
TBN_DEVICE f32 tbn_pow(f32 x, f32 y)
{
    if (!(x >= 7.88860905e-31f))
        return 0.0f;
    const i32 bits = (i32)tbn_bits(x);
    const i32 exponent = (bits - 0x3F3504F3) >> 23;
    const f32 m = tbn_float((u32)bits - ((u32)exponent << 23)) - 1.0f;
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
    const f32 log = m + tbn_fma(-0.5f, z, p * m * z);
    const f32 t = tbn_fma(y, __int2float_rn(exponent), y * (log * 1.44269504f));
    const i32 whole = __float2int_rn(t);
    const f32 f = t - __int2float_rn(whole);
    f32 q = 1.535336188319500e-4f;
    q = tbn_fma(q, f, 1.339887440266574e-3f);
    q = tbn_fma(q, f, 9.618437357674640e-3f);
    q = tbn_fma(q, f, 5.550332471162809e-2f);
    q = tbn_fma(q, f, 2.402264791363012e-1f);
    q = tbn_fma(q, f, 6.931472028550421e-1f);
    q = tbn_fma(q, f, 1.0f);
    return tbn_float(tbn_bits(q) + ((u32)whole << 23));
}
