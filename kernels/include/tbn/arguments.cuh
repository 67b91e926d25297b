// Tables and arguments of the kernels, field for field as in KernelAbi.cs. The host passes the size it believes in as TBN_SIZE_...; a difference does not compile.
// Pointers come first, then 64-bit, then 32-bit fields, so there is no padding but at the end.
#pragma once
#include "tbn/platform.cuh"

// Every kernel of a step finds the number of its step as *clock + offset: the host advances the clock once per replayed graph.
struct tbn_time
{
    const u64* clock;
    u64 offset;
};

TBN_DEVICE u64 tbn_step(const tbn_time& time) { return *time.clock + time.offset; }

// Spikes of a population: packed bits of the last steps, and lists for the steps that delayed synapses still need.
struct tbn_spikes
{
    u32* bits;      // bit of element e in step t: bits[(t & bit_mask) * bit_stride + e / 32] >> e % 32 & 1
    u32* ids;       // spikes of step t, in any order: ids[(t & list_mask) * elements ...
    u32* counts;    // ... + counts[t & list_mask])
    u32 bit_stride;
    u32 bit_mask;
    u32 list_mask;
    u32 elements;
};

TBN_DEVICE u32* tbn_bit_row(const tbn_spikes& s, u64 step) { return s.bits + (u64)((u32)step & s.bit_mask) * s.bit_stride; }
TBN_DEVICE const u32* tbn_list(const tbn_spikes& s, u64 step) { return s.ids + (u64)((u32)step & s.list_mask) * s.elements; }
TBN_DEVICE u32 tbn_list_count(const tbn_spikes& s, u64 step) { return s.counts[(u32)step & s.list_mask]; }

// An input onto a population.
struct tbn_input
{
    const void* values;     // current or deviation per element or neuron (float), or the table of a Poisson distribution (u32)
    u32 kind;
    u32 channel;
    u32 stream;
    i32 weight;             // Poisson: weight in fixed point
    u32 count;              // Poisson: the largest count; pulse: neurons drawn from
    f32 deviation;          // noise: deviation where all neurons share one; pulse: the current
};

#define TBN_PARAMETERS 16

// A population in the update kernel.
struct tbn_population
{
    f32* state[6];
    void* ring[2];                  // input of step t, channel c: ring[c][(t & ring_mask) * elements + e], i32 or i64
    const u32* alive;               // packed bits, or null
    u32* spike_totals;              // spikes of each element since the start
    u64* winners;                   // per instance: bits of the largest y, then ~element; winner-take-all only
    const tbn_input* inputs;
    const u32* spike_starts;        // spike array: spikes of entry k are spike_neurons[spike_starts[k] .. spike_starts[k + 1])
    const u32* spike_neurons;
    const u64* spike_steps;
    tbn_spikes spikes;
    u64 parameters[TBN_PARAMETERS]; // bits of a float, or a pointer to one per neuron
    u32 elements;
    u32 first_block;
    u32 ring_mask;
    u32 stream;
    u32 input_count;
    u32 spike_step_count;
};

// What a projection needs of the ring it delivers into.
struct tbn_ring
{
    void* sums;
    u32 mask;
    u32 elements;
};

// Pushed: rows, of the source neurons, with targets as partners. Pulled: columns, of the target neurons, with sources as partners.
struct tbn_sparse_projection
{
    tbn_spikes source;
    const u64* starts;              // of each row or column
    const void* synapses;           // synapse_bytes each, ascending: (delay - min_delay) << partner_bits | partner, then 16 bits of weight
    tbn_ring ring;
    u32 chunks;                     // of the longest row or column
    u32 chunk_length;
    u32 partner_bits;
    u32 min_delay;
    u32 shift;
    u32 pull_from;                  // spikes of the source, all instances together, from which a step is pulled
    u32 synapse_bytes;              // 4 or 8
    u32 unused;
};

