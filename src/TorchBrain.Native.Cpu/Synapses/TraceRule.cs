using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>What a spike does to what a rule moves, the weight or an eligibility: docs/numerics.md. A struct, so that loops are compiled once per rule.</summary>
interface ITraceRule<V> where V : struct, ILanes<V>
{
    /// <summary>Whether spikes move an eligibility, which is turned into weight later, and not the weight.</summary>
    static abstract bool Consolidates { get; }
    /// <summary>Whether a spike adds 1 to a trace; else it sets it to 1.</summary>
    static abstract bool Adds { get; }
    /// <summary>A presynaptic spike arrives: y is the postsynaptic trace, slow the slow presynaptic one.</summary>
    V Arrive(V value, V y, V slow);
    /// <summary>A postsynaptic spike: x is the presynaptic trace, slow the slow postsynaptic one.</summary>
    float Fire(float value, float x, float slow);
}

/// <summary>Nearest neighbours into an eligibility.</summary>
readonly struct EligibilityRule<V>(EligibilityStdpPlan plan) : ITraceRule<V> where V : struct, ILanes<V>
{
    readonly V _minus = V.Splat(-plan.AMinus);
    readonly float _plus = plan.APlus;

    public static bool Consolidates => true;
    public static bool Adds => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Arrive(V value, V y, V slow) => V.Fma(_minus, y, value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Fire(float value, float x, float slow) => MathF.FusedMultiplyAdd(_plus, x, value);
}

/// <summary>Triplets, all to all.</summary>
readonly struct TripletRule<V>(TripletStdpPlan plan) : ITraceRule<V> where V : struct, ILanes<V>
{
    readonly V _minus = V.Splat(-plan.AMinus), _minus3 = V.Splat(-plan.TripletMinus);
    readonly float _plus = plan.APlus, _plus3 = plan.TripletPlus, _min = plan.Min, _max = plan.Max;
    readonly WeightBounds<V> _bounds = new(plan);

    public static bool Consolidates => false;
    public static bool Adds => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Arrive(V value, V y, V slow) => _bounds.Clamp(V.Fma(V.Fma(_minus3, slow, _minus), y, value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Fire(float value, float x, float slow) => MathF.Max(_min, MathF.Min(_max, MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(_plus3, slow, _plus), x, value)));
}
