namespace TorchBrain.Native.Networks;

/// <summary>A published network under a name: how it is made, how long it has to be watched, and what must come out.</summary>
public sealed record PublishedNetwork
{
    /// <summary>Short name, as <c>torchbrain run</c> takes it.</summary>
    public required string Name { get; init; }
    /// <summary>What it is, in a line.</summary>
    public required string Title { get; init; }
    /// <summary>Makes it at a scale, with a seed and a window of spike recordings in steps.</summary>
    public required Func<double, ulong, int, Network> Make { get; init; }
    /// <summary>Time before the measurement, ms.</summary>
    public double SettleMs { get; init; }
    /// <summary>Time of the measurement for which the bands hold, ms.</summary>
    public required double MeasureMs { get; init; }
    /// <summary>Bands at the scales from <see cref="LeastScale"/> to <see cref="MostScale"/>.</summary>
    public required IReadOnlyList<Band> Bands { get; init; }
    /// <summary>Least scale for which the bands hold.</summary>
    public double LeastScale { get; init; } = 1;
    /// <summary>Largest scale for which the bands hold.</summary>
    public double MostScale { get; init; } = 1;
    /// <summary>What is known where no band holds, in a sentence; null where there is nothing to say.</summary>
    public string? Elsewhere { get; init; }

    /// <summary>Whether the bands hold for a scale and a time of measurement in ms.</summary>
    public bool HasBandsFor(double scale, double measuredMs) => Bands.Count > 0 && scale >= LeastScale && scale <= MostScale && measuredMs >= MeasureMs;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublishedNetwork> All { get; } =
    [
        Microcircuit("microcircuit", "Cortical microcircuit of Potjans and Diesmann (2014), Poisson drive", MicrocircuitDrive.Poisson),
        Microcircuit("microcircuit-dc", "The same with constant drive", MicrocircuitDrive.Constant),
        new()
        {
            Name = "cuba",
            Title = "Current-based balanced network of Vogels and Abbott (2005), fixed in-degree",
            Make = (scale, seed, window) => new Cuba { Scale = scale, Seed = seed }.Network(window),
            SettleMs = 500, // 3 s in all, as the bands were found; the variation of intervals grows with the time watched
            MeasureMs = 2500,
            Bands = [Band.Rate("E", 5.16, 0.15), Band.Rate("I", 5.16, 0.15), new("CV of intervals, E", 0.70, 0.78, a => a["E"].IsiCv)],
        },
        Coba("coba", "Conductance-based balanced network of Vogels and Abbott (2005), forward Euler", ConductanceScheme.ForwardEuler),
        Coba("coba-exponential", "The same with exponential Euler", ConductanceScheme.ExponentialEuler),
        Brunel("brunel-a", "Brunel (2000), state A: synchronous regular", BrunelState.SynchronousRegular, 200, 500, new Band("rate of E, Hz", 300, 350, a => a["E"].RateHz)),
        Brunel("brunel-b", "Brunel (2000), state B: fast oscillation", BrunelState.FastOscillation, 500, 2000,
            new Band("rate of E, Hz", 55.8, 60.7, a => a["E"].RateHz), new Band("peak of the population's power, Hz", 170, 185, a => a["E"].PeakHz)),
        Brunel("brunel-c", "Brunel (2000), state C: asynchronous irregular", BrunelState.AsynchronousIrregular, 500, 3000, Band.Rate("E", 37.5, 1.0)),
        Brunel("brunel-d", "Brunel (2000), state D: slow oscillation", BrunelState.SlowOscillation, 1000, 5000,
            Band.Rate("E", 5.8, 0.5), new Band("peak of the population's power, Hz", 21, 28, a => a["E"].PeakHz)),
        Izhikevich("izhikevich", "Izhikevich (2003): 1,000 neurons, all to all", 1000, 1000, new Band("rate of E, Hz", 6.9, 8.2, a => a["E"].RateHz), new Band("rate of I, Hz", 6.4, 8.3, a => a["I"].RateHz)),
        Izhikevich("izhikevich-10k", "The same with 10,000 neurons of 1,000 synapses", 10_000, 1000),
        Izhikevich("izhikevich-10k-100", "The same with 10,000 neurons of 100 synapses", 10_000, 100),
        Izhikevich("izhikevich-100k", "The same with 100,000 neurons of 1,000 synapses", 100_000, 1000),
        Izhikevich("izhikevich-100k-100", "The same with 100,000 neurons of 100 synapses", 100_000, 100),
        Plastic("stdp", "10,000 sources onto 10,000 neurons, 10,000,000 synapses that learn by pair STDP", learns: true),
        Plastic("stdp-static", "The same without learning", learns: false),
        new()
        {
            Name = "polychronisation",
            Title = "Polychronisation (Izhikevich 2006): 1,000 neurons, delays of 1 to 20 ms, learning once a second",
            Make = (scale, seed, window) => new Polychronisation { Scale = scale, Seed = seed }.Network(window),
            SettleMs = 60_000,
            MeasureMs = 60_000,
            Bands = [new("rate of E, Hz", 2.8, 4.6, a => a["E"].RateHz), new("rate of I, Hz", 23, 35, a => a["I"].RateHz)],
        },
        new()
        {
            Name = "hpc_benchmark",
            Title = "NEST's hpc_benchmark: alpha currents, power-law STDP between excitatory neurons; 11,250 neurons of 11,250 synapses at scale 1",
            Make = (scale, seed, window) => new HpcBenchmark { Scale = scale, InDegreeScale = Math.Min(1, scale), Seed = seed }.Network(window),
            SettleMs = 50,
            MeasureMs = 250,
            LeastScale = 10,
            MostScale = double.PositiveInfinity,
            Bands = [new("rate of E, Hz", 0.1, 10, a => a["E"].RateHz)],
            Elsewhere = "No band: the source gives one, below 10 Hz, for scales of 10 and more only. At scale 1 the network synchronises; below it synapses per neuron shrink with the neurons.",
        },
    ];

