using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary><see cref="StepPower"/> in lanes, operation by operation.</summary>
static class StepPowerLanes<V> where V : struct, ILanes<V>
{
    /// <summary>x^y, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Pow(V x, V y)
    {
        var exponent = V.ShiftRightArithmetic(V.SubInt(x, V.SplatBits(0x3F3504F3)), 23);
        var m = V.SubInt(x, V.ShiftLeft(exponent, 23)) - V.Splat(1f);
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
        var log = m + V.Fma(V.Splat(-0.5f), z, p * m * z);
        var t = V.Fma(y, V.IntToFloat(exponent), y * (log * V.Splat(1.44269504f)));
        var whole = V.RoundToInt(t);
        var f = t - V.IntToFloat(whole);
        var q = V.Splat(1.535336188319500e-4f);
        q = V.Fma(q, f, V.Splat(1.339887440266574e-3f));
        q = V.Fma(q, f, V.Splat(9.618437357674640e-3f));
        q = V.Fma(q, f, V.Splat(5.550332471162809e-2f));
        q = V.Fma(q, f, V.Splat(2.402264791363012e-1f));
        q = V.Fma(q, f, V.Splat(6.931472028550421e-1f));
        q = V.Fma(q, f, V.Splat(1f));
        return V.Select(V.GreaterOrEqual(x, V.Splat(StepPower.Smallest)), V.AddInt(q, V.ShiftLeft(whole, 23)), V.Splat(0f));
    }
}
