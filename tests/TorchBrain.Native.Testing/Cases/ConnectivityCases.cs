namespace TorchBrain.Native.Tests;

/// <summary>Every connectivity, every kind of delay, storage and batch.</summary>
static class ConnectivityCases
{
    public static IEnumerable<ParityCase> All() => [.. Rules(), .. Kernels(), .. Delays(), .. Wide(), .. Writable()];

    static readonly LeakyIntegrateAndFire Listener = new() { Synapses = new DeltaSynapses(), RefractoryMs = 1 };

    /// <summary>Poisson units drive listeners, which also talk to each other.</summary>
    static ParityCase Wired(string name, Connectivity feed, Connectivity within, Parameter weight, Parameter? delay = null, int batch = 1, int sources = 83, int targets = 141, double hz = 60, double current = 360)
    {
        var source = new Population("source", sources) { Neuron = new PoissonSource { RateHz = hz } };
        var target = new Population("target", targets) { Neuron = Listener };
        return ParityCase.Of(name, [source, target],
            [new Projection(source, target) { Connectivity = feed, Weight = weight, DelayMs = delay }, new Projection(target, target) { Connectivity = within, Weight = within is ExplicitList ? -0.4 : Parameter.Normal(-0.1, 0.6), DelayMs = delay }],
            [new CurrentInjection(target) { Amplitude = current }], batch) with
        { Steps = 100 };
    }

