namespace TorchBrain.Native.Planning;

/// <summary>Constants of a rule that works by traces of spikes: synapses are sparse, with weights in float.</summary>
public abstract class TracePlan : LearningPlan
{
    private protected TracePlan() { }
    /// <summary>exp(-dt / tau+).</summary>
    public required float DecayPlus { get; init; }
    /// <summary>exp(-dt / tau-).</summary>
    public required float DecayMinus { get; init; }
    /// <summary>A+ (of the triplet rule A2+); with the power law times w0^(1 - mu).</summary>
    public required float APlus { get; init; }
    /// <summary>A- (of the triplet rule A2-).</summary>
    public required float AMinus { get; init; }
    /// <summary>Lower bound of the weight.</summary>
    public required float Min { get; init; }
    /// <summary>Upper bound of the weight.</summary>
    public required float Max { get; init; }
    /// <summary>Slots of the presynaptic trace history, a power of two, at least the largest delay + 1; + 2 where slots are written a step ahead.</summary>
    public required int TraceSlots { get; init; }
}

/// <summary>Constants of <see cref="PairStdp"/>.</summary>
public sealed class PairStdpPlan : TracePlan
{
    internal PairStdpPlan() { }
    /// <summary>How changes depend on the weight.</summary>
    public required WeightDependence Dependence { get; init; }
    /// <summary>mu of the power law.</summary>
    public required float Exponent { get; init; }
    /// <summary>The order of events within a step.</summary>
    public required StdpOrder Order { get; init; }
    /// <summary>Soft bounds.</summary>
    public bool Multiplicative => Dependence == WeightDependence.Multiplicative;
    /// <summary>A postsynaptic spike sees an arrival of its own step, which has delivered before it was depressed.</summary>
    public bool ArrivalsFirst => Order == StdpOrder.Brian2;
    /// <summary>Power law.</summary>
    public bool PowerLaw => Dependence == WeightDependence.PowerLaw;
}

/// <summary>Constants of <see cref="EligibilityStdp"/>.</summary>
public sealed class EligibilityStdpPlan : TracePlan
{
    internal EligibilityStdpPlan() { }
    /// <summary>Steps between two changes of the weights.</summary>
    public required int ConsolidationSteps { get; init; }
    /// <summary>What is left of the eligibility after one.</summary>
    public required float Retention { get; init; }
    /// <summary>What weights grow by at each.</summary>
    public required float Drift { get; init; }
    /// <summary>Gain without reward.</summary>
    public required float Baseline { get; init; }
    /// <summary>exp(-dt / tau) of the reward.</summary>
    public required float DecayReward { get; init; }
}

/// <summary>Constants of <see cref="TripletStdp"/>.</summary>
public sealed class TripletStdpPlan : TracePlan
{
    internal TripletStdpPlan() { }
    /// <summary>A3+.</summary>
    public required float TripletPlus { get; init; }
    /// <summary>A3-.</summary>
    public required float TripletMinus { get; init; }
    /// <summary>exp(-dt / tau x).</summary>
    public required float DecayX { get; init; }
    /// <summary>exp(-dt / tau y).</summary>
    public required float DecayY { get; init; }
}
