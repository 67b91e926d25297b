// The tables of a network's phases in the shared memory of each block, where one kernel runs many steps. In global memory all multiprocessors ask for the same few lines at
// the same time, step after step, since every barrier of the grid empties their caches; the one slice of the cache that has a line answers them one by one.
#pragma once
#include "tbn/arguments.cuh"

// All tables in one piece. Where one points into another stands the distance from the beginning.
struct tbn_tables
{
    const u64* words;
    u64 word_count;
};

// The shared memory that the launch adds.
TBN_DEVICE u64* tbn_table_memory()
{
    extern __shared__ u64 tbn_shared_tables[];
    return tbn_shared_tables;
}

// A table at a distance. The compiler sees that it is in shared memory: a load through an address that it knows nothing of waits for those of global memory before it.
template <class T> TBN_DEVICE const T* tbn_table(const T* distance) { return (const T*)((const u8*)tbn_table_memory() + (u64)distance); }

// Copies the tables. All threads of the block take part.
TBN_DEVICE void tbn_take_tables(const tbn_tables& from)
{
    for (u32 k = threadIdx.x; k < (u32)from.word_count; k += TBN_BLOCK)
        tbn_table_memory()[k] = from.words[k];
    tbn_block_sync();
}

// Arguments whose pointers to tables are distances, made whole. Those without tables are taken as they are.
template <class Arguments> TBN_DEVICE const Arguments& tbn_with_tables(const Arguments& args) { return args; }

TBN_DEVICE tbn_update_arguments tbn_with_tables(const tbn_update_arguments& args)
{
    return {args.time, tbn_table(args.populations), tbn_table(args.block_owner), args.seed, args.blocks, args.unused};
}

TBN_DEVICE tbn_compact_arguments tbn_with_tables(const tbn_compact_arguments& args)
{
    return {args.time, tbn_table(args.populations), tbn_table(args.block_owner), tbn_table(args.block_first), args.blocks, args.unused};
}

TBN_DEVICE tbn_sample_arguments tbn_with_tables(const tbn_sample_arguments& args)
{
    return {args.time, tbn_table(args.samplings), tbn_table(args.block_owner), args.blocks, args.unused};
}

TBN_DEVICE tbn_select_arguments tbn_with_tables(const tbn_select_arguments& args) { return {args.time, tbn_table(args.populations), args.population_count}; }
TBN_DEVICE tbn_sparse_arguments tbn_with_tables(const tbn_sparse_arguments& args) { return {args.time, tbn_table(args.projections), args.projection_count}; }
TBN_DEVICE tbn_dense_arguments tbn_with_tables(const tbn_dense_arguments& args) { return {args.time, tbn_table(args.projections), args.projection_count}; }
TBN_DEVICE tbn_stencil_arguments tbn_with_tables(const tbn_stencil_arguments& args) { return {args.time, tbn_table(args.projections), args.projection_count}; }
TBN_DEVICE tbn_procedural_arguments tbn_with_tables(const tbn_procedural_arguments& args) { return {args.time, tbn_table(args.projections), args.projection_count}; }
