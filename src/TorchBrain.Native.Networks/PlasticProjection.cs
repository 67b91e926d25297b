namespace TorchBrain.Native.Networks;

/// <summary>
/// A load for plasticity, not a model of anything: Poisson sources drive as many leaky integrate-and-fire neurons through synapses that all learn by pair STDP with soft bounds
/// (time constants and ratio of amplitudes of Song, Miller and Abbott, Nature Neuroscience 3:919, 2000), in steps of 1 ms. Soft bounds keep weights spread around the middle, so that
/// the neurons go on firing, at 5 to 11 Hz in the first 20 s. At scale 1: 10,000 on either side, 10,000,000 plastic synapses.
/// </summary>
public sealed record PlasticProjection
{
    /// <summary>Part of the neurons on either side, above 0; the synapses per neuron stay, so that rates do.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Synapses onto each neuron, repeats allowed.</summary>
    public int InDegree { get; init; } = 1000;

    /// <summary>Rate of each source, Hz.</summary>
    public double RateHz { get; init; } = 10;

    /// <summary>Largest weight, pA. The default lets 1,000 sources of 10 Hz drive a neuron at a rate near theirs.</summary>
    public double MaxWeightPa { get; init; } = 13.3;

    /// <summary>Whether the synapses learn. Without, the same network with weights as they were drawn: what learning costs is the ratio of the two.</summary>
    public bool Learns { get; init; } = true;

    /// <summary>Seed of connectivity, weights and spikes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Neurons on either side.</summary>
    public int Neurons => (int)Math.Round(10_000 * Scale);

    /// <summary>Plastic synapses.</summary>
    public long Synapses => (long)Neurons * InDegree;

    /// <summary>The network; populations <c>pre</c> and <c>post</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        var pre = new Population("pre", Neurons) { Neuron = new PoissonSource { RateHz = RateHz } };
        var post = new Population("post", Neurons)
        {
            Neuron = new LeakyIntegrateAndFire { InitialMv = Parameter.Uniform(-65, -50), Synapses = new ExponentialSynapses { TauMs = 5 } },
        };
        return new Network
        {
            Name = Learns ? "stdp" : "stdp-static",
            Seed = Seed,
            TimeStepMs = 1,
            Populations = [pre, post],
            Projections =
            [
                new Projection(pre, post)
                {
                    Connectivity = new FixedInDegree(InDegree),
                    Weight = Parameter.Uniform(0, MaxWeightPa),
                    DelayMs = 1,
                    Learning = Learns ? Rule : null,
                },
            ],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(pre) { Steps = recordingSteps }, new SpikeRecording(post) { Steps = recordingSteps }] : [],
        };
    }

    PairStdp Rule => new()
    {
        PotentiationAmplitude = 0.005,
        DepressionAmplitude = 0.00525,
        TauPlusMs = 20,
        TauMinusMs = 20,
        MaxWeight = MaxWeightPa,
        WeightDependence = WeightDependence.Multiplicative,
    };
}
