// The vocabulary of all kernels, and the only file that knows which compiler reads it: NVRTC, clang's device pass (which brings a prelude of its own) or the
// emulator's C++ compiler. Nothing else is included anywhere but files of this folder tree.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long long u64;
typedef long long i64;
typedef float f32;

static_assert(sizeof(u32) == 4 && sizeof(u64) == 8 && sizeof(f32) == 4, "sizes");

#define TBN_DEVICE static __device__ __forceinline__

// A kernel takes one structure by value; `block` is its number of threads.
#define TBN_KERNEL(name, block, Arguments) extern "C" __global__ void __launch_bounds__(block) name(const Arguments args)

#define TBN_WARP 32u
#define TBN_ALL_LANES 0xFFFFFFFFu

TBN_DEVICE u32 tbn_lane() { return threadIdx.x & (TBN_WARP - 1); }
TBN_DEVICE u32 tbn_warp() { return threadIdx.x / TBN_WARP; }
TBN_DEVICE void tbn_block_sync() { __syncthreads(); }
TBN_DEVICE void tbn_warp_sync() { __syncwarp(); }
TBN_DEVICE u32 tbn_ballot(bool predicate) { return __ballot_sync(TBN_ALL_LANES, predicate); }

TBN_DEVICE f32 tbn_float(u32 bits) { return __uint_as_float(bits); }
TBN_DEVICE u32 tbn_bits(f32 value) { return __float_as_uint(value); }
TBN_DEVICE f32 tbn_fma(f32 a, f32 b, f32 c) { return __fmaf_rn(a, b, c); }
TBN_DEVICE f32 tbn_divide(f32 a, f32 b) { return __fdiv_rn(a, b); }

// Adds to a word of global memory, and does not ask for it. Said in PTX, as the compiler cannot know what memory an address out of a table is of, and would wait for the word.
#ifdef TBN_EMULATOR
TBN_DEVICE void tbn_add(u32* sum, u32 value) { atomicAdd(sum, value); }
TBN_DEVICE void tbn_add(u64* sum, u64 value) { atomicAdd(sum, value); }
#else
TBN_DEVICE void tbn_add(u32* sum, u32 value) { asm volatile("red.relaxed.gpu.global.add.u32 [%0], %1;" ::"l"(sum), "r"(value) : "memory"); }
TBN_DEVICE void tbn_add(u64* sum, u64 value) { asm volatile("red.relaxed.gpu.global.add.u64 [%0], %1;" ::"l"(sum), "l"(value) : "memory"); }
#endif

TBN_DEVICE u32 tbn_min_u32(u32 a, u32 b) { return a < b ? a : b; }
