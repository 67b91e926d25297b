// A phase is the work of a kernel without the launch: a function of (arguments, number of the step, place, scratch), so that it can be a kernel of its own or one of the
// phases of a kernel that runs many steps. Rules for a file that holds one (neuron/, spikes/, synapse/, plasticity/, step/):
//   - It depends on constants (TBN_...), so it is included once per specialisation, within a namespace where there are several: no #pragma once, and it includes nothing
//     but files of the same kind. Whoever includes it includes tbn/step.cuh first.
//   - It reads no blockIdx and no gridDim: any number of blocks gives the same result.
//   - Barriers stand where all threads of the block come by. There is none at its end: whoever calls it keeps phases apart.
#pragma once
#include "tbn/platform.cuh"

// Which block this is of how many.
struct tbn_place
{
    u32 block;
    u32 blocks;
};

TBN_DEVICE tbn_place tbn_here() { return {blockIdx.x, gridDim.x}; }

TBN_DEVICE u32 tbn_thread_of(tbn_place at) { return at.block * TBN_BLOCK + threadIdx.x; }
TBN_DEVICE u32 tbn_threads_of(tbn_place at) { return at.blocks * TBN_BLOCK; }
// Warps are counted across the blocks, so that little work is spread over all multiprocessors: each sends only so many atomics at a time.
TBN_DEVICE u32 tbn_warp_of(tbn_place at) { return tbn_warp() * at.blocks + at.block; }
TBN_DEVICE u32 tbn_warps_of(tbn_place at) { return tbn_threads_of(at) / TBN_WARP; }

// The bounds of a kernel that needs many registers, in place of TBN_BLOCK: for 1,024 threads of a multiprocessor, 64 each. Left to itself, the compiler for sm_80 and sm_90
// takes fewer and spills some.
#define TBN_RESIDENT (1024 / TBN_BLOCK < 16 ? 1024 / TBN_BLOCK : 16)
#define TBN_BOUNDS TBN_BLOCK, TBN_RESIDENT
