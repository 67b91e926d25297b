// The input of a step: fixed-point sums of the ring and of Poisson inputs, then currents and noise in the order of the population's inputs (docs/numerics.md).
//   TBN_INPUT_COUNT   number of inputs
//   TBN_INPUT_KINDS   their kinds, 4 bits each, the first lowest; not defined where there are more than 16, then the table is asked
//   TBN_WIDE_0, _1    whether the sums of a channel take 64 bits
// Part of a phase (tbn/phase.cuh).

#define TBN_CURRENT 1
#define TBN_NOISE_SHARED 2      // one deviation for all neurons
#define TBN_NOISE_OF_NEURON 3
#define TBN_POISSON 4
#define TBN_PULSE 5             // into one neuron of each instance, drawn at random

// The tables of a population: in shared memory where the population's own is (tables.cuh).
#if TBN_SHARED_TABLES
TBN_DEVICE const tbn_input& tbn_input_of(const tbn_population& p, i32 i) { return tbn_table(p.inputs)[i]; }
TBN_DEVICE const u32* tbn_counts_of(const tbn_input& input) { return tbn_table((const u32*)input.values); }
#else
TBN_DEVICE const tbn_input& tbn_input_of(const tbn_population& p, i32 i) { return p.inputs[i]; }
TBN_DEVICE const u32* tbn_counts_of(const tbn_input& input) { return (const u32*)input.values; }
#endif

#ifdef TBN_INPUT_KINDS
TBN_DEVICE u32 tbn_input_kind(const tbn_population&, i32 i) { return (u32)(TBN_INPUT_KINDS >> (4 * i)) & 15u; }
#else
TBN_DEVICE u32 tbn_input_kind(const tbn_population& p, i32 i) { return tbn_input_of(p, i).kind; }
#endif

// A count from a table: the bounds of 16-bit numbers, those of the others, and the first number that needs 16 more bits (PoissonTable). Most draws end after the first loop.
TBN_DEVICE i32 tbn_poisson_count(const u32* table, u32 most, u64 seed, u32 stream, u32 element, u64 step)
{
    u32 number = tbn_random_half(seed, stream, element, step);
    u32 k = 0;
    while (k < most && number >= table[k])
        k++;
    if (number < table[2 * most])
        return (i32)k;
    number = (number - table[2 * most]) << 16 | tbn_random_half(seed, stream ^ TBN_TAIL_STREAM, element, step);
    k = 0;
    while (k < most && number >= table[most + k])
        k++;
    return (i32)k;
}

// Takes the sum of a channel and clears its slot.
template <bool Wide> TBN_DEVICE f32 tbn_take_input(const tbn_population& p, u32 channel, f32 scale, u64 seed, u32 element, u64 step)
{
    typedef typename tbn_sum_of<Wide>::type Sum;
    Sum* slot = (Sum*)p.ring[channel] + (u64)((u32)step & p.ring_mask) * p.elements + element;
    Sum sum = *slot;
    *slot = 0;
#pragma unroll
    for (i32 i = 0; i < TBN_INPUT_COUNT; i++)
        if (tbn_input_kind(p, i) == TBN_POISSON && tbn_input_of(p, i).channel == channel)
            sum += (Sum)tbn_input_of(p, i).weight * tbn_poisson_count(tbn_counts_of(tbn_input_of(p, i)), tbn_input_of(p, i).count, seed, tbn_input_of(p, i).stream, element, step);
    return tbn_to_float(sum) * scale;
}

// Adds currents and noise.
TBN_DEVICE f32 tbn_add_drive(const tbn_population& p, f32 drive, u64 seed, u32 element, u32 neuron, u64 step)
{
#pragma unroll
    for (i32 i = 0; i < TBN_INPUT_COUNT; i++)
    {
        const u32 kind = tbn_input_kind(p, i);
        if (kind == TBN_CURRENT)
            drive = drive + ((const f32*)tbn_input_of(p, i).values)[element];
        else if (kind == TBN_NOISE_SHARED || kind == TBN_NOISE_OF_NEURON)
        {
            const f32 deviation = kind == TBN_NOISE_SHARED ? tbn_input_of(p, i).deviation : ((const f32*)tbn_input_of(p, i).values)[neuron];
            drive = tbn_fma(deviation, tbn_random_normal(seed, tbn_input_of(p, i).stream, element, step), drive);
        }
        else if (kind == TBN_PULSE && (u32)((u64)tbn_random_word(seed, tbn_input_of(p, i).stream, element % TBN_BATCH, step) * tbn_input_of(p, i).count >> 32) == neuron)
            drive = drive + tbn_input_of(p, i).deviation;
    }
    return drive;
}
