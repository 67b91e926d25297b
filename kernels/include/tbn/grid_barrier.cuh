// A barrier of all blocks of a grid: what any block wrote before it, every block sees after it. The launch must be cooperative, so that all blocks run at once; every
// thread of every block must call it. The emulator has a barrier of its own, as its check for races knows no other.
#pragma once
#include "tbn/platform.cuh"

// Zero before the first launch; a launch leaves it ready for the next.
struct tbn_grid_barrier
{
    u32 arrived;
    u32 generation;
};

#ifdef TBN_EMULATOR
TBN_DEVICE void tbn_grid_sync(tbn_grid_barrier*, u32) { emu_grid_sync(); }
#else
// The generation is read before the block arrives, so it cannot move on unseen; the last block to arrive moves it.
TBN_DEVICE void tbn_grid_sync(tbn_grid_barrier* barrier, u32 blocks)
{
    tbn_block_sync();
    if (threadIdx.x == 0)
    {
        volatile u32* generation = &barrier->generation;
        const u32 before = *generation;
        __threadfence();
        if (atomicAdd(&barrier->arrived, 1u) == blocks - 1)
        {
            *(volatile u32*)&barrier->arrived = 0;
            __threadfence();
            *generation = before + 1;
        }
        else
            while (*generation == before)
                __nanosleep(20);
        __threadfence();
    }
    tbn_block_sync();
}
#endif
