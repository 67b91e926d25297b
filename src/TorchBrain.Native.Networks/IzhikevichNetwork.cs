namespace TorchBrain.Native.Networks;

/// <summary>
/// The network of Izhikevich (IEEE Transactions on Neural Networks 14:1569, 2003): four fifths excitatory and one fifth inhibitory cells of spread types, thalamic noise, steps
/// of 1 ms. 1,000 neurons joined all to all are the published one, at 7.6 Hz (excitatory) and 7.3 Hz (inhibitory). Any number of neurons and of synapses per neuron;
/// weights grow as synapses become fewer, so that the mean input stays, while its fluctuation grows.
/// </summary>
public sealed record IzhikevichNetwork
{
    const int Published = 1000;

    /// <summary>Neurons in all, at least 5.</summary>
    public int Neurons { get; init; } = Published;

    /// <summary>Mean number of synapses onto each neuron, at least 5; as many as there are neurons, or more, join all to all, else each pair is joined with the probability that gives this mean.</summary>
    public int SynapsesPerNeuron { get; init; } = Published;

    /// <summary>Seed of cells, connectivity and noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Inhibitory neurons: a fifth.</summary>
    public int Inhibitory => Neurons / 5;

    /// <summary>Excitatory neurons: the rest.</summary>
    public int Excitatory => Neurons - Inhibitory;

    /// <summary>The network; populations <c>E</c> and <c>I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        var e = new Population("E", Excitatory) { Neuron = new Izhikevich { C = Parameter.FromUniform(r => -65 + 15 * r * r, "r"), D = Parameter.FromUniform(r => 8 - 6 * r * r, "r") } };
        var i = new Population("I", Inhibitory) { Neuron = new Izhikevich { A = Parameter.FromUniform(r => 0.02 + 0.08 * r, "r"), B = Parameter.FromUniform(r => 0.25 - 0.05 * r, "r"), D = 2 } };
        return new Network
        {
            Name = "izhikevich",
            Seed = Seed,
            TimeStepMs = 1,
            Populations = [e, i],
            Projections = [.. from target in (Population[])[e, i] from source in (Population[])[e, i] select Projection(source, target, ReferenceEquals(source, e))],
            Inputs = [new GaussianNoise(e) { Deviation = 5 }, new GaussianNoise(i) { Deviation = 2 }],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(e) { Steps = recordingSteps }, new SpikeRecording(i) { Steps = recordingSteps }] : [],
        };
    }

    Projection Projection(Population source, Population target, bool excites)
    {
        var all = SynapsesPerNeuron >= Neurons;
        var scale = Published / (double)(all ? Neurons : SynapsesPerNeuron);
        return new Projection(source, target)
        {
            Connectivity = all ? new AllToAll() : new FixedProbability(Math.Min(1, (double)SynapsesPerNeuron / Neurons)) { SelfConnections = true },
            Weight = excites ? Parameter.Uniform(0, 0.5 * scale) : Parameter.Uniform(-scale, 0),
        };
    }
}
