// tbn_bench_grid_barriers - barriers of the whole grid, one after the other, with nothing between them: how many a second.
// Grid     : cooperative; at most as many blocks as run at once
// Reads    : slots, where the exchange is checked
// Writes   : the barrier; slots and faults, where the exchange is checked
// Order    : with the check, each block leaves the number of the round for its neighbour, who must find it after the barrier; two slots in turn, so that none is
//            written while it is read
// Syncs    : `rounds` grid barriers
// Tunables : TBN_BLOCK
#include "tbn/grid_barrier.cuh"

struct tbn_bench_barriers_arguments
{
    tbn_grid_barrier* barrier;
    u32* slots;     // two per block, or null for no check
    u32* faults;
    u32 rounds;
    u32 unused;
};

TBN_KERNEL(tbn_bench_grid_barriers, TBN_BLOCK, tbn_bench_barriers_arguments)
{
    const bool checks = args.slots != nullptr && threadIdx.x == 0;
    u64 passed = tbn_grid_begin(args.barrier, gridDim.x);
    for (u32 round = 1; round <= args.rounds; round++)
    {
        u32* slots = args.slots + (round & 1) * gridDim.x;
        if (checks)
            slots[blockIdx.x] = round;
        tbn_grid_sync(args.barrier, gridDim.x, passed);
        if (checks && slots[(blockIdx.x + 1) % gridDim.x] != round)
            atomicAdd(args.faults, 1u);
    }
}