    /// <summary>The one of a name.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.ValueOutOfRange"/>: there is none.</exception>
    public static PublishedNetwork Named(string name) => All.FirstOrDefault(n => n.Name == name)
        ?? throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"There is no network '{name}'.", $"Use one of {string.Join(", ", All.Select(n => n.Name))}.");

    static PublishedNetwork Microcircuit(string name, string title, MicrocircuitDrive drive) => new()
    {
        Name = name,
        Title = title,
        Make = (scale, seed, window) => new Microcircuit { NeuronScale = scale, InDegreeScale = scale, Drive = drive, Seed = seed }.Network(window) with { Name = name },
        SettleMs = 1000,
        MeasureMs = 10_000,
        Bands = drive == MicrocircuitDrive.Constant ? [] :
        [
            .. Networks.Microcircuit.PopulationNames.Select((p, i) => Band.Rate(p, Networks.Microcircuit.ReferenceRatesHz[i], Networks.Microcircuit.ReferenceRatesHz[i] * (p is "L23E" or "L6E" ? 0.10 : p.EndsWith('E') ? 0.05 : 0.04))),
            .. Networks.Microcircuit.PopulationNames.Select(p => new Band($"CV of intervals in 5 s, {p}", 0.70, 0.85, a => a.IsiCv(p, 5000))), // docs/decisions/0016-cv-of-five-seconds.md
        ],
    };

    static PublishedNetwork Coba(string name, string title, ConductanceScheme scheme) => new()
    {
        Name = name,
        Title = title,
        Make = (scale, seed, window) => new Coba { Scale = scale, Seed = seed, Scheme = scheme }.Network(window) with { Name = name },
        SettleMs = 500,
        MeasureMs = 5000,
        Bands = [new("rate of E, Hz", 18.5, 20.5, a => a["E"].RateHz)],
    };

    static PublishedNetwork Brunel(string name, string title, BrunelState state, double settleMs, double measureMs, params Band[] bands) => new()
    {
        Name = name,
        Title = title,
        Make = (scale, seed, window) => new Brunel { State = state, Scale = scale, Seed = seed }.Network(window),
        SettleMs = settleMs,
        MeasureMs = measureMs,
        Bands = bands,
    };

    static PublishedNetwork Izhikevich(string name, string title, int neurons, int synapses, params Band[] bands) => new()
    {
        Name = name,
        Title = title,
        Make = (scale, seed, window) => new IzhikevichNetwork { Neurons = Math.Max(5, (int)Math.Round(neurons * scale)), SynapsesPerNeuron = synapses, Seed = seed }.Network(window) with { Name = name },
        MeasureMs = 1000,
        Bands = bands,
    };

    static PublishedNetwork Plastic(string name, string title, bool learns) => new()
    {
        Name = name,
        Title = title,
        Make = (scale, seed, window) => new PlasticProjection { Scale = scale, Seed = seed, Learns = learns }.Network(window),
        SettleMs = 500,
        MeasureMs = 2000,
        Bands = [Band.Rate("pre", 10, 0.1)],
    };
}
