// Delivery over full matrices of 16-bit weights; what it does and needs stands in propagate_dense.cu. A phase (tbn/phase.cuh); scratch: TBN_BLOCK words.
#include "synapse/dense.cuh"

TBN_DEVICE tbn_sum tbn_shifted(i32 weight, u32 shift) { return (tbn_sum)((u64)(i64)weight << shift); }

TBN_DEVICE void tbn_deliver_rows(const tbn_dense_projection& p, tbn_sum* slot, const u32* spikes, u32 count, u32 chunk)
{
    const u32 target = (chunk * TBN_BLOCK + threadIdx.x) * 2;
    if (target >= p.targets)
        return;
    const bool second = target + 1 < p.targets;
    const u32* pairs = (const u32*)p.weights + target / 2;
    i32 low_sum = 0, high_sum = 0;
    for (u32 s = 0; s < count; s++)
    {
        const u32 pair = pairs[(u64)(spikes[s] / TBN_BATCH) * (p.stride / 2)];
        const i32 low = (i16)(u16)pair, high = (i16)(u16)(pair >> 16);
        if (TBN_BATCH == 1)
        {
            low_sum += low;
            high_sum += high;
            continue;
        }
        const u32 instance = spikes[s] % TBN_BATCH;
        tbn_deliver(slot + (u64)target * TBN_BATCH + instance, tbn_shifted(low, p.shift));
        if (second)
            tbn_deliver(slot + (u64)(target + 1) * TBN_BATCH + instance, tbn_shifted(high, p.shift));
    }
    if (TBN_BATCH > 1)
        return;
    tbn_deliver(slot + target, tbn_shifted(low_sum, p.shift));
    if (second)
        tbn_deliver(slot + target + 1, tbn_shifted(high_sum, p.shift));
}

TBN_DEVICE void tbn_propagate_dense_phase(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    tbn_dense_items(args, step, at, scratch,
        [step](const tbn_dense_projection& p, const u32* spikes, u32 count, u32 chunk) { tbn_deliver_rows(p, tbn_slot(p, step), spikes, count, chunk); });
}
