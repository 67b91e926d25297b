// Sharing work among all warps of a grid. Work comes in parts (a projection, a delay); part k has counts[k] x chunks[k] equal items. Every block works out the
// same prefix sums in shared memory and takes its items by number, so nothing is handed out at run time and no order depends on chance.
#pragma once
#include "tbn/platform.cuh"

// Inclusive sum over the lanes of a warp.
TBN_DEVICE u32 tbn_warp_sum(u32 value)
{
#pragma unroll
    for (u32 d = 1; d < TBN_WARP; d *= 2)
    {
        const u32 below = __shfl_up_sync(TBN_ALL_LANES, value, d);
        if (tbn_lane() >= d)
            value += below;
    }
    return value;
}

// Exclusive sum over the TBN_BLOCK threads of a block; every thread gets the total too. All threads must take part.
TBN_DEVICE u32 tbn_block_sum(u32 value, u32* total)
{
    __shared__ u32 sums[TBN_BLOCK / TBN_WARP];
    const u32 inclusive = tbn_warp_sum(value);
    if (tbn_lane() == TBN_WARP - 1)
        sums[tbn_warp()] = inclusive;
    tbn_block_sync();
    u32 before = 0, all = 0;
#pragma unroll
    for (u32 w = 0; w < TBN_BLOCK / TBN_WARP; w++)
    {
        before += w < tbn_warp() ? sums[w] : 0;
        all += sums[w];
    }
    tbn_block_sync();
    *total = all;
    return before + inclusive - value;
}

// The last part whose start is not above the item. starts[0] is 0; parts is at least 1.
TBN_DEVICE u32 tbn_part_of(const u32* starts, u32 parts, u32 item)
{
    u32 low = 0;
    for (u32 high = parts; high - low > 1;)
    {
        const u32 middle = (low + high) / 2;
        if (starts[middle] <= item)
            low = middle;
        else
            high = middle;
    }
    return low;
}
