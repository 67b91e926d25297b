// One step of a leaky integrate-and-fire neuron, exact integration (Rotter and Diesmann 1999), as docs/numerics.md has it: the potential is relative to rest.
// Reference: ReferenceNeurons.Leaky.
#pragma once
#include "tbn/math.cuh"

// How every leaky step ends: refractory clamp, threshold, reset.
template <bool Subtracts> TBN_DEVICE bool tbn_finish_leaky(f32 threshold, f32 reset, f32 refractory_steps, f32& v, f32& refractory)
{
    if (refractory > 0.0f)
        v = reset;
    const bool spike = v >= threshold;
    if (spike)
        v = Subtracts ? v - (threshold - reset) : reset;
    refractory = spike ? refractory_steps : tbn_max(refractory - 1.0f, 0.0f);
    return spike;
}

struct tbn_leaky { f32 q22, p20, threshold, reset, refractory_steps; f32 p21[2], p11[2]; };

// Currents: number of exponential currents. Driven: there is a current or noise input. Delta: spikes are jumps. Subtracts: a spike subtracts threshold - reset.
template <u32 Currents, bool Driven, bool Delta, bool Subtracts>
TBN_DEVICE bool tbn_step_leaky(const tbn_leaky& p, f32 drive, const f32* input, f32& v, f32& refractory, f32* current)
{
    v = Driven ? v + tbn_fma(-p.q22, v, p.p20 * drive) : tbn_fma(-p.q22, v, v);
#pragma unroll
    for (i32 k = 0; k < (i32)Currents; k++)
    {
        v = tbn_fma(p.p21[k], current[k], v);
        current[k] = tbn_fma(p.p11[k], current[k], input[k]);
    }
    if (Delta)
        v = v + input[0];
    return tbn_finish_leaky<Subtracts>(p.threshold, p.reset, p.refractory_steps, v, refractory);
}
