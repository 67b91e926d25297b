namespace TorchBrain.Native.Networks;

/// <summary>The states of the network of Brunel (2000) that its figure 8 shows.</summary>
public enum BrunelState
{
    /// <summary>A: synchronous regular; g 3, external rate 2 times the threshold rate. All fire together, near the largest rate there can be.</summary>
    SynchronousRegular,
    /// <summary>B: fast oscillation, irregular neurons; g 6, 4 times.</summary>
    FastOscillation,
    /// <summary>C: asynchronous irregular; g 5, 2 times.</summary>
    AsynchronousIrregular,
    /// <summary>D: slow oscillation, irregular neurons; g 4.5, 0.9 times.</summary>
    SlowOscillation,
}

/// <summary>
/// The sparsely connected network of Brunel (Journal of Computational Neuroscience 8:183, 2000), model A: 10,000 excitatory and 2,500 inhibitory leaky integrate-and-fire neurons, each with 1,000
/// and 250 synapses of 0.1 mV and -g x 0.1 mV and a delay of 1.5 ms, driven by Poisson spikes as of 1,000 neurons outside. Steps of 0.1 ms.
/// </summary>
public sealed record Brunel
{
    const int Excitatory = 10_000, Inhibitory = 2_500, ExcitatoryInDegree = 1000, InhibitoryInDegree = 250;
    const double JumpMv = 0.1, TauMs = 20, ThresholdMv = 20;

    /// <summary>Which of the four states.</summary>
    public BrunelState State { get; init; } = BrunelState.AsynchronousIrregular;

    /// <summary>Part of the neurons, above 0; synapses per neuron stay, with repeats where there are fewer neurons.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Seed of connectivity, potentials and drive.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How much stronger inhibition is.</summary>
    public double G => State switch { BrunelState.SynchronousRegular => 3, BrunelState.FastOscillation => 6, BrunelState.AsynchronousIrregular => 5, _ => 4.5 };

    /// <summary>External rate in units of <see cref="ThresholdRateHz"/>.</summary>
    public double ExternalRate => State switch { BrunelState.SynchronousRegular => 2, BrunelState.FastOscillation => 4, BrunelState.AsynchronousIrregular => 2, _ => 0.9 };

    /// <summary>The rate of each external neuron that alone would bring the mean potential to the threshold, Hz.</summary>
    public static double ThresholdRateHz => ThresholdMv / (JumpMv * ExcitatoryInDegree * TauMs) * 1000;

    /// <summary>The network; populations <c>E</c> and <c>I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        var neuron = new LeakyIntegrateAndFire
        {
            TauMs = TauMs,
            RestMv = 0,
            ThresholdMv = ThresholdMv,
            ResetMv = 10,
            RefractoryMs = 2,
            InitialMv = Parameter.Uniform(0, ThresholdMv),
            Synapses = new DeltaSynapses(),
        };
        var e = new Population("E", Math.Max(1, (int)Math.Round(Excitatory * Scale))) { Neuron = neuron };
        var i = new Population("I", Math.Max(1, (int)Math.Round(Inhibitory * Scale))) { Neuron = neuron };
        Projection Join(Population source, Population target) => new(source, target)
        {
            Connectivity = new FixedInDegree(ReferenceEquals(source, e) ? ExcitatoryInDegree : InhibitoryInDegree),
            Weight = ReferenceEquals(source, e) ? JumpMv : -G * JumpMv,
            DelayMs = 1.5,
        };
        return new Network
        {
            Name = $"brunel-{"abcd"[(int)State]}",
            Seed = Seed,
            TimeStepMs = 0.1,
            Populations = [e, i],
            Projections = [Join(e, e), Join(e, i), Join(i, e), Join(i, i)],
            Inputs = [.. new[] { e, i }.Select(p => new PoissonInput(p) { RateHz = ExternalRate * ThresholdRateHz * ExcitatoryInDegree, Weight = JumpMv })],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(e) { Steps = recordingSteps }, new SpikeRecording(i) { Steps = recordingSteps }] : [],
        };
    }
}
