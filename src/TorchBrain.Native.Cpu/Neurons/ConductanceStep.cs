using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>The arithmetic of two conductances in lanes: docs/numerics.md has the order of operations.</summary>
static class ConductanceStep<V> where V : struct, ILanes<V>
{
    /// <summary>What forward Euler adds to the potential.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Increment(V v, V exc, V inh, V drive, V minusLeak, V gain, V excReversal, V inhReversal) =>
        V.Fma(minusLeak, v, gain * V.Fma(exc, excReversal - v, V.Fma(inh, inhReversal - v, drive)));

    /// <summary>
    /// The share of forward Euler's increment that exponential Euler takes, of a group: (e^y - 1) / y. A loop of its own: the compiler stops inlining lane operations when a method holds
    /// too many.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Shares(ref float exc, ref float inh, ref float leak, ref float gain, ref float share)
    {
        var minus = V.Splat(-1f);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            var total = V.Load(ref Unsafe.Add(ref exc, k)) + V.Load(ref Unsafe.Add(ref inh, k));
            var y = V.Fma(minus * V.Load(ref Unsafe.Add(ref gain, k)), total, minus * V.Load(ref Unsafe.Add(ref leak, k)));
            V.Store(StepExp<V>.ExpM1(y) / y, ref Unsafe.Add(ref share, k));
        }
    }
}
