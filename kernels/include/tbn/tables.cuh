// The tables of a network's phases in the shared memory of each block, where one kernel runs many steps. In global memory all multiprocessors ask for the same few lines at
// the same time, step after step, since every barrier of the grid empties their caches; the one slice of the cache that has a line answers them one by one.
#pragma once
#include "tbn/arguments.cuh"

// All tables in one piece. Where one points into another, the word holds the distance from the beginning; links says where such words are.
struct tbn_tables
{
    const u64* words;
    const u32* links;
    u32 word_count;
    u32 link_count;
};

// Copies the tables and makes addresses of the distances. All threads of the block take part.
TBN_DEVICE void tbn_take_tables(const tbn_tables& from, u64* tables)
{
    for (u32 k = threadIdx.x; k < from.word_count; k += TBN_BLOCK)
        tables[k] = from.words[k];
    tbn_block_sync();
    for (u32 k = threadIdx.x; k < from.link_count; k += TBN_BLOCK)
        tables[from.links[k]] += (u64)tables;
    tbn_block_sync();
}

template <class T> TBN_DEVICE const T* tbn_table(const u64* tables, const T* distance) { return (const T*)((const u8*)tables + (u64)distance); }

// Arguments whose pointers to tables are distances, made whole. Those without tables are taken as they are.
template <class Arguments> TBN_DEVICE const Arguments& tbn_with_tables(const Arguments& args, const u64*) { return args; }

TBN_DEVICE tbn_update_arguments tbn_with_tables(const tbn_update_arguments& args, const u64* tables)
{
    return {args.time, tbn_table(tables, args.populations), tbn_table(tables, args.block_owner), args.seed, args.blocks, args.unused};
}

TBN_DEVICE tbn_compact_arguments tbn_with_tables(const tbn_compact_arguments& args, const u64* tables)
{
    return {args.time, tbn_table(tables, args.populations), tbn_table(tables, args.block_owner), tbn_table(tables, args.block_first), args.blocks, args.unused};
}

TBN_DEVICE tbn_sample_arguments tbn_with_tables(const tbn_sample_arguments& args, const u64* tables)
{
    return {args.time, tbn_table(tables, args.samplings), tbn_table(tables, args.block_owner), args.blocks, args.unused};
}

TBN_DEVICE tbn_select_arguments tbn_with_tables(const tbn_select_arguments& args, const u64* tables) { return {args.time, tbn_table(tables, args.populations), args.population_count}; }
TBN_DEVICE tbn_sparse_arguments tbn_with_tables(const tbn_sparse_arguments& args, const u64* tables) { return {args.time, tbn_table(tables, args.projections), args.projection_count}; }
TBN_DEVICE tbn_dense_arguments tbn_with_tables(const tbn_dense_arguments& args, const u64* tables) { return {args.time, tbn_table(tables, args.projections), args.projection_count}; }
TBN_DEVICE tbn_stencil_arguments tbn_with_tables(const tbn_stencil_arguments& args, const u64* tables) { return {args.time, tbn_table(tables, args.projections), args.projection_count}; }
TBN_DEVICE tbn_procedural_arguments tbn_with_tables(const tbn_procedural_arguments& args, const u64* tables) { return {args.time, tbn_table(tables, args.projections), args.projection_count}; }
