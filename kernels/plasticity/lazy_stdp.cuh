// Pair-based plasticity that touches a weight only when a spike arrives over it; what it does and needs stands in lazy_stdp.cu. A step has two phases (tbn/phase.cuh); scratch of
// the arrival: TBN_STARTS words, and TBN_VISIT_STEPS for each warp.
#include "plasticity/pair_stdp.cuh"

// Within so many steps every run is visited: the word of spikes that is then begun anew holds nothing that a run has yet to see.
#define TBN_VISIT_STEPS (32 * (TBN_WORDS - 1))

// A run and an instance have one number: run x TBN_BATCH + instance. 32 bits hold it (LazyRuns.cs).
TBN_DEVICE u32 tbn_all_runs(const tbn_stdp_projection& p) { return p.source.elements * p.delays; }
TBN_DEVICE u32 tbn_delay_of(const tbn_stdp_projection& p, u32 number) { return p.min_delay + number / TBN_BATCH % p.delays; }
TBN_DEVICE u32 tbn_source_of(const tbn_stdp_projection& p, u32 number) { return number / TBN_BATCH / p.delays * TBN_BATCH + number % TBN_BATCH; }
TBN_DEVICE u32 tbn_run_of(const tbn_stdp_projection& p, u32 spike, u32 delay) { return (spike / TBN_BATCH * p.delays + delay) * TBN_BATCH + spike % TBN_BATCH; }

// The first run whose turn to be visited comes in turn number `turn` of TBN_VISIT_STEPS.
TBN_DEVICE u32 tbn_first_visited(const tbn_stdp_projection& p, u32 turn) { return (u32)((u64)tbn_all_runs(p) * turn / TBN_VISIT_STEPS); }

// Whether a spike arrives over a run in a step.
TBN_DEVICE bool tbn_arrives(const tbn_stdp_projection& p, u64 step, u32 number)
{
    const u32 source = tbn_source_of(p, number);
    return tbn_bit_row(p.source, step - tbn_delay_of(p, number))[source / 32] >> (source % 32) & 1;
}

// Notes that the weights of a run have seen everything before a step. The trace of a run is that of its source one delay ago.
TBN_DEVICE void tbn_note_seen(const tbn_stdp_projection& p, u64 step, u32 number, u32 arrived)
{
    const u64 row = (u32)(step - tbn_delay_of(p, number)) & p.trace_mask;
    p.run_states[number] = {((u32)step << 1) + arrived, p.trace_history[row * p.source.elements + tbn_source_of(p, number)]};
}

// Makes the traces that postsynaptic spikes meet from the step on that the run has seen up to, by the same products as step by step. Returns how many steps that are.
TBN_DEVICE u32 tbn_make_traces(const tbn_stdp_projection& p, u64 step, u32 number, f32* traces)
{
    const tbn_run_state state = p.run_states[number];
    const u32 steps = tbn_min_u32(((u32)step << 1) - (state.seen & ~1u), TBN_VISIT_STEPS * 2) / 2;
    // Where arrivals come first, the history of traces has the jump already.
    f32 x = state.seen & 1 && !p.arrivals_first ? state.before + 1.0f : state.before;
    tbn_warp_sync();
    if (tbn_lane() == 0)
        traces[0] = state.before;
    for (u32 n = 1; n < steps; n++)
    {
        x *= p.decay_plus;
        if (tbn_lane() == n % TBN_WARP)
            traces[n] = x;
    }
    tbn_warp_sync();
    return steps;
}

// Whether a target spiked in the last so many steps before a step. Bits of steps to come are 0.
TBN_DEVICE bool tbn_spiked(const u32* words, u64 step, u32 steps)
{
    u32 found = 0;
    for (u32 t = (u32)step - steps, n = 0; n < steps; n += 32 - t % 32, t += 32 - t % 32)
        found |= words[t / 32 % TBN_WORDS] >> t % 32;
    return found != 0;
}

// A weight after these spikes, from the first to the last.
TBN_DEVICE f32 tbn_caught_up(const tbn_stdp_projection& p, f32 w, const u32* words, u64 step, u32 steps, const f32* traces)
{
    for (u32 t = (u32)step - steps, n = 0; n < steps; n += 32 - t % 32, t += 32 - t % 32)
        for (u32 bits = words[t / 32 % TBN_WORDS] >> t % 32; bits != 0; bits &= bits - 1)
            w = tbn_potentiated(p, w, traces[n + (u32)__ffs((i32)bits) - 1]);
    return w;
}

// Synapses [begin, end) of a run: they take up the spikes of their targets that they have yet to see.
TBN_DEVICE void tbn_visit_synapses(const tbn_stdp_projection& p, u64 step, u32 number, u64 begin, u64 end, f32* traces)
{
    const u32 instance = number % TBN_BATCH, steps = tbn_make_traces(p, step, number, traces);
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const u32* words = p.spike_words + ((u64)p.targets[k] * TBN_BATCH + instance) * TBN_WORDS;
        f32* weight = p.weights + k * TBN_BATCH + instance;
        if (tbn_spiked(words, step, steps))
            *weight = tbn_caught_up(p, *weight, words, step, steps, traces);
    }
}

