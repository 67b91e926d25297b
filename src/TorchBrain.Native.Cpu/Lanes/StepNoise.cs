using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>The normal draws of the step path in lanes; <see cref="StepMath"/> is the specification.</summary>
static class StepNoise<V> where V : struct, ILanes<V>
{
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
