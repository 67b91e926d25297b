namespace TorchBrain.Native.Tests;

/// <summary>Every neuron model and every input.</summary>
static class NeuronCases
{
    public static IEnumerable<ParityCase> All() => [.. Izhikevichs(), .. Leaky(), .. Others(), .. Inputs(), .. Sizes()];

    static readonly Izhikevich Mixed = new()
    {
        A = Parameter.Uniform(0.015, 0.12),
        B = Parameter.Uniform(0.18, 0.26),
        C = Parameter.FromUniform(r => -65 + 15 * r * r, "r"),
        D = Parameter.FromUniform(r => 8 - 6 * r * r, "r"),
    };

    internal static ParityCase Noisy(string name, NeuronModel model, int count = 130, double deviation = 6, double current = 3, double dt = 1, int batch = 1)
    {
        var p = new Population("cells", count) { Neuron = model };
        return ParityCase.Of(name, [p], [new Projection(p, p) { Connectivity = new FixedProbability(0.2), Weight = Parameter.Normal(0.5, 1) }],
            [new GaussianNoise(p) { Deviation = deviation }, new CurrentInjection(p) { Amplitude = Parameter.Uniform(0, 2 * current) }], batch, dt) with
        { Steps = 150 };
    }

    static IEnumerable<ParityCase> Izhikevichs()
    {
        foreach (var scheme in Enum.GetValues<IzhikevichScheme>())
        {
            yield return Noisy($"izhikevich {scheme}", Mixed with { Scheme = scheme }, dt: scheme == IzhikevichScheme.TwoHalfSteps ? 1 : 0.5);
            yield return Noisy($"izhikevich {scheme} uniform, other recovery", new Izhikevich
            {
                Scheme = scheme,
                B = 1,
                C = -55,
                D = 4,
                InitialU = -16,
                RecoveryReferenceMv = -65,
                RecoveryDecay = 0.25,
                Quadratic = 0.0401,
                Linear = 4.9,
                Offset = 138,
                PeakMv = 29,
            }, dt: 0.5, current: 12) with
            { LeastSpikes = 10 };
        }
    }

