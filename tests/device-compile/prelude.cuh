// The vocabulary that NVRTC knows by itself, for clang's device pass: with it, kernels compile to PTX without any file of a CUDA toolkit.
// One line per name, over a builtin of clang. Nothing here is part of the product. __syncthreads() is a builtin already.
#pragma once

#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(n) __attribute__((aligned(n)))

#define TBN_PRELUDE static __device__ __forceinline__

typedef __SIZE_TYPE__ size_t;
typedef unsigned int tbn_prelude_u32;
typedef unsigned long long tbn_prelude_u64;

struct uint3 { unsigned int x, y, z; };
struct dim3
{
    unsigned int x, y, z;
    __host__ __device__ dim3(unsigned int a = 1, unsigned int b = 1, unsigned int c = 1) : x(a), y(b), z(c) {}
};
struct __align__(8) float2 { float x, y; };
struct __align__(16) float4 { float x, y, z, w; };
struct __align__(8) int2 { int x, y; };
struct __align__(16) int4 { int x, y, z, w; };
struct __align__(8) uint2 { unsigned int x, y; };
struct __align__(16) uint4 { unsigned int x, y, z, w; };

// Reading a field asks the register; nothing is stored, and nothing can be written.
#define TBN_PRELUDE_INDEX(name, field) \
    TBN_PRELUDE unsigned int get_##field() { return __nvvm_read_ptx_sreg_##name##_##field(); } \
    __declspec(property(get = get_##field)) unsigned int field;
#define TBN_PRELUDE_INDICES(variable, name) \
    struct tbn_prelude_##name { TBN_PRELUDE_INDEX(name, x) TBN_PRELUDE_INDEX(name, y) TBN_PRELUDE_INDEX(name, z) }; \
    extern const __device__ __attribute__((weak)) tbn_prelude_##name variable;
TBN_PRELUDE_INDICES(threadIdx, tid)
TBN_PRELUDE_INDICES(blockIdx, ctaid)
TBN_PRELUDE_INDICES(blockDim, ntid)
TBN_PRELUDE_INDICES(gridDim, nctaid)

// Warps. A mask is always given.
#define TBN_PRELUDE_WIDTH (32 - width) << 8
TBN_PRELUDE void __syncwarp(unsigned int mask = 0xFFFFFFFFu) { __nvvm_bar_warp_sync(mask); }
TBN_PRELUDE unsigned int __activemask() { return __nvvm_activemask(); }
TBN_PRELUDE unsigned int __ballot_sync(unsigned int mask, int predicate) { return __nvvm_vote_ballot_sync(mask, predicate); }
TBN_PRELUDE int __any_sync(unsigned int mask, int predicate) { return __nvvm_vote_any_sync(mask, predicate); }
TBN_PRELUDE int __all_sync(unsigned int mask, int predicate) { return __nvvm_vote_all_sync(mask, predicate); }
#define TBN_PRELUDE_SHUFFLE(name, builtin, clamp, Second) \
    TBN_PRELUDE int name(unsigned int mask, int value, Second other, int width = 32) { return __nvvm_shfl_sync_##builtin##_i32(mask, value, (int)other, (TBN_PRELUDE_WIDTH) | clamp); } \
    TBN_PRELUDE unsigned int name(unsigned int mask, unsigned int value, Second other, int width = 32) { return (unsigned int)name(mask, (int)value, other, width); } \
    TBN_PRELUDE float name(unsigned int mask, float value, Second other, int width = 32) { return __nvvm_shfl_sync_##builtin##_f32(mask, value, (int)other, (TBN_PRELUDE_WIDTH) | clamp); }
TBN_PRELUDE_SHUFFLE(__shfl_sync, idx, 31, int)
TBN_PRELUDE_SHUFFLE(__shfl_up_sync, up, 0, unsigned int)
TBN_PRELUDE_SHUFFLE(__shfl_down_sync, down, 31, unsigned int)
TBN_PRELUDE_SHUFFLE(__shfl_xor_sync, bfly, 31, int)

// Memory.
TBN_PRELUDE void __threadfence_block() { __nvvm_membar_cta(); }
TBN_PRELUDE void __threadfence() { __nvvm_membar_gl(); }
TBN_PRELUDE void __threadfence_system() { __nvvm_membar_sys(); }
TBN_PRELUDE void __nanosleep(unsigned int ns) { __nvvm_nanosleep(ns); }
template <class T> TBN_PRELUDE T __ldg(const T* from) { return *from; }

// Atomics on integers only, as in CUDA relaxed and for the whole device.
#define TBN_PRELUDE_ATOMIC(name, builtin, T) TBN_PRELUDE T name(T* at, T value) { return __nvvm_atom_##builtin((T*)at, value); }
#define TBN_PRELUDE_ATOMIC_AS(name, builtin, T, As) TBN_PRELUDE T name(T* at, T value) { return (T)__nvvm_atom_##builtin((As*)at, (As)value); }
TBN_PRELUDE_ATOMIC(atomicAdd, add_gen_i, int)
TBN_PRELUDE_ATOMIC_AS(atomicAdd, add_gen_i, unsigned int, int)
TBN_PRELUDE_ATOMIC_AS(atomicAdd, add_gen_ll, tbn_prelude_u64, long long)
TBN_PRELUDE_ATOMIC(atomicExch, xchg_gen_i, int)
TBN_PRELUDE_ATOMIC_AS(atomicExch, xchg_gen_i, unsigned int, int)
TBN_PRELUDE_ATOMIC_AS(atomicExch, xchg_gen_ll, tbn_prelude_u64, long long)
TBN_PRELUDE_ATOMIC(atomicMin, min_gen_i, int)
TBN_PRELUDE_ATOMIC(atomicMin, min_gen_ui, unsigned int)
TBN_PRELUDE_ATOMIC(atomicMin, min_gen_ull, tbn_prelude_u64)
TBN_PRELUDE_ATOMIC(atomicMax, max_gen_i, int)
TBN_PRELUDE_ATOMIC(atomicMax, max_gen_ui, unsigned int)
TBN_PRELUDE_ATOMIC(atomicMax, max_gen_ull, tbn_prelude_u64)
TBN_PRELUDE_ATOMIC(atomicAnd, and_gen_i, int)
TBN_PRELUDE_ATOMIC_AS(atomicAnd, and_gen_i, unsigned int, int)
TBN_PRELUDE_ATOMIC(atomicOr, or_gen_i, int)
TBN_PRELUDE_ATOMIC_AS(atomicOr, or_gen_i, unsigned int, int)
TBN_PRELUDE_ATOMIC_AS(atomicOr, or_gen_ll, tbn_prelude_u64, long long)
TBN_PRELUDE_ATOMIC(atomicXor, xor_gen_i, int)
TBN_PRELUDE_ATOMIC_AS(atomicXor, xor_gen_i, unsigned int, int)
TBN_PRELUDE unsigned int atomicCAS(unsigned int* at, unsigned int compare, unsigned int value) { return (unsigned int)__nvvm_atom_cas_gen_i((int*)at, (int)compare, (int)value); }
TBN_PRELUDE tbn_prelude_u64 atomicCAS(tbn_prelude_u64* at, tbn_prelude_u64 compare, tbn_prelude_u64 value) { return (tbn_prelude_u64)__nvvm_atom_cas_gen_ll((long long*)at, (long long)compare, (long long)value); }

// Integers and bits.
TBN_PRELUDE int __popc(unsigned int x) { return __builtin_popcount(x); }
TBN_PRELUDE int __popcll(tbn_prelude_u64 x) { return __builtin_popcountll(x); }
TBN_PRELUDE int __ffs(int x) { return __builtin_ffs(x); }
TBN_PRELUDE int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned int)x); }
TBN_PRELUDE unsigned int __brev(unsigned int x) { return __builtin_bitreverse32(x); }
TBN_PRELUDE unsigned int __umulhi(unsigned int a, unsigned int b) { return (unsigned int)((tbn_prelude_u64)a * b >> 32); }
TBN_PRELUDE unsigned int __byte_perm(unsigned int a, unsigned int b, unsigned int s) { return __nvvm_prmt(a, b, s); }
TBN_PRELUDE int min(int a, int b) { return a < b ? a : b; }
TBN_PRELUDE int max(int a, int b) { return a > b ? a : b; }
TBN_PRELUDE unsigned int min(unsigned int a, unsigned int b) { return a < b ? a : b; }
TBN_PRELUDE unsigned int max(unsigned int a, unsigned int b) { return a > b ? a : b; }

// Floats: each rounded to nearest, ties to even.
TBN_PRELUDE float __uint_as_float(unsigned int x) { return __builtin_bit_cast(float, x); }
TBN_PRELUDE unsigned int __float_as_uint(float x) { return __builtin_bit_cast(unsigned int, x); }
TBN_PRELUDE float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
TBN_PRELUDE int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
TBN_PRELUDE float __int2float_rn(int x) { return (float)x; }
TBN_PRELUDE float __uint2float_rn(unsigned int x) { return (float)x; }
TBN_PRELUDE float __ll2float_rn(long long x) { return (float)x; }
TBN_PRELUDE float __ull2float_rn(tbn_prelude_u64 x) { return (float)x; }
TBN_PRELUDE int __float2int_rn(float x) { return __nvvm_f2i_rn(x); }
TBN_PRELUDE long long __float2ll_rn(float x) { return __nvvm_f2ll_rn(x); }
TBN_PRELUDE float __fadd_rn(float a, float b) { return __nvvm_add_rn_f(a, b); }
TBN_PRELUDE float __fmul_rn(float a, float b) { return __nvvm_mul_rn_f(a, b); }
TBN_PRELUDE float __fdiv_rn(float a, float b) { return __nvvm_div_rn_f(a, b); }
TBN_PRELUDE float __fsqrt_rn(float a) { return __nvvm_sqrt_rn_f(a); }
TBN_PRELUDE float __fmaf_rn(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
