namespace TorchBrain.Native.Networks;

/// <summary>
/// The cortical microcircuit of Potjans and Diesmann (Cerebral Cortex 24:785, 2014): four layers with an excitatory and an inhibitory population each, 77,169 leaky
/// integrate-and-fire neurons with exponential currents and 298,880,968 synapses under 1 square mm of cortex, in steps of 0.1 ms. The thalamus is left out. Any part of the
/// neurons and of the synapses per neuron can be simulated; what fewer synapses lack is made up for as by van Albada, Helias and Diesmann (2015): weights grow by the root of
/// the factor, and a constant current restores the mean, so that rates stay near the full ones while correlations
/// grow. Measured over 10 s: a tenth of the neurons with half of the synapses fires within 10 % of <see cref="ReferenceRatesHz"/>, with a tenth of the synapses at 54 to 92 % of them.
/// </summary>
/// <remarks>
/// Differences from the reference implementation: static weights are kept in 16 bits times a power of two (the plan prints it); input sums are integers; Poisson input
/// has at most the events of a step that the plan lists. Weights are normal and clipped at 0, ten deviations away. Delays are normal, drawn anew below half a step, and
/// rounded to whole steps, as there.
/// </remarks>
public sealed record Microcircuit
{
    /// <summary>Length of a step, ms.</summary>
    public const double StepMs = 0.1;

    /// <summary>Names of the populations, from layer 2/3 to 6, excitatory first.</summary>
    public static IReadOnlyList<string> PopulationNames { get; } = MicrocircuitTable.Names;

    /// <summary>Neurons of each population at full scale.</summary>
    public static IReadOnlyList<int> FullNeurons { get; } = MicrocircuitTable.Neurons;

    /// <summary>Mean rates of the full network with Poisson drive, Hz: one run of the reference implementation. Other seeds and simulators give 3 to 5 % more or less.</summary>
    public static IReadOnlyList<double> ReferenceRatesHz { get; } = MicrocircuitTable.RatesHz;

    /// <summary>Part of the neurons, above 0; 1 for all.</summary>
    public double NeuronScale { get; init; } = 1;

    /// <summary>Part of the synapses per neuron, external ones included, above 0; 1 for all.</summary>
    public double InDegreeScale { get; init; } = 1;

    /// <summary>
    /// What stands for the rest of the brain. With a small <see cref="InDegreeScale"/> the constant current alone leaves the network silent: the restored mean lies below threshold, and
    /// nothing fluctuates before the first spike.
    /// </summary>
    public MicrocircuitDrive Drive { get; init; } = MicrocircuitDrive.Poisson;

    /// <summary>True for potentials at the start of each population's own, which spare a transient; false for N(-58, 10) mV, as first published.</summary>
    public bool OptimisedStart { get; init; } = true;

    /// <summary>Seed of connectivity, potentials and drive.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Neurons of a population at this scale, by its place in <see cref="PopulationNames"/>.</summary>
    public int Neurons(int population) => (int)Math.Round(MicrocircuitTable.Neurons[population] * NeuronScale);

    /// <summary>Synapses of a projection at this scale.</summary>
    /// <param name="target">Place of the target in <see cref="PopulationNames"/>.</param>
    /// <param name="source">Place of the source.</param>
    public long Synapses(int target, int source) => (long)Math.Round(MicrocircuitTable.Synapses(target, source) * NeuronScale * InDegreeScale);

    /// <summary>Synapses of the network at this scale.</summary>
    public long TotalSynapses => (from target in All from source in All select Synapses(target, source)).Sum();

    /// <summary>Neurons of the network at this scale.</summary>
    public long TotalNeurons => All.Sum(p => (long)Neurons(p));

    static IEnumerable<int> All => Enumerable.Range(0, MicrocircuitTable.Populations);

    /// <summary>The network.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        Population[] populations = [.. All.Select(Population)];
        return new Network
        {
            Name = "microcircuit",
            Seed = Seed,
            TimeStepMs = StepMs,
            Populations = populations,
            Projections = [.. from target in All from source in All where Synapses(target, source) > 0 select Projection(populations, target, source)],
            Inputs = [.. All.SelectMany(p => Inputs(populations[p], p))],
            Recordings = recordingSteps > 0 ? [.. populations.Select(p => new SpikeRecording(p) { Steps = recordingSteps })] : [],
        };
    }

    Population Population(int p) => new(MicrocircuitTable.Names[p], Neurons(p))
    {
        Neuron = new LeakyIntegrateAndFire
        {
            TauMs = 10,
            CapacitancePf = 250,
            RestMv = -65,
            ResetMv = -65,
            ThresholdMv = -50,
            RefractoryMs = 2,
            InitialMv = OptimisedStart ? Parameter.Normal(MicrocircuitTable.StartMv[p], MicrocircuitTable.StartDeviationMv[p]) : Parameter.Normal(-58, 10),
            Synapses = new ExponentialSynapses { TauMs = MicrocircuitTable.SynapticTauMs },
        },
    };

    Projection Projection(Population[] populations, int target, int source)
    {
        var (mean, excites) = (MicrocircuitTable.Weight(target, source) / Math.Sqrt(InDegreeScale), MicrocircuitTable.IsExcitatory(source));
        var deviation = MicrocircuitTable.RelativeDeviation * Math.Abs(mean);
        return new Projection(populations[source], populations[target])
        {
            Connectivity = new FixedTotal(Synapses(target, source)),
            Weight = excites ? Parameter.Normal(mean, deviation, min: 0) : Parameter.Normal(mean, deviation, max: 0),
            DelayMs = excites ? Delay(1.5) : Delay(0.75),
        };
    }

    // Normal with a deviation of half the mean, without the part that would round to no step at all.
    static Parameter Delay(double mean) => Parameter.TruncatedNormal(mean, 0.5 * mean, min: 0.5 * StepMs);

    IEnumerable<Input> Inputs(Population population, int p)
    {
        var lost = 1 - Math.Sqrt(InDegreeScale);
        var current = lost * MicrocircuitTable.RecurrentCurrent(p);
        if (Drive == MicrocircuitDrive.Constant)
            current += MicrocircuitTable.ExternalCurrent(p);
        else
        {
            current += lost * MicrocircuitTable.ExternalCurrent(p);
            yield return new PoissonInput(population)
            {
                RateHz = MicrocircuitTable.ExternalRateHz * Math.Round(MicrocircuitTable.ExternalInDegree[p] * InDegreeScale),
                Weight = MicrocircuitTable.WeightPa / Math.Sqrt(InDegreeScale),
            };
        }
        if (current != 0)
            yield return new CurrentInjection(population) { Amplitude = current };
    }
}
