namespace TorchBrain.Native;

/// <summary>
/// Spike-timing-dependent plasticity that fills an eligibility <c>e</c> of each synapse, which a slower process turns into weight: the rule of the polychronisation network (Izhikevich, Neural
/// Computation 18:245, 2006) and, with a reward, of distal reward learning (Izhikevich, Cerebral Cortex 17:2443, 2007). Nearest neighbours: traces x and y are set to 1 by a spike and decay.
/// Presynaptic time is the arrival at the synapse (spike + delay). On arrival: e -= A- y; on a postsynaptic spike: e += A+ x. Spikes that meet in the same step do not see each other. Every
/// <see cref="ConsolidationIntervalMs"/>: w = w + drift + (baseline + reward) e, kept from 0 to <see cref="MaxWeight"/>, then e is multiplied by <see cref="Retention"/>. The reward is one
/// number per instance of the projection, starts at 0, grows by <see cref="Simulation.AddReward(ProjectionHandle, float)"/> and decays.
/// </summary>
public sealed record EligibilityStdp : LearningRule
{
    /// <summary>A+, in the unit of the weight.</summary>
    public double PotentiationAmplitude { get; init; } = 0.1;
    /// <summary>A-, likewise.</summary>
    public double DepressionAmplitude { get; init; } = 0.12;
    /// <summary>Time constant of the presynaptic trace, ms.</summary>
    public double TauPlusMs { get; init; } = 20.0;
    /// <summary>Time constant of the postsynaptic trace, ms.</summary>
    public double TauMinusMs { get; init; } = 20.0;
    /// <summary>Time between two changes of the weights, ms: a whole number of steps.</summary>
    public double ConsolidationIntervalMs { get; init; } = 1000.0;
    /// <summary>What is left of the eligibility after a change of the weights, 0 to 1.</summary>
    public double Retention { get; init; } = 0.9;
    /// <summary>What every weight grows by at each change, in its unit, whatever the spikes.</summary>
    public double Drift { get; init; } = 0.01;
    /// <summary>The gain without reward: 1 where learning needs none, near 0 where reward decides.</summary>
    public double Baseline { get; init; } = 1.0;
    /// <summary>Time constant of the reward, ms.</summary>
    public double TauRewardMs { get; init; } = 200.0;
    /// <summary>Upper bound of the weight; the lower one is 0.</summary>
    public double MaxWeight { get; init; } = 10.0;
}

/// <summary>
/// Triplet spike-timing-dependent plasticity, all-to-all (Pfister and Gerstner, Journal of Neuroscience 26:9673, 2006), with hard bounds. Four traces decay and jump by 1: x (tau+) and r (tau x) of
/// the presynaptic cell, y (tau-) and o (tau y) of the postsynaptic one. Presynaptic time is the arrival at the synapse. On arrival: w -= y (A2- + A3- r); on a postsynaptic spike:
/// w += x (A2+ + A3+ o), with r and o as they were before the spike. Spikes that meet in the same step do not see each other. The weight delivered is the one after the arrival's own depression.
/// </summary>
public sealed record TripletStdp : LearningRule
{
    /// <summary>A2+: potentiation by pairs, in the unit of the weight.</summary>
    public double PairPotentiation { get; init; } = 5e-10;
    /// <summary>A3+: potentiation by triplets post, pre, post.</summary>
    public double TripletPotentiation { get; init; } = 6.2e-3;
    /// <summary>A2-: depression by pairs.</summary>
    public double PairDepression { get; init; } = 7e-3;
    /// <summary>A3-: depression by triplets pre, post, pre.</summary>
    public double TripletDepression { get; init; } = 2.3e-4;
    /// <summary>Time constant of x, ms.</summary>
    public double TauPlusMs { get; init; } = 16.8;
    /// <summary>Time constant of y, ms.</summary>
    public double TauMinusMs { get; init; } = 33.7;
    /// <summary>Time constant of r, ms.</summary>
    public double TauXMs { get; init; } = 101.0;
    /// <summary>Time constant of o, ms.</summary>
    public double TauYMs { get; init; } = 125.0;
    /// <summary>Lower bound of the weight.</summary>
    public double MinWeight { get; init; }
    /// <summary>Upper bound of the weight.</summary>
    public double MaxWeight { get; init; } = 1.0;

    /// <summary>Fitted to pairs at several frequencies in visual cortex, all parameters free; weights in units of the initial one.</summary>
    public static TripletStdp VisualCortex { get; } = new();

    /// <summary>The same data with two amplitudes only.</summary>
    public static TripletStdp VisualCortexMinimal { get; } = new() { PairPotentiation = 0, TripletPotentiation = 6.5e-3, PairDepression = 7.1e-3, TripletDepression = 0, TauYMs = 114 };
}
