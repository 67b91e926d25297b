// Synaptic input is summed in fixed point, so that the order of arrival does not matter. TBN_WIDE says whether a channel's sums take 64 bits.
#pragma once
#include "tbn/platform.cuh"

template <bool Wide> struct tbn_sum_of { typedef i32 type; };
template <> struct tbn_sum_of<true> { typedef i64 type; };

// Added in global memory: sent, and not waited for.
TBN_DEVICE void tbn_deliver(i32* sum, i32 value) { tbn_add((u32*)sum, (u32)value); }
TBN_DEVICE void tbn_deliver(i64* sum, i64 value) { tbn_add((u64*)sum, (u64)value); }

TBN_DEVICE f32 tbn_to_float(i32 sum) { return __int2float_rn(sum); }
TBN_DEVICE f32 tbn_to_float(i64 sum) { return __ll2float_rn(sum); }

// A plastic weight in the fixed point of the target's channel: round to nearest, ties to even.
TBN_DEVICE i32 tbn_to_fixed(f32 weight, f32 scale) { return __float2int_rn(weight * scale); }
