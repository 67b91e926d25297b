// Plasticity by traces; what it does and needs stands in trace_stdp.cu. Three phases (tbn/phase.cuh); scratch of the arrival: TBN_STARTS words.
#include "plasticity/arrivals.cuh"

// The row of a presynaptic trace in a step.
TBN_DEVICE f32* tbn_trace_row(const tbn_trace_projection& p, f32* history, u64 step) { return history + (u64)((u32)step & p.trace_mask) * p.source.elements; }

// Synapses [begin, end) of one source with one delay: a spike arrives, meets the postsynaptic trace, and is delivered.
TBN_DEVICE void tbn_arrive_trace_run(const tbn_trace_projection& p, u64 step, u32 spike, u32 delay, u64 begin, u64 end)
{
    typedef tbn_sum_of<TBN_WIDE>::type Sum;
    const u32 instance = spike % TBN_BATCH;
    Sum* slot = (Sum*)p.ring.sums + (u64)((u32)step & p.ring.mask) * p.ring.elements;
    const f32 slow = TBN_ELIGIBILITY ? 0.0f : tbn_trace_row(p, p.slow_pre_traces, step - (p.min_delay + delay))[spike];
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const u64 target = (u64)p.targets[k] * TBN_BATCH + instance, synapse = k * TBN_BATCH + instance;
        const f32 y = p.post_trace[target];
        f32 w = p.weights[synapse];
        if (TBN_ELIGIBILITY)
            p.eligibility[synapse] = tbn_fma(-p.a_minus, y, p.eligibility[synapse]);
        else
            p.weights[synapse] = w = tbn_clamp(tbn_fma(-tbn_fma(p.triplet_minus, slow, p.a_minus), y, w), p.min_weight, p.max_weight);
        tbn_deliver(slot + target, (Sum)tbn_to_fixed(w, p.scale));
    }
}

TBN_DEVICE void tbn_arrive_traces_phase(const tbn_trace_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const tbn_trace_projection& p = args.projection;
    tbn_arrivals(p, step, at, starts, [&](u32 spike, u32 delay, u64 begin, u64 end) { tbn_arrive_trace_run(p, step, spike, delay, begin, end); });
}

// The synapses onto one target: it spiked, so each meets its source's trace as it was one delay ago.
TBN_DEVICE void tbn_fire_column(const tbn_trace_projection& p, u64 step, u32 spike, u32 chunk)
{
    const u32 target = spike / TBN_BATCH, instance = spike % TBN_BATCH;
    const u64 column_end = p.column_starts[target + 1], begin = p.column_starts[target] + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < column_end ? begin + p.chunk_length : column_end;
    const f32 a = TBN_ELIGIBILITY ? p.a_plus : tbn_fma(p.triplet_plus, p.slow_post_traces[(step & 1) * p.target.elements + spike], p.a_plus);
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const u64 synapse = (u64)p.column_synapses[k] * TBN_BATCH + instance;
        const f32 x = tbn_trace_row(p, p.pre_traces, step - p.column_delays[k])[p.column_sources[k] * TBN_BATCH + instance];
        if (TBN_ELIGIBILITY)
            p.eligibility[synapse] = tbn_fma(a, x, p.eligibility[synapse]);
        else
            p.weights[synapse] = tbn_clamp(tbn_fma(a, x, p.weights[synapse]), p.min_weight, p.max_weight);
    }
}

// A trace after the spikes of a step, as the next step sees it.
TBN_DEVICE f32 tbn_next_trace(f32 trace, bool spiked, f32 decay) { return (spiked ? TBN_ELIGIBILITY ? 1.0f : trace + 1.0f : trace) * decay; }

TBN_DEVICE void tbn_learn_traces_phase(const tbn_trace_arguments& args, u64 step, tbn_place at, u32*)
{
    const tbn_trace_projection& p = args.projection;
    const u32 thread = tbn_thread_of(at), threads = tbn_threads_of(at);
    const u32 items = tbn_list_count(p.target, step) * p.column_chunks;
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
        tbn_fire_column(p, step, tbn_list(p.target, step)[item / p.column_chunks], item % p.column_chunks);

    const u32* source_bits = tbn_bit_row(p.source, step);
    for (u32 i = thread; i < p.source.elements; i += threads)
    {
        const bool spiked = source_bits[i / 32] >> (i % 32) & 1;
        tbn_trace_row(p, p.pre_traces, step + 1)[i] = tbn_next_trace(tbn_trace_row(p, p.pre_traces, step)[i], spiked, p.decay_plus);
        if (!TBN_ELIGIBILITY)
            tbn_trace_row(p, p.slow_pre_traces, step + 1)[i] = tbn_next_trace(tbn_trace_row(p, p.slow_pre_traces, step)[i], spiked, p.decay_x);
    }
    const u32* target_bits = tbn_bit_row(p.target, step);
    for (u32 j = thread; j < p.target.elements; j += threads)
    {
        const bool spiked = target_bits[j / 32] >> (j % 32) & 1;
        p.post_trace[j] = tbn_next_trace(p.post_trace[j], spiked, p.decay_minus);
        if (!TBN_ELIGIBILITY)
            p.slow_post_traces[(step + 1 & 1) * p.target.elements + j] = tbn_next_trace(p.slow_post_traces[(step & 1) * p.target.elements + j], spiked, p.decay_y);
    }
    if (TBN_ELIGIBILITY)
        for (u32 b = thread; b < TBN_BATCH; b += threads)
            p.reward[b] = p.reward[b] * p.decay_reward;
}

TBN_DEVICE void tbn_consolidate_phase(const tbn_trace_arguments& args, u64 step, tbn_place at, u32*)
{
    const tbn_trace_projection& p = args.projection;
    if ((step + 1) % p.interval != 0)
        return;
    const u64 threads = tbn_threads_of(at);
    for (u64 k = tbn_thread_of(at); k < p.synapses; k += threads)
    {
        const f32 e = p.eligibility[k];
        p.weights[k] = tbn_clamp(tbn_fma(p.baseline + p.reward[k % TBN_BATCH], e, p.weights[k] + p.drift), p.min_weight, p.max_weight);
        p.eligibility[k] = e * p.retention;
    }
}
