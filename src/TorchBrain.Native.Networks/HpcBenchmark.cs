namespace TorchBrain.Native.Networks;

/// <summary>
/// The network that NEST measures supercomputers with (hpc_benchmark; after Morrison, Aertsen and Diesmann, Neural Computation 19:1437, 2007): 9,000 s excitatory and 2,250 s inhibitory leaky
/// integrate-and-fire neurons at scale s, each with 9,000 and 2,250 synapses whatever the scale, alpha currents, and synapses between excitatory neurons that learn by a power law. Poisson
/// spikes drive every neuron. Steps of 0.1 ms. Made for s of 10 and more, where it fires below 10 Hz; at s = 1 every neuron hears every other and the network synchronises.
/// </summary>
public sealed record HpcBenchmark
{
    const int Excitatory = 9_000, Inhibitory = 2_250;
    const double TauMs = 10, CapacitancePf = 250, ThresholdMv = 20, Eta = 1.685, G = 5;

    /// <summary>Time to peak of a synaptic current, ms: the potential then peaks 1.700759 ms after the arrival.</summary>
    public const double SynapticTauMs = 0.32582722403722841;

    /// <summary>Excitatory weight, pA: a potential of 0.14 mV.</summary>
    public const double WeightPa = 45.609600;

    /// <summary>s: neurons in units of 11,250, above 0.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Part of the synapses per neuron, above 0; 1 for all. Weights and drive stay, so with fewer synapses there is less inhibition and rates grow.</summary>
    public double InDegreeScale { get; init; } = 1;

    /// <summary>Seed of connectivity, potentials and drive.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Poisson spikes onto each neuron, Hz: 1.685 times what brings the mean potential to the threshold, where one spike adds e tau_syn J of charge.</summary>
    public static double DriveHz => Eta * ThresholdMv / (TauMs / CapacitancePf * WeightPa * Math.E * SynapticTauMs) * 1000;

    /// <summary>The network; populations <c>E</c> and <c>I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        var neuron = new LeakyIntegrateAndFire
        {
            TauMs = TauMs,
            CapacitancePf = CapacitancePf,
            RestMv = 0,
            ThresholdMv = ThresholdMv,
            ResetMv = 0,
            RefractoryMs = 0.5,
            InitialMv = Parameter.Normal(5.7, 7.2),
            Synapses = new AlphaSynapses { TauMs = SynapticTauMs },
        };
        var e = new Population("E", Scaled(Excitatory, Scale)) { Neuron = neuron };
        var i = new Population("I", Scaled(Inhibitory, Scale)) { Neuron = neuron };
        Projection Join(Population source, Population target)
        {
            var excites = ReferenceEquals(source, e);
            return new Projection(source, target)
            {
                Connectivity = new FixedInDegree(Scaled(excites ? Excitatory : Inhibitory, InDegreeScale)),
                Weight = excites ? WeightPa : -G * WeightPa,
                DelayMs = 1.5,
                Learning = excites && ReferenceEquals(target, e) ? Rule : null,
            };
        }
        return new Network
        {
            Name = "hpc_benchmark",
            Seed = Seed,
            TimeStepMs = 0.1,
            Populations = [e, i],
            Projections = [Join(e, e), Join(e, i), Join(i, e), Join(i, i)],
            Inputs = [.. new[] { e, i }.Select(p => new PoissonInput(p) { RateHz = DriveHz, Weight = WeightPa })],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(e) { Steps = recordingSteps }, new SpikeRecording(i) { Steps = recordingSteps }] : [],
        };
    }

    // The power law has no bound; its weights settle near the initial ones, and ten times that is never reached.
    static PairStdp Rule { get; } = new()
    {
        WeightDependence = WeightDependence.PowerLaw,
        PotentiationAmplitude = 0.1,
        DepressionAmplitude = 0.1 * 0.0513,
        Exponent = 0.4,
        ReferenceWeight = 1,
        TauPlusMs = 15,
        TauMinusMs = 30,
        MaxWeight = 10 * WeightPa,
    };

    static int Scaled(int full, double scale) => Math.Max(1, (int)Math.Round(full * scale));
}