    static IEnumerable<ParityCase> Rules()
    {
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var (n, m) = batch == 64 ? (11, 13) : (83, 141);
            var weight = Parameter.Normal(1.5, 0.5);
            yield return Wired($"all to all, self, batch {batch}", new AllToAll(), new AllToAll(), weight, null, batch, n, m);
            yield return Wired($"all to all, no self, batch {batch}", new AllToAll(), new AllToAll { SelfConnections = false }, weight, 4.0, batch, n, m);
            yield return Wired($"one to one, batch {batch}", new OneToOne(), new OneToOne(), 14, null, batch, m, m);
            yield return Wired($"fixed probability sparse, batch {batch}", new FixedProbability(0.12), new FixedProbability(0.1), 8, null, batch, n, m);
            yield return Wired($"fixed probability dense, self, batch {batch}", new FixedProbability(0.6), new FixedProbability(0.7) { SelfConnections = true }, weight, 2.0, batch, n, m);
            yield return Wired($"fixed in-degree, multapses, batch {batch}", new FixedInDegree(9), new FixedInDegree(7) { SelfConnections = true }, Parameter.Uniform(3, 9), null, batch, n, m);
            yield return Wired($"fixed in-degree, no multapses, batch {batch}", new FixedInDegree(9) { Multapses = false }, new FixedInDegree(7) { Multapses = false }, Parameter.Uniform(3, 9), Parameter.Uniform(1, 9), batch, n, m);
            if (batch <= 3)
            {
                yield return Wired($"fixed total, batch {batch}", new FixedTotal(9 * m), new FixedTotal(7 * m) { SelfConnections = false }, Parameter.Uniform(3, 9), Parameter.Uniform(1, 9), batch, n, m);
                yield return Wired($"fixed total, more than pairs, batch {batch}", new FixedTotal(3 * n * m), new FixedTotal(m * m), weight, 2.0, batch, n, m);
            }
            yield return Wired($"explicit list, duplicates and delays, batch {batch}", List(n, m, 4 * m), List(m, m, 2 * m), 9, 3.0, batch, n, m);
        }
        yield return Wired("nobody connected", new FixedProbability(0), new FixedInDegree(0), 1, current: 420);
        yield return Wired("fixed total of nothing", new FixedTotal(0), new FixedTotal(1), 1, current: 420);
        yield return Wired("probability one", new FixedProbability(1), new FixedProbability(1), Parameter.Normal(1, 0.5));
        yield return Wired("explicit list, empty", new ExplicitList([]), new ExplicitList([]), 1, current: 420);
        yield return Wired("all to all, listed weights", new AllToAll(), new AllToAll(), Parameter.Values([.. Enumerable.Range(0, 83 * 141).Select(k => (k * 37 % 101 - 30) / 40f)]));
        foreach (var batch in new[] { 1, 3 })
            yield return Wired($"all to all, many spikes a step, batch {batch}", new AllToAll(), new AllToAll { SelfConnections = false }, Parameter.Normal(0.2, 0.3), 2.0, batch, sources: 300, hz: 150) with { Steps = 60 };
        yield return Wired("many slices of targets", new FixedInDegree(3), new FixedProbability(0.00005), 14, Parameter.Uniform(1, 4), sources: 500, targets: 40_001) with { Steps = 12 };
    }

    static ExplicitList List(int sources, int targets, int count)
    {
        var random = new Random(5);
        var synapses = new List<Synapse>();
        while (synapses.Count < count)
        {
            var s = new Synapse(random.Next(sources), random.Next(targets), random.Next(4) == 0 ? null : (float)(random.NextDouble() * 14 - 3), random.Next(3) == 0 ? null : random.Next(1, 12));
            synapses.Add(s);
            if (random.Next(4) == 0)
                synapses.Add(s);
            if (random.Next(4) == 0)
                synapses.Insert(random.Next(synapses.Count), s with { Weight = 2.5f });
        }
        return new ExplicitList(synapses);
    }

    static IEnumerable<ParityCase> Kernels()
    {
        (string, Geometry)[] places = [("square", new Square(14)), ("disc", new Disc(8)), ("torus", new Torus(16, 12)), ("annulus", new Annulus(4, 9)), ("sphere", new Sphere(4)), ("polygon", Shapes.LShape), ("frame", Shapes.Frame)];
        foreach (var (name, geometry) in places)
            foreach (var cutOff in new[] { double.PositiveInfinity, 5.0 })
            {
                var sheet = new Population("sheet", 203) { Neuron = new Izhikevich { D = Parameter.FromPosition((p, u) => 8 - 6 * u * Math.Exp(-Math.Abs(p.X) / 10)) }, Geometry = geometry };
                yield return ParityCase.Of($"kernel on {name}, {(cutOff < 100 ? "cut off" : "no cut-off")}", [sheet],
                    [new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround(inhibitRadius: 4, cutOff: cutOff), DelayMs = cutOff < 100 ? Parameter.FromDistance(d => 1 + d) : null }],
                    [new GaussianNoise(sheet) { Deviation = 5 }]);
            }
        var from = new Population("from", 60) { Neuron = new PoissonSource { RateHz = 80 }, Geometry = new Square(10) };
        var to = new Population("to", 71) { Neuron = Listener, Geometry = new Square(10) };
        yield return ParityCase.Of("weights and delays by distance", [from, to],
            [
                new Projection(from, to) { Connectivity = new FixedProbability(0.3), Weight = Parameter.FromDistance(d => 12 / (1 + d)), DelayMs = Parameter.FromDistance(d => d) },
                new Projection(from, to) { Name = "in-degree", Connectivity = new FixedInDegree(4), Weight = Parameter.FromDistance(d => 8 - d), DelayMs = Parameter.FromDistance(d => 2 * d) },
                new Projection(to, to) { Connectivity = new DistanceKernel { WeightAt = d => 3 - d, SelfConnections = true, CutOff = 4 } },
            ], batch: 3);
    }

    static IEnumerable<ParityCase> Delays()
    {
        foreach (var delay in new[] { 1, 7, 8, 15, 16, 31, 64 })
            yield return Wired($"constant delay {delay}", new FixedProbability(0.1), new AllToAll(), 7, delay) with { Steps = 3 * delay + 60 };
        yield return Wired("longest delay", new FixedProbability(0.2), new OneToOne(), 9, Network.MaxDelaySteps - 1, sources: 9, targets: 17, hz: 20) with { Steps = Network.MaxDelaySteps + 200 };
        yield return Wired("delays drawn from 1 to 20", new FixedProbability(0.15), new FixedProbability(0.15), 7, Parameter.Uniform(0.5, 20.5)) with { Steps = 150 };
        yield return Wired("delays drawn, all to all, batch 3", new AllToAll(), new AllToAll(), 1, Parameter.Uniform(0.5, 33.5), batch: 3) with { Steps = 150 };
    }

    static IEnumerable<ParityCase> Wide()
    {
        foreach (var batch in new[] { 1, 3 })
        {
            var crowd = new Population("crowd", 140_000) { Neuron = new PoissonSource { RateHz = 30 } };
            var few = new Population("few", 5) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 1 } };
            yield return ParityCase.Of($"wide, all to all from 140,000, batch {batch}", [crowd, few], [new Projection(crowd, few) { Connectivity = new AllToAll(), Weight = 0.001 }], batch: batch) with { Steps = 10, LeastSpikes = 4 };

            var one = new Population("one", 3) { Neuron = new PoissonSource { RateHz = 300 } };
            var heard = new Population("heard", 70) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses() } };
            var copies = new ExplicitList([.. Enumerable.Range(0, 150_000).Select(k => new Synapse(k % 3, k % 1000 == 0 ? 69 : 3, k % 90 == 0 ? -9f : 9f, 1 + k % 5))]);
            yield return ParityCase.Of($"wide, explicit list, batch {batch}", [one, heard],
                [
                    new Projection(one, heard) { Connectivity = copies },
                    new Projection(one, heard) { Name = "dense", Connectivity = new AllToAll(), Weight = Parameter.Uniform(0, 9) },
                    new Projection(heard, heard) { Connectivity = new FixedProbability(0.2), Weight = 3, Learning = new PairStdp { MaxWeight = 9, MinWeight = -3, PotentiationAmplitude = 1, DepressionAmplitude = 1 } },
                ], [new PoissonInput(heard) { RateHz = 1000, Weight = 8 }, new CurrentInjection(heard) { Amplitude = 350 }], batch) with
            { Steps = 80 };
        }
        var source = new Population("source", 140_000) { Neuron = new PoissonSource { RateHz = 20 } };
        var units = new Population("units", 3) { Neuron = new ThresholdLinear { Threshold = 2, Competition = Competition.None } };
        yield return ParityCase.Of("wide, writable", [source, units], [new Projection(source, units) { Connectivity = new AllToAll(), Weight = 0.001, WritableUpTo = 1 }]) with { Steps = 8, LeastSpikes = 4 };
    }

    static IEnumerable<ParityCase> Writable()
    {
        foreach (var batch in new[] { 1, 3 })
        {
            yield return Writes($"writable all to all, batch {batch}", new AllToAll(), Parameter.Uniform(0, 2), 2.0, batch);
            yield return Writes($"writable fixed probability, batch {batch}", new FixedProbability(0.1), 9, null, batch);
        }
        yield return Writes("writable one to one", new OneToOne(), 14, null, 1, 90, 90);
        yield return Writes("writable explicit list", new ExplicitList([.. Enumerable.Range(0, 80).Select(k => new Synapse(k % 50, k, 15f))]), 1, null);
        yield return Writes("writable fixed in-degree", new FixedInDegree(5) { Multapses = false }, 9, null, 1, 170, 30);
        yield return Writes("writable fixed in-degree, more targets than sources", new FixedInDegree(5) { Multapses = false }, 9, null, 2, 30, 170);
    }

    static ParityCase Writes(string name, Connectivity connectivity, Parameter weight, Parameter? delay, int batch = 1, int sources = 50, int targets = 81)
    {
        var source = new Population("source", sources) { Neuron = new PoissonSource { RateHz = 60 } };
        var target = new Population("target", targets) { Neuron = Listener };
        return ParityCase.Of(name, [source, target], [new Projection(source, target) { Connectivity = connectivity, Weight = weight, DelayMs = delay, WritableUpTo = 20 }],
            [new CurrentInjection(target) { Amplitude = 300 }], batch) with
        {
            Host = (simulation, step) =>
            {
                if (step == 0)
                    return;
                var projection = simulation.Projection("source", "target");
                var weights = new float[projection.SynapseCount];
                simulation.ReadWeights(projection, weights);
                for (var k = 0; k < weights.Length; k++)
                    weights[k] = (k + step) % 9 == 0 ? 12.345f : weights[k] * 0.8f;
                simulation.WriteWeights(projection, weights);
            },
        };
    }
}