// The same, and then a spike arrives, is weakened by the postsynaptic trace, and is delivered.
TBN_DEVICE void tbn_arrive_synapses(const tbn_stdp_projection& p, u64 step, u32 number, u64 begin, u64 end, f32* traces)
{
    typedef tbn_sum_of<TBN_WIDE>::type Sum;
    const u32 instance = number % TBN_BATCH, steps = tbn_make_traces(p, step, number, traces);
    Sum* slot = (Sum*)p.ring.sums + (u64)((u32)step & p.ring.mask) * p.ring.elements;
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const u64 target = (u64)p.targets[k] * TBN_BATCH + instance;
        f32* weight = p.weights + k * TBN_BATCH + instance;
        const f32 before = tbn_caught_up(p, *weight, p.spike_words + target * TBN_WORDS, step, steps, traces);
        const f32 depressed = tbn_depressed(p, before, p.post_trace[target]);
        *weight = depressed;
        tbn_deliver(slot + target, (Sum)tbn_to_fixed(p.arrivals_first ? before : depressed, p.scale));
    }
}

TBN_DEVICE void tbn_arrive_lazy_phase(const tbn_stdp_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    const tbn_stdp_projection& p = args.projection;
    f32* traces = (f32*)(scratch + TBN_STARTS) + tbn_warp() * TBN_VISIT_STEPS;
    tbn_arrivals(p, step, at, scratch, [&](u32 spike, u32 delay, u64 begin, u64 end) { tbn_arrive_synapses(p, step, tbn_run_of(p, spike, delay), begin, end, traces); });
    // The warps that had the fewest arrivals begin.
    const u32 turn = (u32)(step % TBN_VISIT_STEPS), visited = tbn_first_visited(p, turn);
    const u32 items = (tbn_first_visited(p, turn + 1) - visited) * p.run_chunks;
    for (u32 item = tbn_warps_of(at) - 1 - tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 number = visited + item / p.run_chunks;
        const u64* run = p.run_starts + number / TBN_BATCH;
        const u64 begin = run[0] + (u64)(item % p.run_chunks) * p.chunk_length;
        if (begin < run[1] && !tbn_arrives(p, step, number))
            tbn_visit_synapses(p, step, number, begin, begin + p.chunk_length < run[1] ? begin + p.chunk_length : run[1], traces);
    }
}

// What the arrivals and visits of the step have seen. It waits until all of them have read what they saw before.
TBN_DEVICE void tbn_note_runs(const tbn_stdp_projection& p, u64 step, tbn_place at)
{
    const u32 thread = tbn_thread_of(at), threads = tbn_threads_of(at);
    for (u32 delay = 0; delay < p.delays; delay++)
    {
        const u64 sent = step - (p.min_delay + delay);
        for (u32 k = thread; k < tbn_list_count(p.source, sent); k += threads)
            tbn_note_seen(p, step, tbn_run_of(p, tbn_list(p.source, sent)[k], delay), 1);
    }
    const u32 turn = (u32)(step % TBN_VISIT_STEPS), end = tbn_first_visited(p, turn + 1);
    for (u32 number = tbn_first_visited(p, turn) + thread; number < end; number += threads)
        if (!tbn_arrives(p, step, number))
            tbn_note_seen(p, step, number, 0);
}

TBN_DEVICE void tbn_learn_lazy_phase(const tbn_stdp_arguments& args, u64 step, tbn_place at, u32*)
{
    const tbn_stdp_projection& p = args.projection;
    tbn_note_runs(p, step, at);
    // A word is begun by all targets, and then touched by those that spike.
    const u32 thread = tbn_thread_of(at), threads = tbn_threads_of(at), word = (u32)step / 32 % TBN_WORDS, shift = (u32)step % 32;
    const u32* target_bits = tbn_bit_row(p.target, step);
    for (u32 j = thread; j < p.target.elements; j += threads)
    {
        const u32 spike = target_bits[j / 32] >> (j % 32) & 1;
        u32* words = p.spike_words + (u64)j * TBN_WORDS + word;
        if (shift == 0)
            *words = spike;
        else if (spike != 0)
            *words |= 1u << shift;
    }
    tbn_advance_traces(p, step, at);
}

// All weights at once, a warp for each run; no arrivals of the step have been yet.
TBN_DEVICE void tbn_catch_up_phase(const tbn_stdp_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    const tbn_stdp_projection& p = args.projection;
    f32* traces = (f32*)scratch + tbn_warp() * TBN_VISIT_STEPS;
    for (u32 number = tbn_warp_of(at); number < tbn_all_runs(p); number += tbn_warps_of(at))
    {
        const u64* run = p.run_starts + number / TBN_BATCH;
        tbn_visit_synapses(p, step, number, run[0], run[1], traces);
        if (tbn_lane() == 0)
            tbn_note_seen(p, step, number, 0);
    }
}