struct tbn_dense_projection
{
    tbn_spikes source;
    const void* weights;            // i16 [source][stride], or f32 [source][target][instance]
    tbn_ring ring;
    u32 targets;
    u32 stride;
    u32 delay;                      // from spike to arrival
    u32 ahead;                      // slot: step + ahead
    u32 shift;
    u32 chunks;                     // of the targets
    f32 scale;                      // plastic weights: fixed point = round(weight x scale)
    u32 unused;
};

struct tbn_stencil_projection
{
    tbn_spikes source;
    const i16* weights;             // whole: of every offset, [row + rows - 1][column + columns - 1]; local: of each listed offset
    const i16* offsets;             // local: rows and columns from source to target, in turn
    const u32* origins;             // whole: for each source, the place of the offset to node 0
    tbn_ring ring;
    u32 rows;
    u32 columns;
    u32 periodic;                   // the sheet is a torus; listed offsets are not negative then
    u32 stride;                     // whole: weights of a row of offsets
    u32 ahead;                      // slot: step + ahead
    u32 shift;
    u32 chunks;                     // of the targets, or of the listed offsets
    u32 chunk_length;
    u32 count;                      // local: listed offsets
    u32 unused;
};

// A function from random words to whole numbers: first + direction x the number of bounds at or below the word.
struct tbn_word_table
{
    const u32* bounds;              // ascending
    const u32* index;               // bounds at or below the least word with the upper bits (word >> shift), and one entry more
    i32 first;
    i32 direction;
    u32 shift;
    u32 unused;
};

struct tbn_procedural_projection
{
    tbn_spikes source;
    const u32* row_lengths;         // of each source neuron
    u64 seed;
    tbn_ring ring;
    tbn_word_table skips;           // targets that a draw passes over
    tbn_word_table weights;         // 16-bit weight
    tbn_word_table delays;          // steps
    u32 structure_stream;
    u32 weight_stream;
    u32 delay_stream;
    u32 targets;
    u32 skips_self;                 // 1 if a source is left out of its own row
    u32 shift;
    u32 chunks;                     // of the longest row
    u32 chunk_length;               // a multiple of 128
};

// How far the weights of a run have come, for one instance.
struct tbn_run_state
{
    u32 seen;                       // 2 x the first step whose postsynaptic spikes they have not seen, + 1 if the source's spike arrived in it
    f32 before;                     // the trace that such a spike in that step meets
};

struct tbn_stdp_projection
{
    tbn_spikes source;
    tbn_spikes target;
    const u64* run_starts;          // of (source, delay - min_delay)
    const u32* targets;             // of each synapse, in canonical order
    f32* weights;                   // [synapse][instance]
    const u64* column_starts;       // of each target neuron; these four: by column only
    const u32* column_synapses;
    const u32* column_sources;
    const u32* column_delays;
    u32* spike_words;               // spike of target element e in step t: spike_words[e * TBN_WORDS + t / 32 % TBN_WORDS] >> t % 32 & 1; lazy only
    tbn_run_state* run_states;      // of each (source, delay - min_delay, instance); lazy only
    f32* trace_history;             // [slot][source element]
    f32* pre_trace;
    f32* post_trace;
    tbn_ring ring;
    u32 min_delay;
    u32 delays;
    u32 trace_mask;
    u32 run_chunks;                 // of the longest run
    u32 column_chunks;              // of the longest column
    u32 chunk_length;
    u32 arrivals_first;             // a postsynaptic spike sees an arrival of its own step, which has delivered before it was depressed
    f32 scale;
    f32 decay_plus;
    f32 decay_minus;
    f32 a_plus;
    f32 a_minus;
    f32 min_weight;
    f32 max_weight;
    f32 exponent;                   // of the power law
};

