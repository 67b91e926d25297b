namespace TorchBrain.Native.Tests;

/// <summary>Networks put together at random: combinations that nobody thought of.</summary>
static class RandomNetworks
{
    static T Any<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    public static ParityCase Case(int seed, Random random) => new($"random {seed}", Of(random)) { Steps = 70, LeastSpikes = 0 };

    public static Network Of(Random random)
    {
        var batch = Any(random, 1, 1, 2, 5, 64);
        var most = batch > 10 ? 25 : 150;
        var populations = Enumerable.Range(0, random.Next(2, 5)).Select(i => new Population($"p{i}", random.Next(1, most))
        {
            Neuron = i == 0 ? new PoissonSource { RateHz = Parameter.Uniform(40, 200) } : Model(random, most),
            Geometry = Any<Geometry>(random, new Square(8), new Torus(8, 8)) is var g && i > 0 ? new Torus(8, 8) : g,
            Lesionable = random.Next(3) == 0,
        }).ToArray();
        var receivers = populations.Where(p => p.Neuron is not (PoissonSource or SpikeArray)).ToArray();
        if (receivers.Length == 0)
            return new Network { Populations = populations, Batch = batch, Seed = (ulong)random.Next() };
        var projections = Enumerable.Range(0, random.Next(1, 6)).Select(k => RandomProjection(random, k, Any(random, populations), Any(random, receivers))).ToArray();
        var inputs = receivers.SelectMany((p, k) => RandomInputs(random, p)).ToArray();
        return new Network { Populations = populations, Projections = projections, Inputs = inputs, Batch = batch, Seed = (ulong)random.Next(), TimeStepMs = Any(random, 1.0, 0.5) };
    }

