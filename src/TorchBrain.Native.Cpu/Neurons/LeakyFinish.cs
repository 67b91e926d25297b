using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>How every step of a leaky neuron ends: refractory clamp, threshold, reset. Without branches: where neurons are often refractory, hardly a vector is free of such lanes.</summary>
static class LeakyFinish<V> where V : struct, ILanes<V>
{
    /// <summary>Stores potential and refractory steps.</summary>
    /// <returns>Who spikes, lane 0 lowest.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Store(V v, V threshold, V reset, V steps, bool subtracts, ref float u, ref float refractory)
    {
        V left = V.Load(ref refractory), zero = V.Splat(0f);
        v = V.Select(V.Greater(left, zero), reset, v);
        var fired = V.GreaterOrEqual(v, threshold);
        V.Store(V.Select(fired, subtracts ? v - (threshold - reset) : reset, v), ref u);
        V.Store(V.Select(fired, steps, V.Max(left - V.Splat(1f), zero)), ref refractory);
        return V.MaskBits(fired);
    }
}
