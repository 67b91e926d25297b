// Arrival over plastic full matrices; what it does and needs stands in arrive_dense.cu. A phase (tbn/phase.cuh); scratch: TBN_BLOCK words.
#include "synapse/dense.cuh"

TBN_DEVICE void tbn_arrive_rows(const tbn_dense_projection& p, tbn_sum* slot, const u32* spikes, u32 count, u32 chunk)
{
    const u32 target = chunk * TBN_BLOCK + threadIdx.x;
    if (target >= p.targets)
        return;
    const f32* weights = (const f32*)p.weights + (u64)target * TBN_BATCH;
    tbn_sum sum = 0;
    for (u32 s = 0; s < count; s++)
    {
        const u32 source = spikes[s] / TBN_BATCH, instance = spikes[s] % TBN_BATCH;
        const tbn_sum fixed = tbn_to_fixed(weights[(u64)source * p.stride + instance], p.scale);
        if (TBN_BATCH == 1)
            sum += fixed;
        else
            tbn_deliver(slot + (u64)target * TBN_BATCH + instance, fixed);
    }
    if (TBN_BATCH == 1)
        tbn_deliver(slot + target, sum);
}

TBN_DEVICE void tbn_arrive_dense_phase(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* scratch)
{
    tbn_dense_items(args, step, at, scratch,
        [step](const tbn_dense_projection& p, const u32* spikes, u32 count, u32 chunk) { tbn_arrive_rows(p, tbn_slot(p, step), spikes, count, chunk); });
}
