// One step of a leaky integrate-and-fire neuron with alpha currents, exact integration (Rotter and Diesmann 1999), as docs/numerics.md has it: the potential is relative to
// rest. Reference: ReferenceNeurons.Alpha.
#pragma once
#include "neuron/leaky_integrate_and_fire.cuh"

struct tbn_alpha_receptor { f32 p21, p11, rise_to_potential, rise_to_current; };

// The effect of a receptor on the potential, and its own step.
TBN_DEVICE void tbn_step_alpha_receptor(const tbn_alpha_receptor& p, f32 input, f32& v, f32& current, f32& rise)
{
    v = tbn_fma(p.rise_to_potential, rise, v);
    v = tbn_fma(p.p21, current, v);
    const f32 kept = p.p11 * current;
    current = tbn_fma(p.rise_to_current, rise, kept);
    rise = tbn_fma(p.p11, rise, input);
}
