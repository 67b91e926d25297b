namespace TorchBrain.Native.Tests;

/// <summary>A plastic synapse between two cells that spike in given steps: the pre cell by a list, the post cell because a teacher makes it. The synapse is too weak to matter.</summary>
static class TaughtSynapse
{
    public static Simulation Of(LearningRule rule, IEnumerable<long> pre, IEnumerable<long> post, double delayMs = 1, double weight = 0, double dt = 1)
    {
        var source = new Population("pre", 1) { Neuron = new SpikeArray { Spikes = [.. pre.Select(s => new SourceSpike(s, 0))] } };
        var teacher = new Population("teacher", 1) { Neuron = new SpikeArray { Spikes = [.. post.Select(s => new SourceSpike(s - 1, 0))] } };
        var target = new Population("post", 1) { Neuron = new LeakyIntegrateAndFire { RefractoryMs = 0, Synapses = new DeltaSynapses() } };
        return Simulation.Create(new Network
        {
            TimeStepMs = dt,
            Populations = [source, teacher, target],
            Projections = [new Projection(source, target) { Connectivity = new OneToOne(), Weight = weight, DelayMs = delayMs, Learning = rule }, new Projection(teacher, target) { Connectivity = new OneToOne(), Weight = 30 }],
        }, ParityRun.Cpu(1));
    }

    public static float Weight(Simulation simulation)
    {
        var weight = new float[1];
        simulation.ReadWeights(simulation.Projection("pre", "post"), weight);
        return weight[0];
    }
}
