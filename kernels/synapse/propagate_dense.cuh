// Delivery over full matrices of 16-bit weights; what it does and needs stands in propagate_dense.cu. A phase (tbn/phase.cuh); scratch: TBN_STARTS words.
#include "synapse/dense.cuh"

static_assert(TBN_TARGETS == 2 * TBN_WARP, "a lane takes two targets");

TBN_DEVICE tbn_sum tbn_shifted(i32 weight, u32 shift) { return (tbn_sum)((u64)(i64)weight << shift); }

TBN_DEVICE void tbn_deliver_rows(const tbn_dense_projection& p, tbn_sum* slot, u32 held, u32 count, u32 chunk)
{
    const u32 target = chunk * TBN_TARGETS + 2 * tbn_lane(), shift = p.shift, pairs_per_row = p.stride / 2;
    const bool first = target < p.targets, second = target + 1 < p.targets;
    // Rows are padded to whole chunks, so that the lanes beyond the last target may load too.
    const u32* pairs = (const u32*)p.weights + target / 2;
    tbn_sum* const sums = slot + (u64)target * TBN_BATCH;
    i32 low_sum = 0, high_sum = 0;
    tbn_each_spike<u32>(held, count,
        [=](u32 spike) { return pairs[(u64)(spike / TBN_BATCH) * pairs_per_row]; },
        [=, &low_sum, &high_sum](u32 spike, u32 pair)
        {
            const i32 low = (i16)(u16)pair, high = (i16)(u16)(pair >> 16);
            const u32 instance = spike % TBN_BATCH;
            low_sum += low;
            high_sum += high;
            if (TBN_BATCH > 1 && first)
                tbn_deliver(sums + instance, tbn_shifted(low, shift));
            if (TBN_BATCH > 1 && second)
                tbn_deliver(sums + TBN_BATCH + instance, tbn_shifted(high, shift));
        });
    if (TBN_BATCH == 1 && first)
        tbn_deliver(sums, tbn_shifted(low_sum, shift));
    if (TBN_BATCH == 1 && second)
        tbn_deliver(sums + 1, tbn_shifted(high_sum, shift));
}

TBN_DEVICE void tbn_propagate_dense_phase(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    tbn_dense_items(args, step, at, scratch,
        [step](const tbn_dense_projection& p, u32 held, u32 count, u32 chunk) { tbn_deliver_rows(p, tbn_slot(p, step), held, count, chunk); });
}
