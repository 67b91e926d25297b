// Arrival over plastic full matrices; what it does and needs stands in arrive_dense.cu. A phase (tbn/phase.cuh); scratch: TBN_STARTS words.
#include "synapse/dense.cuh"

static_assert(TBN_TARGETS == TBN_WARP, "a lane takes one target");

TBN_DEVICE void tbn_arrive_rows(const tbn_dense_projection& p, tbn_sum* slot, u32 held, u32 count, u32 chunk)
{
    const u32 target = chunk * TBN_TARGETS + tbn_lane(), stride = p.stride;
    const bool mine = target < p.targets;
    const f32 scale = p.scale;
    const f32* weights = (const f32*)p.weights + (u64)target * TBN_BATCH;
    tbn_sum* const sums = slot + (u64)target * TBN_BATCH;
    tbn_sum sum = 0;
    // Lanes beyond the last target hand round spikes, and load nothing.
    tbn_each_spike<f32>(held, count,
        [=](u32 spike) { return mine ? weights[(u64)(spike / TBN_BATCH) * stride + spike % TBN_BATCH] : 0.0f; },
        [=, &sum](u32 spike, f32 weight)
        {
            const tbn_sum fixed = tbn_to_fixed(weight, scale);
            sum += fixed;
            if (TBN_BATCH > 1 && mine)
                tbn_deliver(sums + spike % TBN_BATCH, fixed);
        });
    if (TBN_BATCH == 1 && mine)
        tbn_deliver(sums, sum);
}

TBN_DEVICE void tbn_arrive_dense_phase(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    tbn_dense_items(args, step, at, scratch,
        [step](const tbn_dense_projection& p, u32 held, u32 count, u32 chunk) { tbn_arrive_rows(p, tbn_slot(p, step), held, count, chunk); });
}
