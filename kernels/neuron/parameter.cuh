// Parameters of a model. The host defines each as TBN_<NAME> = mode, bits: a constant of the kernel where all populations of the launch share the value, one value
// per population, or one per neuron.
#pragma once
#include "tbn/arguments.cuh"

#define TBN_CONSTANT 0
#define TBN_PER_POPULATION 1
#define TBN_PER_NEURON 2

template <u32 Mode, u32 Bits> TBN_DEVICE f32 tbn_parameter(const tbn_population& p, u32 index, u32 neuron)
{
    if (Mode == TBN_CONSTANT)
        return tbn_float(Bits);
    if (Mode == TBN_PER_POPULATION)
        return tbn_float((u32)p.parameters[index]);
    return ((const f32*)p.parameters[index])[neuron];
}
