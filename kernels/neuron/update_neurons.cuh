// One step of every neuron of the populations that share a specialisation; what it does and needs stands in update_neurons.cu.
// A phase (tbn/phase.cuh); models.cuh comes before it.
#include "neuron/input.cuh"

#define TBN_IZHIKEVICH 1
#define TBN_LEAKY 2
#define TBN_THRESHOLD_LINEAR 3
#define TBN_POISSON_SOURCE 4
#define TBN_SPIKE_ARRAY 5
#define TBN_ALPHA_LEAKY 6
#define TBN_CONDUCTANCE_LEAKY 7

#define TBN_VALUE(name, index) tbn_parameter<name>(p, index, neuron)

// State is read before the input is taken: clearing the input's slot is a store, which no later load may overtake.
#if TBN_MODEL == TBN_IZHIKEVICH
TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    f32 v = p.state[0][element], u = p.state[1][element];
    const f32 input = tbn_add_drive(p, tbn_take_input<TBN_WIDE_0>(p, 0, TBN_VALUE(TBN_SCALE_0, 0), seed, element, step), seed, element, neuron, step);
    const tbn_izhikevich model = {TBN_VALUE(TBN_A_DT, 2), TBN_VALUE(TBN_B, 3), TBN_VALUE(TBN_C, 4), TBN_VALUE(TBN_D, 5), TBN_VALUE(TBN_DT, 6), TBN_VALUE(TBN_HALF_DT, 7),
        TBN_VALUE(TBN_PEAK, 8), TBN_VALUE(TBN_K2, 9), TBN_VALUE(TBN_K1, 10), TBN_VALUE(TBN_K0, 11), TBN_VALUE(TBN_R, 12), TBN_VALUE(TBN_E, 13)};
    const bool spike = tbn_step_izhikevich<TBN_SCHEME>(model, input, v, u);
    p.state[0][element] = v;
    p.state[1][element] = u;
    return spike;
}
#elif TBN_MODEL == TBN_LEAKY
TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    f32 v = p.state[0][element], refractory = p.state[1][element], input[2] = {0.0f, 0.0f}, current[2] = {0.0f, 0.0f};
#if TBN_CURRENTS >= 1
    current[0] = p.state[2][element];
#endif
#if TBN_CURRENTS >= 2
    current[1] = p.state[3][element];
#endif
    input[0] = tbn_take_input<TBN_WIDE_0>(p, 0, TBN_VALUE(TBN_SCALE_0, 0), seed, element, step);
#if TBN_CURRENTS >= 2
    input[1] = tbn_take_input<TBN_WIDE_1>(p, 1, TBN_VALUE(TBN_SCALE_1, 1), seed, element, step);
#endif
    const f32 drive = TBN_DRIVEN ? tbn_add_drive(p, 0.0f, seed, element, neuron, step) : 0.0f;
    tbn_leaky model = {TBN_VALUE(TBN_Q22, 2), TBN_VALUE(TBN_P20, 3), TBN_VALUE(TBN_THRESHOLD, 4), TBN_VALUE(TBN_RESET, 5), TBN_VALUE(TBN_REFRACTORY_STEPS, 6), {0.0f, 0.0f}, {0.0f, 0.0f}};
#if TBN_CURRENTS >= 1
    model.p21[0] = TBN_VALUE(TBN_P21_0, 7);
    model.p11[0] = TBN_VALUE(TBN_P11_0, 8);
#endif
#if TBN_CURRENTS >= 2
    model.p21[1] = TBN_VALUE(TBN_P21_1, 9);
    model.p11[1] = TBN_VALUE(TBN_P11_1, 10);
#endif
    const bool spike = tbn_step_leaky<TBN_CURRENTS, TBN_DRIVEN, TBN_DELTA, TBN_SUBTRACTS>(model, drive, input, v, refractory, current);
    p.state[0][element] = v;
    p.state[1][element] = refractory;
