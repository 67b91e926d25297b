// One step of a leaky integrate-and-fire neuron with conductances (Brette et al. 2007, benchmark 1), as docs/numerics.md has it: the potential is relative to rest.
// Reference: ReferenceNeurons.Conductance.
#pragma once
#include "neuron/leaky_integrate_and_fire.cuh"

#define TBN_FORWARD_EULER 0
#define TBN_EXPONENTIAL_EULER 1

struct tbn_conductance { f32 leak, gain, threshold, reset, refractory_steps; f32 reversal[2], decay[2]; };

template <u32 Scheme, bool Subtracts> TBN_DEVICE bool tbn_step_conductance(const tbn_conductance& p, f32 drive, const f32* input, f32& v, f32& refractory, f32* g)
{
    const f32 current = tbn_fma(g[0], p.reversal[0] - v, tbn_fma(g[1], p.reversal[1] - v, drive));
    const f32 increment = tbn_fma(-p.leak, v, p.gain * current);
    if (Scheme == TBN_EXPONENTIAL_EULER)
    {
        const f32 y = tbn_fma(-p.gain, g[0] + g[1], -p.leak);
        v = tbn_fma(increment, tbn_divide(tbn_exp_m1(y), y), v);
    }
    else
        v = v + increment;
    g[0] = tbn_fma(p.decay[0], g[0], input[0]);
    g[1] = tbn_fma(p.decay[1], g[1], input[1]);
    return tbn_finish_leaky<Subtracts>(p.threshold, p.reset, p.refractory_steps, v, refractory);
}
