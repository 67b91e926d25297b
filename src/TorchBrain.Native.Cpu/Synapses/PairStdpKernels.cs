using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Chooses the code for a pair rule.</summary>
static class PairStdpKernels
{
    public static SynapseKernel Create<V>(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) where V : struct, ILanes<V>
    {
        var rule = (PairStdpPlan)plan.Learning!;
        return rule.Dependence switch
        {
            WeightDependence.PowerLaw => new PairStdpSynapses<V, PowerLawRule<V>>(plan, new(rule), source, target, threads),
            WeightDependence.Multiplicative => new PairStdpSynapses<V, MultiplicativeRule<V>>(plan, new(rule), source, target, threads),
            _ => new PairStdpSynapses<V, AdditiveRule<V>>(plan, new(rule), source, target, threads),
        };
    }
}
