namespace TorchBrain.Native.Tests;

/// <summary>All learning rules.</summary>
static class LearningCases
{
    public static IEnumerable<ParityCase> All() => [.. Stdp(), .. WinnerTakeAll(), .. Crowded(), .. Crossed(), .. Together(), .. TraceRuleCases.All()];

    static IEnumerable<ParityCase> Stdp()
    {
        foreach (var dependence in Enum.GetValues<WeightDependence>())
            foreach (var batch in new[] { 1, 3, 64 })
                foreach (var (label, delay) in new (string, Parameter?)[] { ("one delay", 3.0), ("many delays", Parameter.Uniform(0.5, 12.5)) })
                {
                    var rule = new PairStdp { PotentiationAmplitude = 0.2, DepressionAmplitude = 0.21, TauPlusMs = 15, TauMinusMs = 22, MaxWeight = 4, MinWeight = 0.25, WeightDependence = dependence };
                    var (n, m) = batch == 64 ? (13, 9) : (53, 71);
                    var source = new Population("source", n) { Neuron = new PoissonSource { RateHz = 70 } };
                    var target = new Population("target", m) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
                    yield return ParityCase.Of($"stdp {dependence}, {label}, batch {batch}", [source, target],
                        [
                            new Projection(source, target) { Connectivity = new FixedProbability(0.4), Weight = Parameter.Uniform(0, 5), DelayMs = delay, Learning = rule },
                            new Projection(target, target) { Connectivity = new FixedInDegree(6) { SelfConnections = true }, Weight = Parameter.Uniform(0, 3), DelayMs = delay, Learning = rule with { MaxWeight = 2, TauMinusMs = 30 } },
                        ], [new CurrentInjection(target) { Amplitude = 300 }], batch) with
                    { Steps = 140 };
                }
        foreach (var batch in new[] { 1, 3 })
        {
            var rule = new PairStdp { PotentiationAmplitude = 0.3, DepressionAmplitude = 0.2, TauPlusMs = 15, TauMinusMs = 22, MaxWeight = 4, MinWeight = 0.25, Order = StdpOrder.Brian2 };
            var source = new Population("source", 53) { Neuron = new PoissonSource { RateHz = 150 } };
            var target = new Population("target", 71) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
            yield return ParityCase.Of($"stdp, arrivals first, batch {batch}", [source, target],
                [
                    new Projection(source, target) { Connectivity = new FixedProbability(0.4), Weight = Parameter.Uniform(0, 5), DelayMs = Parameter.Uniform(0.5, 12.5), Learning = rule },
                    new Projection(target, target) { Connectivity = new FixedInDegree(6) { SelfConnections = true }, Weight = Parameter.Uniform(0, 3), Learning = rule with { MaxWeight = 2, WeightDependence = WeightDependence.Multiplicative } },
                ], [new CurrentInjection(target) { Amplitude = 300 }], batch) with
            { Steps = 140, HostEvery = 45, Host = ReadAndWriteBack };
        }
        var a = new Population("a", 40) { Neuron = new PoissonSource { RateHz = 70 }, Lesionable = true };
        var b = new Population("b", 66) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses() }, Lesionable = true };
        yield return ParityCase.Of("stdp, negative amplitudes, weights of both signs, duplicates, lesions", [a, b],
            [
                new Projection(a, b) { Connectivity = new ExplicitList([.. Enumerable.Range(0, 900).Select(k => new Synapse(k * 7 % 40, k * 11 % 66, k % 50 - 20, 1 + k % 9 / 2))]), Learning = new PairStdp { PotentiationAmplitude = -2, DepressionAmplitude = -3, MinWeight = -30, MaxWeight = 60 } },
                new Projection(a, b) { Name = "static", Connectivity = new AllToAll(), Weight = 8 },
            ], [new CurrentInjection(b) { Amplitude = 380 }], batch: 2) with
        {
            Host = (s, step) =>
            {
                NeuronCases.Lesion(s, "a", step);
                NeuronCases.Lesion(s, "b", step + 3);
                var projection = s.Projection("a", "b");
                var weights = new float[projection.SynapseCount * 2];
                s.ReadWeights(projection, weights);
                s.WriteWeights(projection, [.. weights.Select(w => w * 0.5f)]);
            },
        };
    }

    // The weights are read and written, so every run starts again from the traces of the history.
    static void ReadAndWriteBack(Simulation s, long step)
    {
        var projection = s.Projection("source", "target");
        var weights = new float[projection.SynapseCount * s.Plan.Batch];
        s.ReadWeights(projection, weights);
        s.WriteWeights(projection, weights);
    }

    static IEnumerable<ParityCase> WinnerTakeAll()
    {
        foreach (var batch in new[] { 1, 3, 64 })
            foreach (var delay in new[] { 1.0, 5.0 })
            {
                var source = new Population("source", batch == 64 ? 33 : 109) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(0, 300) }, Lesionable = true };
                var units = new Population("units", batch == 64 ? 7 : 70) { Neuron = new ThresholdLinear { Threshold = Parameter.Normal(25, 2) }, Lesionable = true };
                yield return ParityCase.Of($"winner-take-all, delay {delay}, batch {batch}", [source, units],
                    [new Projection(source, units) { Connectivity = new AllToAll(), Weight = Parameter.Normal(2.5, 0.5, 0.1), DelayMs = delay, Learning = new WinnerTakeAllHebbian { ResetEverySteps = 50, ResetBelowWins = 4 } }],
                    batch: batch) with
                { Steps = 170, HostEvery = 60, Host = (s, step) => NeuronCases.Lesion(s, "units", step) };
            }
    }

    static IEnumerable<ParityCase> Crowded()
    {
        foreach (var batch in new[] { 1, 3 })
        {
            var source = new Population("source", 250) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(100, 250) } };
            var units = new Population("units", 70) { Neuron = new ThresholdLinear { Threshold = Parameter.Normal(70, 4) } };
            yield return ParityCase.Of($"winner-take-all, many spikes a step, batch {batch}", [source, units],
                [new Projection(source, units) { Connectivity = new AllToAll(), Weight = Parameter.Normal(2.5, 0.5, 0.1), DelayMs = 2, Learning = new WinnerTakeAllHebbian { ResetEverySteps = 25, ResetBelowWins = 4 } }],
                batch: batch) with
            { Steps = 60 };
        }
    }

    static IEnumerable<ParityCase> Crossed()
    {
        // Two learning projections and a static one meet on one competing population; another learns by pairs with the same targets.
        var left = new Population("left", 70) { Neuron = new PoissonSource { RateHz = 120 } };
        var right = new Population("right", 41) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(0, 200) } };
        var units = new Population("units", 33) { Neuron = new ThresholdLinear { Threshold = 20 } };
        var hebb = new WinnerTakeAllHebbian { ResetEverySteps = 30, ResetBelowWins = 5 };
        foreach (var batch in new[] { 1, 3 })
            yield return ParityCase.Of($"two rules onto one population, batch {batch}", [left, right, units],
                [
                    new Projection(left, units) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(1, 3), Learning = hebb },
                    new Projection(right, units) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(1, 3), DelayMs = 4, Learning = hebb with { MeanWeight = 1.5, ResetFraction = 0.3 } },
                    new Projection(right, units) { Name = "pairs", Connectivity = new FixedProbability(0.5), Weight = 1, DelayMs = Parameter.Uniform(1, 6), Learning = new PairStdp { MaxWeight = 2, PotentiationAmplitude = 0.3, DepressionAmplitude = 0.2 } },
                    new Projection(units, units) { Connectivity = new AllToAll { SelfConnections = false }, Weight = -3 },
                ], [new CurrentInjection(units) { Amplitude = 1 }], batch) with
            { Steps = 140 };
    }

    static IEnumerable<ParityCase> Together() => from batch in new[] { 1, 3 } select Everything(batch);

    /// <summary>A network in which every part of the engine takes part.</summary>
    public static ParityCase Everything(int batch, IReadOnlyList<Recording>? recordings = null)
    {
        var sheet = new Population("sheet", 131) { Neuron = new Izhikevich { C = Parameter.FromUniform(r => -65 + 15 * r * r) }, Geometry = new Square(10), Lesionable = true };
        var cells = new Population("cells", 77) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauInhibitoryMs = 8 } } };
        var poisson = new Population("poisson", 45) { Neuron = new PoissonSource { RateHz = 60 } };
        var array = new Population("array", 10) { Neuron = new SpikeArray { Spikes = NeuronCases.Regular(10, 2000, 9) } };
        var units = new Population("units", 21) { Neuron = new ThresholdLinear { Threshold = Parameter.Normal(10, 1) } };
        var network = ParityCase.Of($"everything, batch {batch}", [sheet, cells, poisson, array, units],
            [
                new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround(inhibitRadius: 4) },
                new Projection(sheet, units) { Connectivity = new AllToAll(), Weight = Parameter.Normal(2.5, 0.14), Learning = new WinnerTakeAllHebbian { ResetEverySteps = 64, ResetBelowWins = 3 } },
                new Projection(poisson, cells) { Connectivity = new FixedProbability(0.3), Weight = 30, DelayMs = Parameter.Uniform(1, 9), Learning = new PairStdp { PotentiationAmplitude = 2, DepressionAmplitude = 2, MaxWeight = 90 } },
                new Projection(array, cells) { Connectivity = new AllToAll(), Weight = 40, DelayMs = 2, WritableUpTo = 90, Receptor = Receptor.Excitatory },
                new Projection(cells, sheet) { Connectivity = new FixedInDegree(5), Weight = -1, DelayMs = Parameter.Uniform(1, 6) },
                new Projection(cells, cells) { Connectivity = new FixedProbability(0.2), Weight = -20 },
                new Projection(poisson, cells) { Name = "rewarded", Connectivity = new FixedProbability(0.2), Weight = 20, DelayMs = Parameter.Uniform(1, 12), Learning = new EligibilityStdp { ConsolidationIntervalMs = 11, MaxWeight = 60, PotentiationAmplitude = 2, DepressionAmplitude = 2.4 } },
                new Projection(poisson, sheet) { Name = "triplets", Connectivity = new FixedProbability(0.1), Weight = 1, DelayMs = Parameter.Uniform(1, 5), Learning = new TripletStdp { MaxWeight = 2, TripletPotentiation = 0.2, PairDepression = 0.1 } },
            ],
            [
                new GaussianNoise(sheet) { Deviation = 4 }, new CurrentInjection(sheet) { Amplitude = 1 }, new PoissonInput(sheet) { RateHz = 100, Weight = 2 },
                new RandomPulse(sheet) { Amplitude = 10, Among = 200 },
                new CurrentInjection(cells) { Amplitude = 200 }, new PoissonInput(cells) { RateHz = 1000, Weight = 30 },
            ], batch);
        return network with
        {
            Network = network.Network with { Recordings = recordings?.Count > 0 ? recordings : [] },
            Steps = 200,
            HostEvery = 25,
            Host = (s, step) =>
            {
                NeuronCases.Push(s, "sheet", step, 4);
                s.AddReward(s.Projection("rewarded"), 0.25f);
                if (step == 50)
                    NeuronCases.Lesion(s, "sheet", step);
            },
        };
    }
}
