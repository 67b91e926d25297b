using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Chooses the code for a rule by traces.</summary>
static class TraceKernels
{
    public static SynapseKernel Create<V>(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) where V : struct, ILanes<V> => plan.Learning switch
    {
        PairStdpPlan { Dependence: WeightDependence.PowerLaw } rule => new PairStdpSynapses<V, PowerLawRule<V>>(plan, new(rule), source, target, threads),
        PairStdpPlan { Dependence: WeightDependence.Multiplicative } rule => new PairStdpSynapses<V, MultiplicativeRule<V>>(plan, new(rule), source, target, threads),
        PairStdpPlan rule => new PairStdpSynapses<V, AdditiveRule<V>>(plan, new(rule), source, target, threads),
        EligibilityStdpPlan rule => new TraceSynapses<V, EligibilityRule<V>>(plan, new(rule), [rule.DecayPlus], [rule.DecayMinus], source, target, threads),
        TripletStdpPlan rule => new TraceSynapses<V, TripletRule<V>>(plan, new(rule), [rule.DecayPlus, rule.DecayX], [rule.DecayMinus, rule.DecayY], source, target, threads),
        _ => throw new InvalidOperationException($"The CPU backend has no synapses for {plan.Learning}."),
    };
}
