// Random numbers as pure functions of (seed, stream, element, step): Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011). No state anywhere.
// Reference: Philox.cs, StepMath.cs; how elements share blocks: docs/numerics.md.
#pragma once
#include "tbn/math.cuh"

struct tbn_block { u32 word[4]; };

TBN_DEVICE tbn_block tbn_philox(u64 key, u32 c0, u32 c1, u32 c2, u32 c3)
{
    u32 k0 = (u32)key, k1 = (u32)(key >> 32);
#pragma unroll
    for (u32 round = 0; round < 10; round++)
    {
        const u64 p0 = (u64)0xD2511F53u * c0, p1 = (u64)0xCD9E8D57u * c2;
        c0 = (u32)(p1 >> 32) ^ c1 ^ k0;
        c1 = (u32)p1;
        c2 = (u32)(p0 >> 32) ^ c3 ^ k1;
        c3 = (u32)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return tbn_block{{c0, c1, c2, c3}};
}

// The block that the elements e, e + 16, e + 32 and e + 48 of a group of 64 share.
TBN_DEVICE tbn_block tbn_element_block(u64 seed, u32 stream, u32 element, u64 step)
{
    return tbn_philox(seed, (element >> 6 << 4) | (element & 15), stream, (u32)step, (u32)(step >> 32));
}

TBN_DEVICE u32 tbn_random_word(u64 seed, u32 stream, u32 element, u64 step)
{
    const tbn_block block = tbn_element_block(seed, stream, element, step);
    const u32 low = element & 16 ? block.word[1] : block.word[0], high = element & 16 ? block.word[3] : block.word[2];
    return element & 32 ? high : low;
}

// Half a word; eight elements, 8 apart, share a block.
TBN_DEVICE u32 tbn_random_half(u64 seed, u32 stream, u32 element, u64 step)
{
    const tbn_block block = tbn_philox(seed, (element >> 6 << 3) | (element & 7), stream, (u32)step, (u32)(step >> 32));
    const u32 low = element & 16 ? block.word[1] : block.word[0], high = element & 16 ? block.word[3] : block.word[2];
    const u32 word = element & 32 ? high : low;
    return element & 8 ? word >> 16 : word & 0xFFFFu;
}

// Stream of the lower halves of Poisson draws.
#define TBN_TAIL_STREAM 0x9E3779B9u

// Standard normal number (Box and Muller 1958) of an element in a step.
TBN_DEVICE f32 tbn_random_normal(u64 seed, u32 stream, u32 element, u64 step)
{
    const tbn_block block = tbn_element_block(seed, stream, element, step);
    const u32 radius_word = element & 32 ? block.word[2] : block.word[0], angle_word = element & 32 ? block.word[3] : block.word[1];
    const f32 u = (__int2float_rn((i32)(radius_word >> 1)) + 0.5f) * (1.0f / 2147483648.0f);
    const f32 radius = __fsqrt_rn(-2.0f * tbn_log(u));
    const u32 quadrant = (angle_word + 0x20000000u) >> 30;
    const f32 t = __int2float_rn((i32)(angle_word - (quadrant << 30))) * 1.46291807926715968e-9f;
    const f32 z = t * t;
    const f32 s = tbn_fma(tbn_fma(tbn_fma(-1.9515295891e-4f, z, 8.3321608736e-3f), z, -1.6666654611e-1f), z * t, t);
    const f32 c = tbn_fma(tbn_fma(tbn_fma(2.443315711809948e-5f, z, -1.388731625493765e-3f), z, 4.166664568298827e-2f), z * z, tbn_fma(-0.5f, z, 1.0f));
    const bool sine = element & 16;
    const f32 value = (quadrant & 1) == sine ? c : s;
    const u32 sign = sine ? (quadrant & 2) << 30 : ((quadrant + 1) & 2) << 30;
    return radius * tbn_float(tbn_bits(value) ^ sign);
}
