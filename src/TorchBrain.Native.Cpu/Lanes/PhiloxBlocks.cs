using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Eight Philox blocks of one stream at a time, or sixteen in vectors of 512 bits, with the keys of all rounds worked out beforehand. Each block's word lies in the lower half of a 64-bit
/// lane, where the multiplication wants it; what is above is never read.
/// </summary>
sealed class PhiloxBlocks
{
    const int Rounds = 10;

    readonly Vector256<ulong>[] _keys = new Vector256<ulong>[2 * Rounds];
    readonly Vector512<ulong>[] _wideKeys = new Vector512<ulong>[2 * Rounds];
    readonly uint _stream;

    /// <param name="seed">Seed of the network.</param>
    /// <param name="stream">Stream of random numbers.</param>
    /// <param name="vectorBits">Widest vectors to use.</param>
    public PhiloxBlocks(ulong seed, uint stream, int vectorBits)
    {
        _stream = stream;
        Sixteens = vectorBits >= 512 && Avx512BW.IsSupported;
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            (_keys[2 * round], _keys[2 * round + 1]) = (Vector256.Create((ulong)k0), Vector256.Create((ulong)k1));
            (_wideKeys[2 * round], _wideKeys[2 * round + 1]) = (Vector512.Create((ulong)k0), Vector512.Create((ulong)k1));
            k0 += Philox.W0;
            k1 += Philox.W1;
        }
    }

    /// <summary>Whether <see cref="Sixteen"/> is what to use.</summary>
    public bool Sixteens { get; }

    /// <summary>Stores the <see cref="StepMath.Word"/> of each element of a group of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Group(int first, long step, ref uint words)
    {
        if (Sixteens)
        {
            Sixteen((uint)first / 4, step, out var v0, out var v1, out var v2, out var v3);
            v0.StoreUnsafe(ref words);
            v1.StoreUnsafe(ref Unsafe.Add(ref words, 16));
            v2.StoreUnsafe(ref Unsafe.Add(ref words, 32));
            v3.StoreUnsafe(ref Unsafe.Add(ref words, 48));
            return;
        }
        for (var k = 0; k < 16; k += 8)
        {
            Eight((uint)(first / 4 + k), step, out var w0, out var w1, out var w2, out var w3);
            w0.StoreUnsafe(ref Unsafe.Add(ref words, k));
            w1.StoreUnsafe(ref Unsafe.Add(ref words, k + 16));
            w2.StoreUnsafe(ref Unsafe.Add(ref words, k + 32));
            w3.StoreUnsafe(ref Unsafe.Add(ref words, k + 48));
        }
    }

    /// <summary>The four words of the blocks [block, block + 8), in order of block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Eight(uint block, long step, out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3)
    {
        // The order in which the halves are put together again.
        Vector256<ulong> a0 = Vector256.Create((ulong)block) + Vector256.Create(0ul, 1, 4, 5), b0 = a0 + Vector256.Create(2ul);
        Vector256<ulong> a1 = Vector256.Create((ulong)_stream), b1 = a1, a2 = Vector256.Create((ulong)(uint)step), b2 = a2, a3 = Vector256.Create((ulong)step >> 32), b3 = a3;
        Vector256<ulong> m0 = Vector256.Create((ulong)Philox.M0), m1 = Vector256.Create((ulong)Philox.M1);
        ref var key = ref _keys[0];
        ref var end = ref Unsafe.Add(ref key, 2 * Rounds);
        // Two rounds at a time: the words change places, and are back after the second.
        for (; Unsafe.IsAddressLessThan(ref key, ref end); key = ref Unsafe.Add(ref key, 4))
        {
            Vector256<ulong> p0 = Multiply(a0, m0), p1 = Multiply(a2, m1), q0 = Multiply(b0, m0), q1 = Multiply(b2, m1);
            a0 = (p1 >>> 32) ^ (a1 ^ key);
            b0 = (q1 >>> 32) ^ (b1 ^ key);
            a2 = (p0 >>> 32) ^ (a3 ^ Unsafe.Add(ref key, 1));
            b2 = (q0 >>> 32) ^ (b3 ^ Unsafe.Add(ref key, 1));
            (a3, a1, b3, b1) = (Multiply(a0, m0), Multiply(a2, m1), Multiply(b0, m0), Multiply(b2, m1));
            a0 = (a1 >>> 32) ^ (p1 ^ Unsafe.Add(ref key, 2));
            b0 = (b1 >>> 32) ^ (q1 ^ Unsafe.Add(ref key, 2));
            a2 = (a3 >>> 32) ^ (p0 ^ Unsafe.Add(ref key, 3));
            b2 = (b3 >>> 32) ^ (q0 ^ Unsafe.Add(ref key, 3));
        }
        (w0, w1, w2, w3) = (Join(a0, b0), Join(a1, b1), Join(a2, b2), Join(a3, b3));
    }

    /// <summary>The four words of the blocks [block, block + 16), in order of block. Needs <see cref="Sixteens"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sixteen(uint block, long step, out Vector512<uint> w0, out Vector512<uint> w1, out Vector512<uint> w2, out Vector512<uint> w3)
    {
        Vector512<ulong> a0 = Vector512.Create((ulong)block) + Vector512<ulong>.Indices, b0 = a0 + Vector512.Create(8ul);
        Vector512<ulong> a1 = Vector512.Create((ulong)_stream), b1 = a1, a2 = Vector512.Create((ulong)(uint)step), b2 = a2, a3 = Vector512.Create((ulong)step >> 32), b3 = a3;
        Vector512<uint> m0 = Vector512.Create((ulong)Philox.M0).AsUInt32(), m1 = Vector512.Create((ulong)Philox.M1).AsUInt32();
        ref var key = ref _wideKeys[0];
        ref var end = ref Unsafe.Add(ref key, 2 * Rounds);
        for (; Unsafe.IsAddressLessThan(ref key, ref end); key = ref Unsafe.Add(ref key, 4))
        {
            Vector512<ulong> p0 = Avx512F.Multiply(a0.AsUInt32(), m0), p1 = Avx512F.Multiply(a2.AsUInt32(), m1), q0 = Avx512F.Multiply(b0.AsUInt32(), m0), q1 = Avx512F.Multiply(b2.AsUInt32(), m1);
            a0 = (p1 >>> 32) ^ (a1 ^ key);
            b0 = (q1 >>> 32) ^ (b1 ^ key);
            a2 = (p0 >>> 32) ^ (a3 ^ Unsafe.Add(ref key, 1));
            b2 = (q0 >>> 32) ^ (b3 ^ Unsafe.Add(ref key, 1));
            (a3, a1, b3, b1) = (Avx512F.Multiply(a0.AsUInt32(), m0), Avx512F.Multiply(a2.AsUInt32(), m1), Avx512F.Multiply(b0.AsUInt32(), m0), Avx512F.Multiply(b2.AsUInt32(), m1));
            a0 = (a1 >>> 32) ^ (p1 ^ Unsafe.Add(ref key, 2));
            b0 = (b1 >>> 32) ^ (q1 ^ Unsafe.Add(ref key, 2));
            a2 = (a3 >>> 32) ^ (p0 ^ Unsafe.Add(ref key, 3));
            b2 = (b3 >>> 32) ^ (q0 ^ Unsafe.Add(ref key, 3));
        }
        // The lower halves of both.
        var lower = Vector512<uint>.Indices << 1;
        w0 = Avx512F.PermuteVar16x32x2(a0.AsUInt32(), lower, b0.AsUInt32());
        w1 = Avx512F.PermuteVar16x32x2(a1.AsUInt32(), lower, b1.AsUInt32());
        w2 = Avx512F.PermuteVar16x32x2(a2.AsUInt32(), lower, b2.AsUInt32());
        w3 = Avx512F.PermuteVar16x32x2(a3.AsUInt32(), lower, b3.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b)
    {
        if (Avx2.IsSupported)
            return Avx2.Multiply(a.AsUInt32(), b.AsUInt32());
        var lower = Vector256.Create(0xFFFF_FFFFul);
        return (a & lower) * (b & lower);
    }

    // Lower halves of blocks 0, 1, 4, 5 and 2, 3, 6, 7.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Join(Vector256<ulong> a, Vector256<ulong> b)
    {
        if (Avx.IsSupported)
            return Avx.Shuffle(a.AsSingle(), b.AsSingle(), 0x88).AsUInt32();
        return Vector256.Create((uint)a[0], (uint)a[1], (uint)b[0], (uint)b[1], (uint)a[2], (uint)a[3], (uint)b[2], (uint)b[3]);
    }
}
