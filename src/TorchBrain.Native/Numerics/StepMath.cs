using System.Runtime.CompilerServices;

namespace TorchBrain.Native;

/// <summary>
/// The arithmetic of the step path in scalar form: the specification that vector lanes and kernels follow operation by operation. Fused multiply-adds are written out;
/// nothing else is ever fused.
/// </summary>
public static class StepMath
{
    /// <summary>
    /// The random word of an element in a step. Four elements 16 apart share one Philox block, so that lanes of any width load and store side by side:
    /// block = (element / 64) x 16 + element mod 16, word = (element / 16) mod 4; counter = (block, stream, step low, step high).
    /// </summary>
    public static uint Word(ulong seed, uint stream, int element, long step)
    {
        uint c0 = ((uint)element >> 6 << 4) | ((uint)element & 15), c1 = stream, c2 = (uint)step, c3 = (uint)((ulong)step >> 32);
        Philox.Block(seed, ref c0, ref c1, ref c2, ref c3);
        return (((uint)element >> 4) & 3) switch { 0 => c0, 1 => c1, 2 => c2, _ => c3 };
    }

    /// <summary>The standard normal draw of an element in a step: Box and Muller on words (0, 1) and (2, 3) of its block.</summary>
    public static float Normal(ulong seed, uint stream, int element, long step)
    {
        uint c0 = ((uint)element >> 6 << 4) | ((uint)element & 15), c1 = stream, c2 = (uint)step, c3 = (uint)((ulong)step >> 32);
        Philox.Block(seed, ref c0, ref c1, ref c2, ref c3);
        var word = ((uint)element >> 4) & 3;
        var (cosine, sine) = word < 2 ? NormalPair(c0, c1) : NormalPair(c2, c3);
        return (word & 1) == 0 ? cosine : sine;
    }

    const uint TailStream = 0x9E3779B9;

    /// <summary>
    /// Half a random word of an element in a step: eight elements, 8 apart, share one Philox block; block = (element / 64) x 8 + element mod 8, word = (element / 16) mod 4, the lower
    /// half where (element / 8) is even.
    /// </summary>
    public static uint HalfWord(ulong seed, uint stream, int element, long step)
    {
        uint c0 = ((uint)element >> 6 << 3) | ((uint)element & 7), c1 = stream, c2 = (uint)step, c3 = (uint)((ulong)step >> 32);
        Philox.Block(seed, ref c0, ref c1, ref c2, ref c3);
        var word = (((uint)element >> 4) & 3) switch { 0 => c0, 1 => c1, 2 => c2, _ => c3 };
        return (element & 8) == 0 ? word & 0xFFFF : word >> 16;
    }

    /// <summary>
    /// A Poisson count. Half a random word is enough but for one draw in some thousands, those from <see cref="PoissonTable.Rest"/>; another half is drawn then, from a stream of its own,
    /// so that the distribution keeps the resolution of 2^-32.
    /// </summary>
    public static int PoissonCount(ulong seed, uint stream, int element, long step, PoissonTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var number = HalfWord(seed, stream, element, step);
        var bounds = table.Upper;
        if (number >= table.Rest)
        {
            number = (number - table.Rest) << 16 | HalfWord(seed, stream ^ TailStream, element, step);
            bounds = table.Lower;
        }
        var count = 0;
        while (count < bounds.Length && number >= bounds[count])
            count++;
        return count;
    }

    /// <summary>Two independent standard normal numbers from two random words (Box and Muller 1958); absolute value at most 6.67.</summary>
    public static (float Cosine, float Sine) NormalPair(uint radiusWord, uint angleWord)
    {
        var u = ((float)(int)(radiusWord >> 1) + 0.5f) * (1f / 2147483648f);
        var radius = MathF.Sqrt(-2f * Log(u));
        var quadrant = (angleWord + 0x2000_0000u) >> 30;
        var t = (float)(int)(angleWord - (quadrant << 30)) * 1.46291807926715968e-9f; // pi / 2^31
        var z = t * t;
        var s = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(-1.9515295891e-4f, z, 8.3321608736e-3f), z, -1.6666654611e-1f), z * t, t);
        var c = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(2.443315711809948e-5f, z, -1.388731625493765e-3f), z, 4.166664568298827e-2f), z * z,
            MathF.FusedMultiplyAdd(-0.5f, z, 1f));
        var (cosine, sine) = (quadrant & 1) == 0 ? (c, s) : (s, c);
        cosine = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(cosine) ^ (((quadrant + 1) & 2) << 30));
        sine = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(sine) ^ ((quadrant & 2) << 30));
        return (radius * cosine, radius * sine);
    }

    /// <summary>
    /// e^x - 1 without the loss of digits near 0; relative error below 2e-7 for every x from -32 to 88. Smaller arguments and NaN give the value at -32, which is -1; larger ones that at 88,
    /// 1.65e38. (e^f - 1 by the polynomial of the Cephes library's expf, with f = x - n ln 2.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ExpM1(float x)
    {
        x = x > -32f ? x : -32f;
        x = x > 88f ? 88f : x;
        var n = (int)MathF.Round(x * 1.44269504f);
        var e = (float)n;
        var f = MathF.FusedMultiplyAdd(e, -0.693359375f, x);
        f = MathF.FusedMultiplyAdd(e, 2.12194440e-4f, f);
        var p = 1.9875691500e-4f;
        p = MathF.FusedMultiplyAdd(p, f, 1.3981999507e-3f);
        p = MathF.FusedMultiplyAdd(p, f, 8.3334519073e-3f);
        p = MathF.FusedMultiplyAdd(p, f, 4.1665795894e-2f);
        p = MathF.FusedMultiplyAdd(p, f, 1.6666665459e-1f);
        p = MathF.FusedMultiplyAdd(p, f, 5.0000001201e-1f);
        p = MathF.FusedMultiplyAdd(f * f, p, f);
        var scale = BitConverter.Int32BitsToSingle((n + 127) << 23);
        return MathF.FusedMultiplyAdd(scale, p, scale - 1f);
    }

    /// <summary>Natural logarithm of a normal positive number; relative error about 1e-7 (the polynomial of the Cephes library's logf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var exponent = (bits - 0x3F3504F3) >> 23;
        var m = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1f;
        var e = (float)exponent;
        var p = 7.0376836292e-2f;
        p = MathF.FusedMultiplyAdd(p, m, -1.1514610310e-1f);
        p = MathF.FusedMultiplyAdd(p, m, 1.1676998740e-1f);
        p = MathF.FusedMultiplyAdd(p, m, -1.2420140846e-1f);
        p = MathF.FusedMultiplyAdd(p, m, 1.4249322787e-1f);
        p = MathF.FusedMultiplyAdd(p, m, -1.6668057665e-1f);
        p = MathF.FusedMultiplyAdd(p, m, 2.0000714765e-1f);
        p = MathF.FusedMultiplyAdd(p, m, -2.4999993993e-1f);
        p = MathF.FusedMultiplyAdd(p, m, 3.3333331174e-1f);
        var z = m * m;
        var y = MathF.FusedMultiplyAdd(e, -2.12194440e-4f, p * m * z);
        y = MathF.FusedMultiplyAdd(-0.5f, z, y);
        return MathF.FusedMultiplyAdd(e, 0.693359375f, m + y);
    }
}
