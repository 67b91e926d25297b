using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native;

/// <summary>Many words of one <see cref="RandomSequence"/> at once: the same words in the same order, eight blocks side by side where the processor can.</summary>
static class PhiloxRow
{
    const uint SetUp = 0x8000_0000; // as RandomSequence marks its counters

    /// <summary>Fills a span with the words of the sequence, from the first on, or from that of a later block of four.</summary>
    public static void Fill(ulong seed, uint stream, uint element, Span<uint> words, uint firstBlock = 0)
    {
        var done = 0;
        if (Avx2.IsSupported)
            for (; done + 32 <= words.Length; done += 32)
                EightBlocks(seed, stream, element, firstBlock + (uint)done / 4, ref words[done]);
        Span<uint> last = stackalloc uint[4];
        for (; done < words.Length; done += 4)
        {
            (last[0], last[1], last[2], last[3]) = (element, stream, firstBlock + (uint)done / 4, SetUp);
            Philox.Block(seed, ref last[0], ref last[1], ref last[2], ref last[3]);
            last[..Math.Min(4, words.Length - done)].CopyTo(words[done..]);
        }
    }

    // Each 64-bit lane holds one block's word in its lower half; what is above is ignored by the multiplication.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void EightBlocks(ulong seed, uint stream, uint element, uint block, ref uint words)
    {
        Vector256<ulong> a0 = Vector256.Create((ulong)element), b0 = a0, a1 = Vector256.Create((ulong)stream), b1 = a1;
        var a2 = Vector256.Create((ulong)block) + Vector256<ulong>.Indices;
        var b2 = a2 + Vector256.Create(4ul);
        Vector256<ulong> a3 = Vector256.Create((ulong)SetUp), b3 = a3, m0 = Vector256.Create((ulong)Philox.M0), m1 = Vector256.Create((ulong)Philox.M1);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < 10; round++)
        {
            Vector256<ulong> key0 = Vector256.Create((ulong)k0), key1 = Vector256.Create((ulong)k1);
            Vector256<ulong> p0 = Multiply(a0, m0), p1 = Multiply(a2, m1), q0 = Multiply(b0, m0), q1 = Multiply(b2, m1);
            (a0, a1, a2, a3) = ((p1 >>> 32) ^ a1 ^ key0, p1, (p0 >>> 32) ^ a3 ^ key1, p0);
            (b0, b1, b2, b3) = ((q1 >>> 32) ^ b1 ^ key0, q1, (q0 >>> 32) ^ b3 ^ key1, q0);
            k0 += Philox.W0;
            k1 += Philox.W1;
        }
        Store(a0, a1, a2, a3, ref words);
        Store(b0, b1, b2, b3, ref Unsafe.Add(ref words, 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Multiply(Vector256<ulong> a, Vector256<ulong> b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    // Four blocks, word after word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, Vector256<ulong> w3, ref uint words)
    {
        var lower = Vector256.Create(0xFFFF_FFFFul);
        Vector256<ulong> first = (w0 & lower) | (w1 << 32), second = (w2 & lower) | (w3 << 32);
        Vector256<uint> even = Avx2.UnpackLow(first, second).AsUInt32(), odd = Avx2.UnpackHigh(first, second).AsUInt32();
        even.GetLower().StoreUnsafe(ref words);
        odd.GetLower().StoreUnsafe(ref words, 4);
        even.GetUpper().StoreUnsafe(ref words, 8);
        odd.GetUpper().StoreUnsafe(ref words, 12);
    }
}
