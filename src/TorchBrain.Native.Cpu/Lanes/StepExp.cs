using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>The exponential function of the step path in lanes; <see cref="StepMath.ExpM1"/> is the specification.</summary>
static class StepExp<V> where V : struct, ILanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpM1(V x)
    {
        V highest = V.Splat(88f), one = V.Splat(1f);
        x = V.Max(x, V.Splat(-32f));
        x = V.Select(V.Greater(x, highest), highest, x);
        var n = V.RoundToInt(x * V.Splat(1.44269504f));
        var e = V.IntToFloat(n);
        var f = V.Fma(e, V.Splat(-0.693359375f), x);
        f = V.Fma(e, V.Splat(2.12194440e-4f), f);
        var p = V.Splat(1.9875691500e-4f);
        p = V.Fma(p, f, V.Splat(1.3981999507e-3f));
        p = V.Fma(p, f, V.Splat(8.3334519073e-3f));
        p = V.Fma(p, f, V.Splat(4.1665795894e-2f));
        p = V.Fma(p, f, V.Splat(1.6666665459e-1f));
        p = V.Fma(p, f, V.Splat(5.0000001201e-1f));
        p = V.Fma(f * f, p, f);
        var scale = V.ShiftLeft(V.AddInt(n, V.SplatBits(127)), 23);
        return V.Fma(scale, p, scale - one);
    }
}
