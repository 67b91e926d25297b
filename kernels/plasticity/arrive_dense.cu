// tbn_arrive_dense - arrival of delayed spikes over plastic full matrices of float weights (winner-take-all).
// Grid     : any; the blocks of the grid share the items (projection, group of 16 spikes, chunk of TBN_BLOCK targets)
// Reads    : spike lists of step - delay, weights
// Writes   : input slot of this step, by integer atomics, one per target and group
// Order    : none; each weight is rounded to fixed point on its own
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 64, 128, 256
// Constants: TBN_BATCH, TBN_WIDE
// Reference: ReferenceWinnerTakeAll.Arrive
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

TBN_KERNEL(tbn_arrive_dense, TBN_BLOCK, tbn_dense_arguments)
{
    __shared__ u32 starts[TBN_BLOCK];
    const u64 step = tbn_step(args.time);
    tbn_dense_items(args, step, starts, [step](const tbn_dense_projection& p, const u32* spikes, u32 count, u32 chunk) { tbn_arrive_rows(p, tbn_slot(p, step), spikes, count, chunk); });
}