    static IEnumerable<ParityCase> Leaky()
    {
        yield return Noisy("lif delta", new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() }, deviation: 400, current: 500);
        yield return Noisy("lif exponential", new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 3 } }, deviation: 400, current: 500, dt: 0.1) with { Steps = 600 };
        yield return Noisy("lif exponential, equal time constants", new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 10 } }, deviation: 400, current: 500, dt: 0.5);
        yield return Noisy("lif no refractory period, delta", new LeakyIntegrateAndFire { RefractoryMs = 0, Synapses = new DeltaSynapses() }, deviation: 400, current: 500);
        yield return Noisy("lif reset by subtraction", new LeakyIntegrateAndFire { RefractoryMs = 0, SpikeReset = SpikeReset.BySubtraction, Synapses = new DeltaSynapses() }, deviation: 400, current: 500);
        yield return Noisy("lif heterogeneous", Heterogeneous(new ExponentialSynapses()), deviation: 400, current: 500);
        yield return Noisy("lif heterogeneous, delta", Heterogeneous(new DeltaSynapses()), deviation: 400, current: 500);

        var e = new Population("e", 100) { Neuron = Heterogeneous(new ExponentialSynapses { TauMs = 5, TauInhibitoryMs = 8 }) };
        var i = new Population("i", 37) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 2, TauInhibitoryMs = 2 } } };
        yield return ParityCase.Of("lif two receptors", [e, i],
        [
            new Projection(e, e) { Connectivity = new FixedProbability(0.1), Weight = Parameter.Uniform(10, 40) },
            new Projection(e, i) { Connectivity = new FixedInDegree(20), Weight = 30 },
            new Projection(i, e) { Connectivity = new FixedProbability(0.3), Weight = Parameter.Uniform(-120, -20), DelayMs = 1.5 },
            new Projection(i, i) { Connectivity = new AllToAll(), Weight = -25 },
        ], [new PoissonInput(e) { RateHz = 9000, Weight = 45 }, new PoissonInput(i) { RateHz = 9000, Weight = 60 }, new PoissonInput(e) { Name = "quiet", RateHz = 800, Weight = -40 }], dt: 0.5) with
        { Steps = 300 };
    }

    internal static LeakyIntegrateAndFire Heterogeneous(SynapseModel synapses) => new()
    {
        TauMs = Parameter.Uniform(8, 20),
        CapacitancePf = Parameter.Uniform(200, 300),
        RestMv = Parameter.Uniform(-70, -62),
        ThresholdMv = Parameter.Normal(-50, 1, -55, -45),
        ResetMv = Parameter.Uniform(-68, -60),
        InitialMv = Parameter.Uniform(-65, -50),
        Synapses = synapses,
    };

    static IEnumerable<ParityCase> Others()
    {
        foreach (var batch in new[] { 1, 3 })
            foreach (var competition in Enum.GetValues<Competition>())
            {
                var source = new Population("source", 90) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(0, 400) } };
                var units = new Population("units", 70) { Neuron = new ThresholdLinear { Threshold = Parameter.Normal(12, 2), Competition = competition }, Lesionable = true };
                yield return ParityCase.Of($"threshold-linear {competition}, batch {batch}", [source, units],
                    [new Projection(source, units) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(0, 1.5) }], [new GaussianNoise(units) { Deviation = 2 }], batch) with
                { HostEvery = 30, Host = (s, step) => Lesion(s, "units", step) };
            }
        var quiet = new Population("sources", 201) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(0, 100) }, Lesionable = true };
        yield return ParityCase.Of("poisson source, lesions", [quiet]) with { Host = (s, step) => Lesion(s, "sources", step) };
        yield return ParityCase.Of("ties: the first of equal units wins", [new Population("clock", 3) { Neuron = new SpikeArray { Spikes = Regular(3, 120, 2) } } is var clock ? clock : null!,
            new Population("units", 150) { Neuron = new ThresholdLinear { Threshold = 1 } } is var tied ? tied : null!],
            [new Projection(clock, tied) { Connectivity = new AllToAll(), Weight = 1 }], batch: 2);
        var array = new Population("array", 77) { Neuron = new SpikeArray { Spikes = Regular(77, 120, 7) } };
        var listener = new Population("listener", 77) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        yield return ParityCase.Of("spike array, batch 3", [array, listener], [new Projection(array, listener) { Connectivity = new OneToOne(), Weight = 16 }], batch: 3);
    }

    /// <summary>Unit i spikes in every step that is i modulo the period; some entries twice and out of order.</summary>
    public static SourceSpike[] Regular(int count, int steps, int period) =>
        [.. from step in Enumerable.Range(0, steps).Reverse() from unit in Enumerable.Range(0, count) where (step - unit) % period == 0 from copy in Enumerable.Range(0, 1 + unit % 2) select new SourceSpike(step, unit)];

    /// <summary>Silences a moving part of a population.</summary>
    public static void Lesion(Simulation simulation, string population, long step)
    {
        var handle = simulation.Population(population);
        simulation.SetAlive(handle, [.. Enumerable.Range(0, handle.Elements).Select(e => step == 0 || (e + step / 7) % 5 > 1)]);
    }

    /// <summary>A current that changes with the step and the element.</summary>
    public static void Push(Simulation simulation, string population, long step, float size)
    {
        var handle = simulation.Population(population);
        simulation.SetCurrent(handle, [.. Enumerable.Range(0, handle.Elements).Select(e => size * (0.5f + ((e * 7 + step) % 31) / 31f))]);
    }

    static IEnumerable<ParityCase> Inputs()
    {
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var z = new Population("z", batch == 64 ? 21 : 75) { Neuron = Mixed, Lesionable = true };
            var l = new Population("l", batch == 64 ? 19 : 69) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauInhibitoryMs = 4 } } };
            yield return ParityCase.Of($"all inputs, currents changed, batch {batch}", [z, l],
                [new Projection(z, l) { Connectivity = new FixedProbability(0.5), Weight = 20, DelayMs = 3 }, new Projection(l, z) { Connectivity = new FixedProbability(0.5), Weight = -1 }],
                [
                    new GaussianNoise(z) { Deviation = Parameter.Uniform(0, 4) }, new CurrentInjection(z) { Amplitude = 4 }, new PoissonInput(z) { RateHz = 300, Weight = 2.5 },
                    new GaussianNoise(z) { Name = "more noise", Deviation = 1 }, new CurrentInjection(z) { Name = "second", Amplitude = Parameter.Uniform(-1, 1) }, new PoissonInput(z) { Name = "minus", RateHz = 150, Weight = -1.25 },
                    new PoissonInput(l) { RateHz = 20000, Weight = 12 }, new PoissonInput(l) { Name = "inhibition", RateHz = 500, Weight = -9 }, new CurrentInjection(l) { Amplitude = 100 },
                    new GaussianNoise(l) { Deviation = 50 }, new PoissonInput(l) { Name = "none", RateHz = 0, Weight = 5 },
                ], batch) with
            {
                HostEvery = 15,
                Host = (s, step) =>
                {
                    Push(s, "z", step, 8);
                    Push(s, "l", step, 300);
                    if (step == 60)
                        Lesion(s, "z", step);
                },
            };
        }
    }

    static IEnumerable<ParityCase> Sizes() => from size in new[] { 1, 15, 63, 64, 65, 127, 129, 1000 }
                                              select Noisy($"size {size}", Mixed, size, current: 8) with { LeastSpikes = 2 };
}
