using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>What a pair of spikes does to weights, in lanes: docs/numerics.md, "Pair STDP". A struct, so that loops are compiled once per rule.</summary>
interface IPairRule<V> where V : struct, ILanes<V>
{
    /// <summary>A presynaptic spike arrives: y is the postsynaptic trace.</summary>
    V Depress(V weight, V y);
    /// <summary>A postsynaptic spike: x is the presynaptic trace.</summary>
    V Potentiate(V weight, V x);
}

/// <summary>The bounds of weights.</summary>
readonly struct WeightBounds<V>(TracePlan plan) where V : struct, ILanes<V>
{
    public readonly V Min = V.Splat(plan.Min), Max = V.Splat(plan.Max);

    // Of two zeros the upper bound keeps the weight's, the lower one its own, which is never negative zero: as Math.Min and Math.Max do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Clamp(V weight) => V.Max(V.Min(Max, weight), Min);
}

/// <summary>Steps that do not depend on the weight.</summary>
readonly struct AdditiveRule<V>(PairStdpPlan plan) : IPairRule<V> where V : struct, ILanes<V>
{
    readonly V _plus = V.Splat(plan.APlus), _minus = V.Splat(-plan.AMinus);
    readonly WeightBounds<V> _bounds = new(plan);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Depress(V weight, V y) => _bounds.Clamp(V.Fma(_minus, y, weight));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Potentiate(V weight, V x) => _bounds.Clamp(V.Fma(_plus, x, weight));
}

/// <summary>Steps in proportion to the distance to the bound.</summary>
readonly struct MultiplicativeRule<V>(PairStdpPlan plan) : IPairRule<V> where V : struct, ILanes<V>
{
    readonly V _plus = V.Splat(plan.APlus), _minus = V.Splat(-plan.AMinus);
    readonly WeightBounds<V> _bounds = new(plan);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Depress(V weight, V y) => _bounds.Clamp(V.Fma(_minus * (weight - _bounds.Min), y, weight));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Potentiate(V weight, V x) => _bounds.Clamp(V.Fma(_plus * (_bounds.Max - weight), x, weight));
}

/// <summary>Potentiation by a power of the weight, depression in proportion to it.</summary>
readonly struct PowerLawRule<V>(PairStdpPlan plan) : IPairRule<V> where V : struct, ILanes<V>
{
    readonly V _plus = V.Splat(plan.APlus), _minus = V.Splat(-plan.AMinus), _exponent = V.Splat(plan.Exponent);
    readonly WeightBounds<V> _bounds = new(plan);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Depress(V weight, V y) => _bounds.Clamp(V.Fma(_minus * weight, y, weight));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Potentiate(V weight, V x) => _bounds.Clamp(V.Fma(_plus * StepPowerLanes<V>.Pow(weight, _exponent), x, weight));
}
