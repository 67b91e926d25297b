using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cli;

/// <summary>A plastic synapse between two cells that spike in given steps: a teacher makes the post cell spike, the synapse itself is too weak to matter.</summary>
sealed class TaughtSynapse : IDisposable
{
    readonly ProjectionHandle _plastic;
    readonly float[] _value = new float[1];

    /// <param name="context">Where it runs.</param>
    /// <param name="rule">How it learns.</param>
    /// <param name="pre">Steps of the presynaptic spikes.</param>
    /// <param name="post">Steps of the postsynaptic spikes, at least 1.</param>
    /// <param name="delay">Delay in steps of 1 ms.</param>
    public TaughtSynapse(VerifyContext context, LearningRule rule, IEnumerable<long> pre, IEnumerable<long> post, int delay)
    {
        var source = new Population("pre", 1) { Neuron = new SpikeArray { Spikes = [.. pre.Select(s => new SourceSpike(s, 0))] } };
        var teacher = new Population("teacher", 1) { Neuron = new SpikeArray { Spikes = [.. post.Select(s => new SourceSpike(s - 1, 0))] } };
        var target = new Population("post", 1) { Neuron = new LeakyIntegrateAndFire { RefractoryMs = 0, Synapses = new DeltaSynapses() } };
        Simulation = context.Simulate(new Network
        {
            Populations = [source, teacher, target],
            Projections = [new Projection(source, target) { Connectivity = new OneToOne(), Weight = 0, DelayMs = delay, Learning = rule }, new Projection(teacher, target) { Connectivity = new OneToOne(), Weight = 30 }],
        });
        _plastic = Simulation.Projection("pre", "post");
    }

    /// <summary>The running network.</summary>
    public Simulation Simulation { get; }

    /// <summary>The weight now.</summary>
    public double Weight
    {
        get
        {
            Simulation.ReadWeights(_plastic, _value);
            return _value[0];
        }
    }

    /// <summary>The eligibility now, where the rule has one.</summary>
    public double Eligibility
    {
        get
        {
            Simulation.ReadBuffer<float>(Simulation.Plan.Buffer(BufferKind.Eligibility, _plastic.Index)!, _value);
            return _value[0];
        }
    }

    /// <summary>Adds to the reward.</summary>
    public void Reward(double amount) => Simulation.AddReward(_plastic, (float)amount);

    public void Dispose() => Simulation.Dispose();
}
