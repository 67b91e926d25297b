using System.Runtime.CompilerServices;

namespace TorchBrain.Native;

/// <summary>
/// Powers on the step path: the specification that vector lanes and kernels follow operation by operation. The logarithm is the polynomial of the Cephes library's logf, the
/// exponential that of its exp2f.
/// </summary>
public static class StepPower
{
    /// <summary>Below this (2^-100) a base counts as 0.</summary>
    public const float Smallest = 7.88860905e-31f;

    /// <summary>x^y for 0 &lt; y &lt;= 1 and x at most 2^126; 0 if x is below <see cref="Smallest"/>. Relative error at most 2e-6 for x from 1e-9 to 1e9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Pow(float x, float y)
    {
        if (!(x >= Smallest))
            return 0;
        var bits = BitConverter.SingleToInt32Bits(x);
        var exponent = (bits - 0x3F3504F3) >> 23;
        var m = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1f;
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
        var log = m + MathF.FusedMultiplyAdd(-0.5f, z, p * m * z);
        var t = MathF.FusedMultiplyAdd(y, (float)exponent, y * (log * 1.44269504f));
        var whole = (int)MathF.Round(t);
        var f = t - (float)whole;
        var q = 1.535336188319500e-4f;
        q = MathF.FusedMultiplyAdd(q, f, 1.339887440266574e-3f);
        q = MathF.FusedMultiplyAdd(q, f, 9.618437357674640e-3f);
        q = MathF.FusedMultiplyAdd(q, f, 5.550332471162809e-2f);
        q = MathF.FusedMultiplyAdd(q, f, 2.402264791363012e-1f);
        q = MathF.FusedMultiplyAdd(q, f, 6.931472028550421e-1f);
        q = MathF.FusedMultiplyAdd(q, f, 1f);
        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(q) + (whole << 23));
    }
}