#if TBN_CURRENTS >= 1
    p.state[2][element] = current[0];
#endif
#if TBN_CURRENTS >= 2
    p.state[3][element] = current[1];
#endif
    return spike;
}
#elif TBN_MODEL == TBN_ALPHA_LEAKY
// Receptor `k` of a population: its input, constants and state. The input comes first, so that nothing else waits in registers while random numbers are drawn.
#define TBN_STEP_RECEPTOR(k)                                                                                                                                     \
    {                                                                                                                                                            \
        const f32 input = tbn_take_input<TBN_WIDE_##k>(p, k, TBN_VALUE(TBN_SCALE_##k, k), seed, element, step);                                                  \
        const tbn_alpha_receptor model = {TBN_VALUE(TBN_P21_##k, 7 + 4 * k), TBN_VALUE(TBN_P11_##k, 8 + 4 * k), TBN_VALUE(TBN_RISE_TO_POTENTIAL_##k, 9 + 4 * k), \
            TBN_VALUE(TBN_RISE_TO_CURRENT_##k, 10 + 4 * k)};                                                                                                     \
        tbn_step_alpha_receptor(model, input, v, p.state[2 + 2 * k][element], p.state[3 + 2 * k][element]);                                                      \
    }

TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    const f32 drive = TBN_DRIVEN ? tbn_add_drive(p, 0.0f, seed, element, neuron, step) : 0.0f;
    const f32 q22 = TBN_VALUE(TBN_Q22, 2);
    f32 v = p.state[0][element];
    v = TBN_DRIVEN ? v + tbn_fma(-q22, v, TBN_VALUE(TBN_P20, 3) * drive) : tbn_fma(-q22, v, v);
    TBN_STEP_RECEPTOR(0)
#if TBN_CURRENTS >= 2
    TBN_STEP_RECEPTOR(1)
#endif
    f32 refractory = p.state[1][element];
    const bool spike = tbn_finish_leaky<TBN_SUBTRACTS>(TBN_VALUE(TBN_THRESHOLD, 4), TBN_VALUE(TBN_RESET, 5), TBN_VALUE(TBN_REFRACTORY_STEPS, 6), v, refractory);
    p.state[0][element] = v;
    p.state[1][element] = refractory;
    return spike;
}
#elif TBN_MODEL == TBN_CONDUCTANCE_LEAKY
TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    const f32 input[2] = {tbn_take_input<TBN_WIDE_0>(p, 0, TBN_VALUE(TBN_SCALE_0, 0), seed, element, step), tbn_take_input<TBN_WIDE_1>(p, 1, TBN_VALUE(TBN_SCALE_1, 1), seed, element, step)};
    const f32 drive = TBN_DRIVEN ? tbn_add_drive(p, 0.0f, seed, element, neuron, step) : 0.0f;
    const tbn_conductance model = {TBN_VALUE(TBN_LEAK, 2), TBN_VALUE(TBN_GAIN, 3), TBN_VALUE(TBN_THRESHOLD, 4), TBN_VALUE(TBN_RESET, 5), TBN_VALUE(TBN_REFRACTORY_STEPS, 6),
        {TBN_VALUE(TBN_REVERSAL_0, 7), TBN_VALUE(TBN_REVERSAL_1, 9)}, {TBN_VALUE(TBN_DECAY_0, 8), TBN_VALUE(TBN_DECAY_1, 10)}};
    f32 v = p.state[0][element], refractory = p.state[1][element], g[2] = {p.state[2][element], p.state[3][element]};
    const bool spike = tbn_step_conductance<TBN_SCHEME, TBN_SUBTRACTS>(model, drive, input, v, refractory, g);
    p.state[0][element] = v;
    p.state[1][element] = refractory;
    p.state[2][element] = g[0];
    p.state[3][element] = g[1];
    return spike;
}
#elif TBN_MODEL == TBN_THRESHOLD_LINEAR
TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    const f32 x = tbn_add_drive(p, tbn_take_input<TBN_WIDE_0>(p, 0, TBN_VALUE(TBN_SCALE_0, 0), seed, element, step), seed, element, neuron, step);
    p.state[0][element] = x;
    return x - p.state[1][element] > 0.0f;
}
#elif TBN_MODEL == TBN_POISSON_SOURCE
TBN_DEVICE bool tbn_update(const tbn_population& p, u64 seed, u32 element, u32 neuron, u64 step)
{
    return tbn_random_word(seed, p.stream, element, step) < ((const u32*)p.parameters[0])[neuron];
}
#elif TBN_MODEL == TBN_SPIKE_ARRAY
// The first entry of an ascending row that is not below a value.
template <class T> TBN_DEVICE u32 tbn_lower_bound(const T* row, u32 from, u32 to, T value)
{
    while (from < to)
    {
        const u32 middle = (from + to) / 2;
        if (row[middle] < value)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

TBN_DEVICE bool tbn_update(const tbn_population& p, u64, u32, u32 neuron, u64 step)
{
    const u32 k = tbn_lower_bound(p.spike_steps, 0u, p.spike_step_count, step);
    if (k == p.spike_step_count || p.spike_steps[k] != step)
        return false;
    const u32 end = p.spike_starts[k + 1], at = tbn_lower_bound(p.spike_neurons, p.spike_starts[k], end, neuron);
    return at < end && p.spike_neurons[at] == neuron;
}
#endif

#if !TBN_COMPETES
// Adds the spikes of a warp's elements to the list of the step. Warps come in any order; the count of the next step is made ready meanwhile.
TBN_DEVICE void tbn_append_spikes(const tbn_spikes& spikes, u64 step, u32 element, u32 bits)
{
    if (element == 0)
        spikes.counts[(u32)(step + 1) & spikes.list_mask] = 0;
    if (bits == 0)
        return;
    u32 at = 0;
    if (tbn_lane() == 0)
        at = atomicAdd(spikes.counts + ((u32)step & spikes.list_mask), (u32)__popc(bits));
    at = __shfl_sync(TBN_ALL_LANES, at, 0) + (u32)__popc(bits & ((1u << tbn_lane()) - 1));
    if (bits >> tbn_lane() & 1)
        spikes.ids[(u64)((u32)step & spikes.list_mask) * spikes.elements + at] = element;
}
#endif

// A block of the populations' table of owners.
TBN_DEVICE void tbn_update_block(const tbn_update_arguments& args, u64 step, u32 block)
{
    const tbn_population& p = args.populations[args.block_owner[block]];
    const u32 element = (block - p.first_block) * TBN_BLOCK + threadIdx.x;
    bool spike = false;
    if (element < p.elements)
    {
        spike = tbn_update(p, args.seed, element, element / TBN_BATCH, step);
#if TBN_LESIONABLE
        spike = spike && (p.alive[element / 32] >> (element % 32) & 1);
#endif
    }
#if TBN_COMPETES
    // y is positive, so its bits ascend with it; of equals the lowest element has the largest complement. The winner is picked when all have been seen.
    if (spike)
        atomicMax(p.winners + element % TBN_BATCH, (u64)tbn_bits(p.state[0][element] - p.state[1][element]) << 32 | (u32)~element);
    spike = false;
#endif
    const u32 bits = tbn_ballot(spike);
    if (element < p.elements && tbn_lane() == 0)
        tbn_bit_row(p.spikes, step)[element / 32] = bits;
#if !TBN_COMPETES
    tbn_append_spikes(p.spikes, step, element, bits);
#endif
    if (spike)
        tbn_add(p.spike_totals + element, 1u);
}

TBN_DEVICE void tbn_update_neurons_phase(const tbn_update_arguments& args, u64 step, tbn_place at, u32*)
{
    for (u32 block = at.block; block < args.blocks; block += at.blocks)
        tbn_update_block(args, step, block);
}
