namespace TorchBrain.Native;

/// <summary>How the weights of a projection change. A closed set: see the derived records.</summary>
public abstract record LearningRule
{
    private protected LearningRule() { }
}

/// <summary>
/// Winner-take-all Hebbian learning with moving thresholds and normalised weights (Raghavan and Thomson 2019, layer II). In every step with
/// a winner k: w_ik += eta y_k s_i; theta_k += thetaGain y_k; n_k += 1; then the incoming weights of k are scaled to the mean
/// <see cref="MeanWeight"/>. Every <see cref="ResetEverySteps"/> steps each unit with fewer than <see cref="ResetBelowWins"/> wins gets
/// theta = <see cref="ResetFraction"/> x (largest x it ever saw). Needs <see cref="AllToAll"/> onto a threshold-linear population with
/// <see cref="Competition.WinnerTakesAll"/>, and weights that are not negative.
/// </summary>
public sealed record WinnerTakeAllHebbian : LearningRule
{
    /// <summary>eta.</summary>
    public double LearningRate { get; init; } = 0.1;
    /// <summary>Gain of the threshold.</summary>
    public double ThresholdGain { get; init; } = 0.005;
    /// <summary>Mean of the incoming weights of a unit after each win, and at the start.</summary>
    public double MeanWeight { get; init; } = 2.5;
    /// <summary>Steps between threshold resets; 0 for never.</summary>
    public int ResetEverySteps { get; init; } = 1000;
    /// <summary>Units with fewer wins than this have their threshold reset.</summary>
    public int ResetBelowWins { get; init; } = 200;
    /// <summary>The reset threshold as a fraction of the largest input so far.</summary>
    public double ResetFraction { get; init; } = 0.2;
}

/// <summary>How the change of a weight depends on the weight.</summary>
public enum WeightDependence
{
    /// <summary>Not at all (hard bounds).</summary>
    Additive,
    /// <summary>Linearly on the distance to the bound (soft bounds).</summary>
    Multiplicative,
    /// <summary>
    /// Potentiation by <see cref="PairStdp.ReferenceWeight"/>^(1 - <see cref="PairStdp.Exponent"/>) w^<see cref="PairStdp.Exponent"/>, depression by w (Morrison, Aertsen and Diesmann,
    /// Neural Computation 19:1437, 2007; stdp_pl_synapse_hom of NEST). <see cref="PairStdp.MaxWeight"/> is needed for the fixed-point scale: set it well above the weights.
    /// </summary>
    PowerLaw,
}

/// <summary>In which order the events of one step happen at a plastic synapse. At a finite step published rates depend on it.</summary>
public enum StdpOrder
{
    /// <summary>
    /// As in NEST: spikes that meet in the same step do not see each other, and an arrival delivers the weight after its own depression.
    /// </summary>
    Nest,
    /// <summary>
    /// As in the schedule of Brian 2, with <c>on_pre</c> that delivers before it depresses: an arrival delivers its weight and then depresses it, and a postsynaptic spike of the same step comes
    /// after it and potentiates by the whole of its trace.
    /// </summary>
    Brian2,
}

/// <summary>
/// Pair-based spike-timing-dependent plasticity, all-to-all pairs, with bounds. Presynaptic time is the arrival at the synapse (spike +
/// delay). On arrival: w -= A- y; on a postsynaptic spike: w += A+ x; x and y are traces that decay with their time constant and jump
/// by 1. <see cref="Order"/> says what spikes that meet in the same step do to each other, and which weight is delivered.
/// </summary>
public sealed record PairStdp : LearningRule
{
    /// <summary>A+, in the unit of the weight (additive), as a fraction of the distance to the bound (multiplicative), or lambda (power law).</summary>
    public double PotentiationAmplitude { get; init; } = 0.005;
    /// <summary>A-, likewise; with the power law lambda alpha, a fraction of the weight.</summary>
    public double DepressionAmplitude { get; init; } = 0.00525;
    /// <summary>Time constant of the presynaptic trace, ms.</summary>
    public double TauPlusMs { get; init; } = 20.0;
    /// <summary>Time constant of the postsynaptic trace, ms.</summary>
    public double TauMinusMs { get; init; } = 20.0;
    /// <summary>Lower bound of the weight.</summary>
    public double MinWeight { get; init; }
    /// <summary>Upper bound of the weight.</summary>
    public double MaxWeight { get; init; } = 1.0;
    /// <summary>Additive, multiplicative or a power law.</summary>
    public WeightDependence WeightDependence { get; init; } = WeightDependence.Additive;
    /// <summary>mu of the power law, above 0, at most 1.</summary>
    public double Exponent { get; init; } = 0.4;
    /// <summary>w0 of the power law: the unit in which its weights are measured.</summary>
    public double ReferenceWeight { get; init; } = 1.0;
    /// <summary>The order of events within a step.</summary>
    public StdpOrder Order { get; init; } = StdpOrder.Nest;
}
