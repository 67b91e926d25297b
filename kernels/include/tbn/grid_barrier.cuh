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
// Order is asked of the two accesses themselves, for which CUDA C has no words: a fence before and one after take 0.3 us more (H100).
TBN_DEVICE void tbn_arrive(u64* arrived) { asm volatile("red.release.gpu.global.add.u64 [%0], 1;" ::"l"(arrived) : "memory"); }

TBN_DEVICE u64 tbn_arrived(const u64* arrived)
{
    u64 count;
    asm volatile("ld.acquire.gpu.global.u64 %0, [%1];" : "=l"(count) : "l"(arrived) : "memory");
    return count;
}

// What all blocks together had arrived at when the launch began. Some may be at the first barrier of this launch by now, but not all, as this one is not.
TBN_DEVICE u64 tbn_grid_begin(const tbn_grid_barrier* barrier, u32 blocks)
{
    const u64 arrived = tbn_arrived(&barrier->arrived);
    return arrived - arrived % blocks;
}

// Blocks only add themselves and watch the one count, so the last to arrive lets the others go with no word of its own. passed: from tbn_grid_begin, then handed on.
TBN_DEVICE void tbn_grid_sync(tbn_grid_barrier* barrier, u32 blocks, u64& passed)
{
    passed += blocks;
    tbn_block_sync();
    if (threadIdx.x == 0)
    {
        tbn_arrive(&barrier->arrived);
        while (tbn_arrived(&barrier->arrived) < passed)
            ;
    }
    tbn_block_sync();
}
#endif
