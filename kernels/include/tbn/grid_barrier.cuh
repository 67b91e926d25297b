// A barrier of all blocks of a grid: what any block wrote before it, every block sees after it. The launch must be cooperative, so that all blocks run at once; every
// thread of every block must call it. The emulator has a barrier of its own, as its check for races knows no other.
#pragma once
#include "tbn/platform.cuh"

// Zero before the first launch; always launched with the same number of blocks.
struct tbn_grid_barrier
{
    u64 arrived;    // blocks, at all barriers so far; 64 bits never wrap
};

#ifdef TBN_EMULATOR
TBN_DEVICE u64 tbn_grid_begin(const tbn_grid_barrier*, u32) { return 0; }
TBN_DEVICE void tbn_grid_sync(tbn_grid_barrier*, u32, u64&) { emu_grid_sync(); }
#else
// What all blocks together had arrived at when the launch began. Some may be at the first barrier of this launch by now, but not all, as this one is not.
TBN_DEVICE u64 tbn_grid_begin(const tbn_grid_barrier* barrier, u32 blocks)
{
    const u64 arrived = *(const volatile u64*)&barrier->arrived;
    return arrived - arrived % blocks;
}

// Blocks only add themselves and watch the one count, so the last to arrive lets the others go with no word of its own. passed: from tbn_grid_begin, then handed on.
TBN_DEVICE void tbn_grid_sync(tbn_grid_barrier* barrier, u32 blocks, u64& passed)
{
    passed += blocks;
    tbn_block_sync();
    if (threadIdx.x == 0)
    {
        __threadfence();
        atomicAdd(&barrier->arrived, (u64)1);
        while (*(const volatile u64*)&barrier->arrived < passed)
            ;
        __threadfence();
    }
    tbn_block_sync();
}
#endif
