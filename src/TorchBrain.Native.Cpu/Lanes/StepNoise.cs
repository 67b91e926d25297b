using System.Runtime.CompilerServices;
using static TorchBrain.Native.Philox;

namespace TorchBrain.Native.Cpu;

/// <summary>The random draws of the step path in lanes; <see cref="StepMath"/> is the specification.</summary>
static class StepNoise<V> where V : struct, ILanes<V>
{
    /// <summary>The four Philox words of the blocks [block, block + lanes).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Words(ulong seed, uint stream, uint block, long step, out V w0, out V w1, out V w2, out V w3)
    {
        w0 = V.AddInt(V.SplatBits(block), V.Iota);
        w1 = V.SplatBits(stream);
        w2 = V.SplatBits((uint)step);
        w3 = V.SplatBits((uint)((ulong)step >> 32));
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        V m0 = V.SplatBits(M0), m1 = V.SplatBits(M1);
        for (var round = 0; round < 10; round++)
        {
            V.MultiplyWide(w0, m0, out var high0, out var low0);
            V.MultiplyWide(w2, m1, out var high1, out var low1);
            w0 = high1 ^ w1 ^ V.SplatBits(k0);
            w1 = low1;
            w2 = high0 ^ w3 ^ V.SplatBits(k1);
            w3 = low0;
            k0 += W0;
            k1 += W1;
        }
    }

    /// <summary>Stores the words of one group of 64 elements, in order of element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GroupWords(ulong seed, uint stream, int first, long step, ref int words)
    {
        for (var k = 0; k < 16; k += V.Count)
        {
            Words(seed, stream, (uint)(first / 4 + k), step, out var w0, out var w1, out var w2, out var w3);
            V.StoreBits(w0, ref Unsafe.Add(ref words, k));
            V.StoreBits(w1, ref Unsafe.Add(ref words, k + 16));
            V.StoreBits(w2, ref Unsafe.Add(ref words, k + 32));
            V.StoreBits(w3, ref Unsafe.Add(ref words, k + 48));
        }
    }

    /// <summary>Turns the words of one group into standard normal draws, in place: words 0 to 15 with 16 to 31, and 32 to 47 with 48 to 63, make pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GroupNormals(ref int words)
    {
        for (var k = 0; k < 16; k += V.Count)
        {
            NormalPair(ref Unsafe.Add(ref words, k), ref Unsafe.Add(ref words, k + 16));
            NormalPair(ref Unsafe.Add(ref words, k + 32), ref Unsafe.Add(ref words, k + 48));
        }
    }

    // Not inlined: the compiler stops inlining lane operations when a method holds too many.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void NormalPair(ref int radiusWord, ref int angleWord)
    {
        var angle = V.LoadBits(ref angleWord);
        var u = (V.IntToFloat(V.ShiftRight(V.LoadBits(ref radiusWord), 1)) + V.Splat(0.5f)) * V.Splat(1f / 2147483648f);
        var radius = V.Sqrt(V.Splat(-2f) * Log(u));
        var quadrant = V.ShiftRight(V.AddInt(angle, V.SplatBits(0x2000_0000u)), 30);
        var t = V.IntToFloat(V.SubInt(angle, V.ShiftLeft(quadrant, 30))) * V.Splat(1.46291807926715968e-9f);
        var z = t * t;
        var s = V.Fma(V.Fma(V.Fma(V.Splat(-1.9515295891e-4f), z, V.Splat(8.3321608736e-3f)), z, V.Splat(-1.6666654611e-1f)), z * t, t);
        var c = V.Fma(V.Fma(V.Fma(V.Splat(2.443315711809948e-5f), z, V.Splat(-1.388731625493765e-3f)), z, V.Splat(4.166664568298827e-2f)), z * z,
            V.Fma(V.Splat(-0.5f), z, V.Splat(1f)));
        var odd = V.ShiftRightArithmetic(V.ShiftLeft(quadrant, 31), 31);
        var cosine = V.Select(odd, s, c) ^ V.ShiftLeft(V.AddInt(quadrant, V.SplatBits(1)) & V.SplatBits(2), 30);
        var sine = V.Select(odd, c, s) ^ V.ShiftLeft(quadrant & V.SplatBits(2), 30);
        V.StoreBits(radius * cosine, ref radiusWord);
        V.StoreBits(radius * sine, ref angleWord);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Log(V x)
    {
        var exponent = V.ShiftRightArithmetic(V.SubInt(x, V.SplatBits(0x3F3504F3)), 23);
        var m = V.SubInt(x, V.ShiftLeft(exponent, 23)) - V.Splat(1f);
        var e = V.IntToFloat(exponent);
        var p = V.Splat(7.0376836292e-2f);
        p = V.Fma(p, m, V.Splat(-1.1514610310e-1f));
        p = V.Fma(p, m, V.Splat(1.1676998740e-1f));
        p = V.Fma(p, m, V.Splat(-1.2420140846e-1f));
        p = V.Fma(p, m, V.Splat(1.4249322787e-1f));
        p = V.Fma(p, m, V.Splat(-1.6668057665e-1f));
        p = V.Fma(p, m, V.Splat(2.0000714765e-1f));
        p = V.Fma(p, m, V.Splat(-2.4999993993e-1f));
        p = V.Fma(p, m, V.Splat(3.3333331174e-1f));
        var z = m * m;
        var y = V.Fma(e, V.Splat(-2.12194440e-4f), p * m * z);
        y = V.Fma(V.Splat(-0.5f), z, y);
        return V.Fma(e, V.Splat(0.693359375f), m + y);
    }
}
