// One step of an Izhikevich neuron (Izhikevich 2003, 2007), as docs/numerics.md has it. Reference: ReferenceNeurons.Izhikevich.
#pragma once
#include "tbn/math.cuh"

#define TBN_TWO_HALF_STEPS 0
#define TBN_EULER 1
#define TBN_EULER_CONSISTENT 2

struct tbn_izhikevich { f32 a_dt, b, c, d, dt, half_dt, peak, k2, k1, k0, r, e; };

TBN_DEVICE f32 tbn_izhikevich_slope(const tbn_izhikevich& p, f32 v, f32 s) { return tbn_fma(tbn_fma(p.k2, v, p.k1), v, s); }

template <u32 Scheme> TBN_DEVICE bool tbn_step_izhikevich(const tbn_izhikevich& p, f32 input, f32& v, f32& u)
{
    const f32 s = (p.k0 - u) + input;
    f32 w = v;
    if (Scheme == TBN_TWO_HALF_STEPS)
    {
        v = tbn_fma(p.half_dt, tbn_izhikevich_slope(p, v, s), v);
        v = tbn_fma(p.half_dt, tbn_izhikevich_slope(p, v, s), v);
        w = v;
    }
    else
    {
        v = tbn_fma(p.dt, tbn_izhikevich_slope(p, v, s), v);
        if (Scheme == TBN_EULER)
            w = v;
    }
    const f32 pull = p.b * (w - p.r), decay = p.e * u;
    u = tbn_fma(p.a_dt, pull - decay, u);
    const bool spike = Scheme == TBN_EULER ? v > p.peak : v >= p.peak;
    if (spike)
    {
        v = p.c;
        u = u + p.d;
    }
    return spike;
}