struct tbn_trace_projection
{
    tbn_spikes source;
    tbn_spikes target;
    const u64* run_starts;          // of (source, delay - min_delay)
    const u32* targets;             // of each synapse, in canonical order
    f32* weights;                   // [synapse][instance]
    const u64* column_starts;       // of each target neuron
    const u32* column_synapses;
    const u32* column_sources;
    const u32* column_delays;
    f32* eligibility;               // [synapse][instance]; eligibility only
    f32* reward;                    // of each instance; eligibility only
    f32* pre_traces;                // [slot][source element], before the spikes of a step
    f32* slow_pre_traces;           // likewise; triplets only
    f32* post_trace;
    f32* slow_post_traces;          // [step mod 2][target element]; triplets only
    u64 synapses;                   // x instances
    tbn_ring ring;
    u32 min_delay;
    u32 delays;
    u32 trace_mask;
    u32 run_chunks;                 // of the longest run
    u32 column_chunks;              // of the longest column
    u32 chunk_length;
    u32 interval;                   // steps between two changes of the weights; eligibility only
    f32 scale;
    f32 decay_plus;
    f32 decay_minus;
    f32 a_plus;
    f32 a_minus;
    f32 min_weight;
    f32 max_weight;
    f32 decay_x;                    // triplets
    f32 decay_y;
    f32 triplet_plus;
    f32 triplet_minus;
    f32 decay_reward;               // eligibility
    f32 baseline;
    f32 drift;
    f32 retention;
};

struct tbn_winner_projection
{
    tbn_spikes source;
    tbn_spikes target;
    f32* weights;                   // [source][target][instance]
    const f32* x;
    f32* theta;
    f32* largest;
    u32* wins;
    u32 sources;
    u32 targets;
    u32 delay;
    u32 reset_every;
    u32 reset_below;
    f32 learning_rate;
    f32 threshold_gain;
    f32 weight_sum;
    f32 reset_fraction;
    u32 unused;
};

struct tbn_sampling
{
    const f32* state;
    f32* samples;                   // [row][element]
    u64 every;
    u64 rows;
    u32 elements;
    u32 first_block;
};

// block_owner: for each of `blocks` pieces of work of a block, the row of the table that it belongs to.
struct tbn_update_arguments { tbn_time time; const tbn_population* populations; const u32* block_owner; u64 seed; u32 blocks; u32 unused; };
struct tbn_select_arguments { tbn_time time; const tbn_population* populations; u64 population_count; };
struct tbn_compact_arguments { tbn_time time; const tbn_population* populations; const u32* block_owner; const u32* block_first; u32 blocks; u32 unused; };
struct tbn_sparse_arguments { tbn_time time; const tbn_sparse_projection* projections; u64 projection_count; };
struct tbn_dense_arguments { tbn_time time; const tbn_dense_projection* projections; u64 projection_count; };
struct tbn_stencil_arguments { tbn_time time; const tbn_stencil_projection* projections; u64 projection_count; };
struct tbn_procedural_arguments { tbn_time time; const tbn_procedural_projection* projections; u64 projection_count; };
struct tbn_stdp_arguments { tbn_time time; tbn_stdp_projection projection; };
struct tbn_trace_arguments { tbn_time time; tbn_trace_projection projection; };
struct tbn_winner_arguments { tbn_time time; tbn_winner_projection projection; };
struct tbn_sample_arguments { tbn_time time; const tbn_sampling* samplings; const u32* block_owner; u32 blocks; u32 unused; };
struct tbn_advance_arguments { u64* clock; u64 steps; };

#define TBN_SAME_SIZE(type, size) static_assert(sizeof(type) == size, #type " differs between host and kernel")
TBN_SAME_SIZE(tbn_population, TBN_SIZE_POPULATION);
TBN_SAME_SIZE(tbn_input, TBN_SIZE_INPUT);
TBN_SAME_SIZE(tbn_sparse_projection, TBN_SIZE_SPARSE);
TBN_SAME_SIZE(tbn_dense_projection, TBN_SIZE_DENSE);
TBN_SAME_SIZE(tbn_stencil_projection, TBN_SIZE_STENCIL);
TBN_SAME_SIZE(tbn_procedural_projection, TBN_SIZE_PROCEDURAL);
TBN_SAME_SIZE(tbn_stdp_projection, TBN_SIZE_STDP);
TBN_SAME_SIZE(tbn_trace_projection, TBN_SIZE_TRACE);
TBN_SAME_SIZE(tbn_winner_projection, TBN_SIZE_WINNER);
TBN_SAME_SIZE(tbn_sampling, TBN_SIZE_SAMPLING);