    static NeuronModel Model(Random random, int most) => random.Next(8) switch
    {
        0 => new Izhikevich { Scheme = Any(random, Enum.GetValues<IzhikevichScheme>()), C = Parameter.Uniform(-65, -50), InitialV = Parameter.Uniform(-70, -50) },
        1 => new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), InitialMv = Parameter.Uniform(-65, -50) },
        2 => new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 4 }, RefractoryMs = random.Next(4), TauMs = Parameter.Uniform(8, 20) },
        3 => new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauInhibitoryMs = 7 }, RefractoryMs = 0 },
        4 => new ThresholdLinear { Threshold = Parameter.Normal(4, 1), Competition = Any(random, Enum.GetValues<Competition>()) },
        5 => new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauMs = 2, TauInhibitoryMs = random.Next(2) == 0 ? 4 : null }, RefractoryMs = random.Next(4), TauMs = random.Next(2) == 0 ? 10 : Parameter.Uniform(8, 20) },
        6 => new LeakyIntegrateAndFire
        {
            Synapses = new ConductanceSynapses { Scheme = Any(random, Enum.GetValues<ConductanceScheme>()), InitialExcitatoryNs = random.Next(2) == 0 ? null : Parameter.Uniform(0, 20) },
            RefractoryMs = random.Next(4),
            RestMv = random.Next(2) == 0 ? -65 : Parameter.Uniform(-66, -60),
        },
        _ => new SpikeArray { Spikes = NeuronCases.Regular(1, 70, 3) },
    };

    static bool TakesConductances(Population p) => p.Neuron is LeakyIntegrateAndFire { Synapses: ConductanceSynapses };

    static IEnumerable<Input> RandomInputs(Random random, Population p)
    {
        var size = p.Neuron is LeakyIntegrateAndFire ? 250 : 3;
        if (random.Next(3) > 0)
            yield return new CurrentInjection(p) { Amplitude = Parameter.Uniform(size, 2.5 * size) };
        if (random.Next(2) == 0)
            yield return new GaussianNoise(p) { Deviation = size };
        if (random.Next(4) == 0)
            yield return new RandomPulse(p) { Amplitude = 20 * size, Among = random.Next(2) == 0 ? null : p.Count + random.Next(50) };
        if (random.Next(2) == 0)
        {
            var negative = random.Next(4) == 0;
            yield return TakesConductances(p) ? new PoissonInput(p) { RateHz = random.Next(1, 3000), Weight = 3, Receptor = negative ? Receptor.Inhibitory : Receptor.Excitatory }
                : new PoissonInput(p) { RateHz = random.Next(1, 3000), Weight = negative ? -1 : p.Neuron is LeakyIntegrateAndFire { Synapses: ExponentialSynapses or AlphaSynapses } ? 30 : 1.5 };
        }
    }

    static Projection RandomProjection(Random random, int k, Population source, Population target)
    {
        var current = target.Neuron is LeakyIntegrateAndFire { Synapses: ExponentialSynapses or AlphaSynapses };
        var inhibits = random.Next(3) == 0;
        var sign = inhibits && !TakesConductances(target) ? -1 : 1;
        double low = (current ? 10 : 0.5) * sign, high = (current ? 60 : 4) * sign;
        Parameter? delay = random.Next(3) switch { 0 => null, 1 => random.Next(1, 40), _ => Parameter.Uniform(1, 1 + random.Next(1, 30)) };
        var learns = random.Next(3) == 0;
        var competes = target.Neuron is ThresholdLinear { Competition: Competition.WinnerTakesAll } && !ReferenceEquals(source, target);
        var self = random.Next(2) == 0;
        var twoReceptors = target.Neuron is LeakyIntegrateAndFire { Synapses: ExponentialSynapses { TauInhibitoryMs: not null } or AlphaSynapses { TauInhibitoryMs: not null } or ConductanceSynapses };
        Connectivity rule = learns && competes ? new AllToAll() : random.Next(twoReceptors ? 4 : 5) switch
        {
            0 => new AllToAll { SelfConnections = self },
            1 => new FixedProbability(random.NextDouble()) { SelfConnections = self },
            2 => new FixedInDegree(random.Next(12)) { SelfConnections = true, Multapses = true },
            3 => new ExplicitList([.. Enumerable.Range(0, random.Next(300)).Select(_ => new Synapse(random.Next(source.Count), random.Next(target.Count), (float)(low + (high - low) * random.NextDouble()), random.Next(1, 20)))]),
            _ => new DistanceKernel { WeightAt = d => 2 - d, CutOff = 1 + 6 * random.NextDouble(), SelfConnections = self },
        };
        LearningRule? learning = !learns ? null : competes ? new WinnerTakeAllHebbian { ResetEverySteps = 20, ResetBelowWins = 3 }
            : high > 0 && random.Next(3) == 0 ? new EligibilityStdp { MaxWeight = high, PotentiationAmplitude = high / 20, DepressionAmplitude = high / 25, ConsolidationIntervalMs = random.Next(1, 30), Retention = 0.7 }
            : high > 0 && random.Next(2) == 0 ? new TripletStdp { MaxWeight = high, PairPotentiation = high / 50, TripletPotentiation = high / 20, PairDepression = high / 30, TripletDepression = high / 50 }
            : new PairStdp { MinWeight = Math.Min(0, high), MaxWeight = Math.Max(0, high), PotentiationAmplitude = (high - low) / 20, DepressionAmplitude = (high - low) / 25, WeightDependence = Any(random, high > 0 ? Enum.GetValues<WeightDependence>() : [WeightDependence.Additive, WeightDependence.Multiplicative]), Exponent = 0.7, ReferenceWeight = 2 };
        return new Projection(source, target)
        {
            Name = $"projection {k}",
            Connectivity = rule,
            Receptor = !TakesConductances(target) ? Receptor.Auto : inhibits ? Receptor.Inhibitory : Receptor.Excitatory,
            Learning = learning,
            Weight = rule is ExplicitList ? low : learning is WinnerTakeAllHebbian ? Parameter.Uniform(0.5, 2) : Parameter.Uniform(Math.Min(low, high), Math.Max(low, high)),
            DelayMs = rule is ExplicitList ? null : learning is WinnerTakeAllHebbian ? random.Next(1, 9) : delay,
            Rows = k % 2 == 0 && learning is null && rule is (AllToAll or FixedProbability) ? RowStorage.Procedural : RowStorage.Auto,
        };
    }
}
