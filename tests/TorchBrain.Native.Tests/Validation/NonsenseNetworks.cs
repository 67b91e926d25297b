namespace TorchBrain.Native.Tests;

/// <summary>
/// Random small networks, a pure function of a number, with random nonsense in them. Numbers that are allowed but make the equations themselves run away (an
/// Izhikevich neuron at a current of 1e9) are left out: the state would not stay finite, and rightly so.
/// </summary>
sealed class NonsenseNetworks
{
    static readonly double[] s_nonsense = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 1e39, -1e39];
    static readonly int[] s_nonsenseCounts = [0, -1, int.MinValue, int.MaxValue];

    readonly int _oneIn;
    RandomSequence _random;

    NonsenseNetworks(ulong seed)
    {
        _random = new RandomSequence(seed, RandomStream.Named("nonsense"));
        _oneIn = Pick(int.MaxValue, 200, 50, 10);
    }

    public static Network Of(ulong seed) => new NonsenseNetworks(seed).Network();

    T Pick<T>(params ReadOnlySpan<T> from) => from[_random.NextBelow(from.Length)];
    bool Odd() => _random.NextBelow(_oneIn) == 0;
    bool Coin() => _random.NextBelow(2) == 0;
    double Number(params ReadOnlySpan<double> sensible) => Odd() ? Pick<double>(s_nonsense) : Pick(sensible);
    int Count(params ReadOnlySpan<int> sensible) => Odd() ? Pick<int>(s_nonsenseCounts) : Pick(sensible);
    T OrNull<T>(T value) where T : class? => Odd() ? null! : value;
    T Choice<T>() where T : struct, Enum => Odd() ? (T)Enum.ToObject(typeof(T), 77) : Pick<T>(Enum.GetValues<T>());

    Network Network()
    {
        var populations = new Population[1 + _random.NextBelow(3)];
        for (var i = 0; i < populations.Length; i++)
        {
            var count = Count(1, 2, 7, 33, 70);
            // The first one can be a target, so that there is one.
            populations[i] = new Population(Odd() ? Pick("", null!, "p0") : $"p{i}", count) { Neuron = OrNull(Model(i == 0 ? 3 : 5)), Geometry = Coin() ? null : Shape(count), Lesionable = Coin() };
        }
        Population Any() => Odd() ? Pick(null!, new Population("x", 3) { Neuron = new PoissonSource() }) : Pick<Population>(populations);
        Population Target() => Any() is var any && any?.Neuron is PoissonSource or SpikeArray && !Odd() ? populations[0] : any!;
        return new Network
        {
            Name = OrNull("nonsense"),
            Seed = _random.NextUInt32(),
            TimeStepMs = Odd() ? Pick(0, -1, 100) : Number(0.1, 0.5, 1),
            Batch = Odd() ? Pick(0, -1, int.MaxValue) : Pick(1, 1, 1, 3),
            Populations = OrNull(populations),
            Projections = OrNull(Many(i => Join(i, Any(), Target()))),
            Inputs = OrNull(Many(i => Drive(i, Target()))),
            Recordings = OrNull(Many(_ => Keep(Target()))),
        };
    }

    T[] Many<T>(Func<int, T> make) where T : class
    {
        var parts = new T[_random.NextBelow(3)];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = OrNull(make(i));
        return parts;
    }

    Parameter Drawn(params ReadOnlySpan<double> sensible)
    {
        double a = Number(sensible), b = Number(sensible);
        return OrNull(_random.NextBelow(8) switch
        {
            0 => Parameter.Uniform(a, b),
            1 => Parameter.Normal(a, Number(0), Number(Math.Min(a, b)), Number(Math.Max(a, b))),
            2 => Parameter.FromUniform(Odd() ? null! : u => u < 0.5 ? a : b),
            3 when Odd() => Parameter.FromUniform(_ => throw new InvalidOperationException("nonsense")),
            4 when Odd() => Parameter.Values(null!),
            5 when Odd() => Parameter.FromDistance(_ => a),
            6 when Odd() => Parameter.FromPosition((_, _) => a),
            7 when Odd() => Parameter.Values([(float)a, (float)b]),
            _ => a,
        });
    }

    NeuronModel Model(int kinds) => _random.NextBelow(kinds) switch
    {
        0 => new Izhikevich
        {
            A = Drawn(0.02, 0.1),
            B = Drawn(0.2, 0.25),
            C = Drawn(-65, -50),
            D = Drawn(2, 8),
            InitialV = Drawn(-65, -70),
            InitialU = Coin() ? null : Drawn(-13, 0),
            PeakMv = Number(30),
            Quadratic = Number(0.04),
            Linear = Number(5),
            Offset = Number(140),
            RecoveryReferenceMv = Number(0, -65),
            RecoveryDecay = Number(0, 1),
            Scheme = Choice<IzhikevichScheme>(),
        },
        1 => new LeakyIntegrateAndFire
        {
            TauMs = Drawn(10, 20, 1e-3, 1e7),
            CapacitancePf = Drawn(250, 1),
            RestMv = Drawn(-65, -70),
            ThresholdMv = Drawn(-50, -45),
            ResetMv = Drawn(-65, -60),
            RefractoryMs = Number(0, 2, 1e4),
            InitialMv = Coin() ? null : Drawn(-65, 1000, -1000),
            Synapses = OrNull(Synapses()),
        },
        2 => new ThresholdLinear { Threshold = Drawn(0, 1, -1, 70), Competition = Choice<Competition>() },
        3 => new PoissonSource { RateHz = Drawn(0, 10, 1e7) },
        _ => new SpikeArray { Spikes = OrNull<IReadOnlyList<SourceSpike>>([new(_random.NextBelow(5), Odd() ? 99 : 0), new(long.MaxValue, 0), new(Odd() ? -1 : 2, 0)]) },
    };

    SynapseModel Synapses() => _random.NextBelow(4) switch
    {
        0 => new DeltaSynapses(),
        1 => new ExponentialSynapses { TauMs = Number(0.5, 5, 1e6), TauInhibitoryMs = Coin() ? null : Number(1, 10) },
        2 => new AlphaSynapses { TauMs = Number(0.5, 5, 1e6), TauInhibitoryMs = Coin() ? null : Number(1, 10) },
        _ => new ConductanceSynapses
        {
            TauMs = Number(0.5, 5, 1e6),
            TauInhibitoryMs = Number(1, 10),
            ReversalMv = Number(0, 10),
            InhibitoryReversalMv = Number(-80, -70),
            InitialExcitatoryNs = Coin() ? null : Drawn(0, 40),
            InitialInhibitoryNs = Coin() ? null : Drawn(0, 200),
            Scheme = Choice<ConductanceScheme>(),
        },
    };

    Geometry Shape(int count)
    {
        var placement = Choice<NodePlacement>();
        double a = Number(1, 30), b = Number(31, 40);
        return _random.NextBelow(7) switch
        {
            0 => new Square(a) { Placement = placement },
            1 => new Disc(a) { Placement = placement },
            2 => new Torus(a, b) { Placement = placement },
            3 => new Annulus(a, b) { Placement = placement },
            4 => new Sphere(a) { Placement = placement },
            5 => new Polygon(OrNull<IReadOnlyList<Point2>>([new(0, 0), new(a, 0), new(0, b)])) { Placement = placement },
            _ => new Points(OrNull<IReadOnlyList<Position>>([.. Enumerable.Repeat(new Position((float)Number(0.5, 0.25), 0.5f, 0), Odd() ? 2 : Math.Clamp(count, 0, 99))])) { Metric = OrNull<Geometry>(new Square(a)) },
        };
    }

    Projection Join(int index, Population source, Population target)
    {
        var winners = target?.Neuron is ThresholdLinear && target != source && Coin() || Odd();
        var writable = !winners && _random.NextBelow(4) == 0;
        var rule = winners || writable ? new AllToAll() : Rule(source, target!);
        return new Projection(source, target!)
        {
            Name = Odd() ? "" : $"j{index}",
            Connectivity = OrNull(rule),
            Weight = rule is ExplicitList && !Odd() ? 1 : winners ? Number(0.5, 1) : Drawn(0, 0.5, 1, 5),
            DelayMs = Odd() ? Drawn(0, -1, 1e-300) : Coin() ? null : rule is ExplicitList || winners || writable ? Number(1, 30) : Drawn(1, 2, 30),
            Receptor = Odd() ? Choice<Receptor>() : Receptor.Auto,
            WritableUpTo = writable ? Number(5, 1e9) : null,
            Learning = winners ? Winners() : writable && !Odd() || Coin() ? null : Timing(),
        };
    }

    LearningRule Timing() => _random.NextBelow(3) switch { 0 => Eligibility(), 1 => Triplets(), _ => Pairs() };

    EligibilityStdp Eligibility() => new()
    {
        PotentiationAmplitude = Number(0.1, 1e6),
        DepressionAmplitude = Number(0.12, -1e6),
        ConsolidationIntervalMs = Number(1000, 10, 1),
        Retention = Number(0, 0.9, 1),
        Drift = Number(0.01, -1e6),
        Baseline = Number(1, 0.002),
        TauRewardMs = Number(200, 1e9),
        MaxWeight = Number(10, 0, 1e9),
    };

    TripletStdp Triplets() => new()
    {
        PairPotentiation = Number(0, 5e-10),
        TripletPotentiation = Number(6.2e-3, 1e6),
        PairDepression = Number(7e-3, -1e6),
        TripletDepression = Number(2.3e-4, 0),
        TauXMs = Number(101, 1e-3),
        TauYMs = Number(125, 1e6),
        MinWeight = Number(0, -1),
        MaxWeight = Number(1, 1e9),
    };

    PairStdp Pairs() => new()
    {
        PotentiationAmplitude = Number(0.1, -0.1, 1e6),
        DepressionAmplitude = Number(0.1, 0),
        TauPlusMs = Number(20, 1e-3, 1e6),
        TauMinusMs = Number(20, 5),
        MinWeight = Number(0, 0.5),
        MaxWeight = Number(1, 1e9),
        WeightDependence = Choice<WeightDependence>(),
    };

    WinnerTakeAllHebbian Winners() => new()
    {
        LearningRate = Number(0, 0.1, 1e6),
        ThresholdGain = Number(0, 0.005),
        MeanWeight = Number(2.5, 1e-6),
        ResetEverySteps = Count(0, 2, 1000),
        ResetBelowWins = Count(0, 200),
        ResetFraction = Number(0, 0.2, 1000),
    };

    Connectivity Rule(Population source, Population target) => _random.NextBelow(7) switch
    {
        1 when Odd() || source?.Count == target?.Count => new OneToOne(),
        2 => new FixedProbability(Odd() ? Pick(-1, 1.5, 1e-300) : Number(0, 0.3, 1)) { SelfConnections = Coin() },
        3 => new FixedInDegree(Count(0, 1, 3)) { SelfConnections = Coin(), Multapses = Coin() },
        6 => new FixedTotal(Odd() ? Pick(-1, int.MinValue) : Pick(0, 1, 40)) { SelfConnections = Coin() }, // 2,147,483,647 would fit the memory of many a machine, and take minutes
        4 => new ExplicitList(OrNull<IReadOnlyList<Synapse>>(
            [new(0, 0), new(0, 0, (float)Number(1, 2), Coin() ? null : (float)Number(1, 3)), new(Odd() ? -1 : (source?.Count ?? 1) - 1, Odd() ? 1 << 20 : (target?.Count ?? 1) - 1)])),
        5 when Odd() || source?.Geometry is not null && target?.Geometry is not null => new DistanceKernel { WeightAt = OrNull<Func<double, double>>(d => d < 5 ? 2 : -1), CutOff = Odd() ? 0 : Number(10, double.PositiveInfinity), SelfConnections = Coin() },
        _ => new AllToAll { SelfConnections = Coin() },
    };

    Input Drive(int index, Population target) => _random.NextBelow(4) switch
    {
        0 => new CurrentInjection(target) { Name = $"i{index}", Amplitude = Drawn(0, 5, 20) },
        1 => new GaussianNoise(target) { Name = $"i{index}", Deviation = Odd() ? -1 : Drawn(0, 5) },
        2 => new RandomPulse(target) { Name = $"i{index}", Amplitude = Number(20, -5), Among = Coin() ? null : Count(1000, int.MaxValue) },
        _ => new PoissonInput(target) { Name = Odd() ? " " : $"i{index}", RateHz = Odd() ? -1 : Number(0, 100, 6000), Weight = Number(1, 2, 0), Receptor = Odd() ? Choice<Receptor>() : Receptor.Auto },
    };

    Recording Keep(Population target) => Coin() ? new SpikeRecording(target) { Steps = Count(5, 100) }
        : new StateRecording(target, Odd() ? Pick("nothing", null!) : target?.Neuron is ThresholdLinear ? "x" : "v") { Steps = Count(5, 100), EverySteps = Count(1, 3) };
}
