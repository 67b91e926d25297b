// Pair-based plasticity; what it does and needs stands in pair_stdp.cu. Two phases (tbn/phase.cuh); scratch of the arrival: TBN_STARTS words.
#include "plasticity/arrivals.cuh"

// Synapses that a lane has in flight at a time: the loads take longer than all else. With a batch, addresses take the registers.
#define TBN_PLASTIC_FLIGHT (TBN_BATCH == 1 ? 2 : 1)

// A weight that a spike arrives over, where the target's trace is y.
TBN_DEVICE f32 tbn_depressed(const tbn_stdp_projection& p, f32 w, f32 y)
{
    const f32 a = TBN_POWER_LAW ? p.a_minus * w : TBN_MULTIPLICATIVE ? p.a_minus * (w - p.min_weight) : p.a_minus;
    return tbn_clamp(tbn_fma(-a, y, w), p.min_weight, p.max_weight);
}

// A weight whose target spikes, where the source's trace is x.
TBN_DEVICE f32 tbn_potentiated(const tbn_stdp_projection& p, f32 w, f32 x)
{
    const f32 a = TBN_POWER_LAW ? p.a_plus * tbn_pow(w, p.exponent) : TBN_MULTIPLICATIVE ? p.a_plus * (p.max_weight - w) : p.a_plus;
    return tbn_clamp(tbn_fma(a, x, w), p.min_weight, p.max_weight);
}

// Synapses [begin, end) of one source with one delay: a spike arrives, is weakened by the postsynaptic trace, and is delivered.
TBN_DEVICE void tbn_arrive_run(const tbn_stdp_projection& p, u64 step, u32 spike, u64 begin, u64 end)
{
    typedef tbn_sum_of<TBN_WIDE>::type Sum;
    const u32 instance = spike % TBN_BATCH;
    Sum* slot = (Sum*)p.ring.sums + (u64)((u32)step & p.ring.mask) * p.ring.elements;
    for (u64 first = begin + tbn_lane(); first < end; first += TBN_PLASTIC_FLIGHT * TBN_WARP)
    {
        u64 target[TBN_PLASTIC_FLIGHT];
        f32 w[TBN_PLASTIC_FLIGHT], trace[TBN_PLASTIC_FLIGHT];
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
        {
            const u64 k = first + j * TBN_WARP < end ? first + j * TBN_WARP : first;
            target[j] = (u64)p.targets[k] * TBN_BATCH + instance;
            w[j] = p.weights[k * TBN_BATCH + instance];
        }
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
            trace[j] = p.post_trace[target[j]];
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
        {
            if (first + j * TBN_WARP >= end)
                break;
            const f32 depressed = tbn_depressed(p, w[j], trace[j]);
            p.weights[(first + j * TBN_WARP) * TBN_BATCH + instance] = depressed;
            tbn_deliver(slot + target[j], (Sum)tbn_to_fixed(p.arrivals_first ? w[j] : depressed, p.scale));
        }
    }
}

TBN_DEVICE void tbn_arrive_stdp_phase(const tbn_stdp_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const tbn_stdp_projection& p = args.projection;
    tbn_arrivals(p, step, at, starts, [&](u32 spike, u32, u64 begin, u64 end) { tbn_arrive_run(p, step, spike, begin, end); });
}

// The synapses onto one target: it spiked, so each is strengthened by its source's trace as it was one delay ago.
TBN_DEVICE void tbn_potentiate_column(const tbn_stdp_projection& p, u64 step, u32 spike, u32 chunk)
{
    const u32 target = spike / TBN_BATCH, instance = spike % TBN_BATCH;
    const u64 column_end = p.column_starts[target + 1], begin = p.column_starts[target] + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < column_end ? begin + p.chunk_length : column_end;
    for (u64 first = begin + tbn_lane(); first < end; first += TBN_PLASTIC_FLIGHT * TBN_WARP)
    {
        u64 synapse[TBN_PLASTIC_FLIGHT];
        f32 w[TBN_PLASTIC_FLIGHT], x[TBN_PLASTIC_FLIGHT];
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
        {
            const u64 k = first + j * TBN_WARP < end ? first + j * TBN_WARP : first;
            synapse[j] = (u64)p.column_synapses[k] * TBN_BATCH + instance;
            x[j] = p.trace_history[(u64)(((u32)step - p.column_delays[k]) & p.trace_mask) * p.source.elements + p.column_sources[k] * TBN_BATCH + instance];
        }
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
            w[j] = p.weights[synapse[j]];
#pragma unroll
        for (u32 j = 0; j < TBN_PLASTIC_FLIGHT; j++)
            if (first + j * TBN_WARP < end)
                p.weights[synapse[j]] = tbn_potentiated(p, w[j], x[j]);
    }
}

TBN_DEVICE void tbn_potentiate_columns(const tbn_stdp_projection& p, u64 step, tbn_place at)
{
    const u32 items = tbn_list_count(p.target, step) * p.column_chunks;
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
        tbn_potentiate_column(p, step, tbn_list(p.target, step)[item / p.column_chunks], item % p.column_chunks);
}

// Traces of the step, and the row of the presynaptic ones that delays will look back at.
TBN_DEVICE void tbn_advance_traces(const tbn_stdp_projection& p, u64 step, tbn_place at)
{
    const u32 thread = tbn_thread_of(at), threads = tbn_threads_of(at);
    const u32* source_bits = tbn_bit_row(p.source, step);
    f32* history = p.trace_history + (u64)((u32)step & p.trace_mask) * p.source.elements;
    for (u32 i = thread; i < p.source.elements; i += threads)
    {
        const f32 x = p.pre_trace[i] * p.decay_plus, after = source_bits[i / 32] >> (i % 32) & 1 ? x + 1.0f : x;
        history[i] = p.arrivals_first ? after : x;
        p.pre_trace[i] = after;
    }
    const u32* target_bits = tbn_bit_row(p.target, step);
    for (u32 j = thread; j < p.target.elements; j += threads)
    {
        const f32 y = p.post_trace[j];
        p.post_trace[j] = (target_bits[j / 32] >> (j % 32) & 1 ? y + 1.0f : y) * p.decay_minus;
    }
}

TBN_DEVICE void tbn_learn_stdp_phase(const tbn_stdp_arguments& args, u64 step, tbn_place at, u32*)
{
    tbn_potentiate_columns(args.projection, step, at);
    tbn_advance_traces(args.projection, step, at);
}
