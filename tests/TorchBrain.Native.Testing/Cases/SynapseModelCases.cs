namespace TorchBrain.Native.Tests;

/// <summary>Alpha currents and conductances on leaky neurons.</summary>
static class SynapseModelCases
{
    public static IEnumerable<ParityCase> All() => [.. Alpha(), .. Conductances()];

    static IEnumerable<ParityCase> Alpha()
    {
        yield return NeuronCases.Noisy("alpha", new LeakyIntegrateAndFire { Synapses = new AlphaSynapses() }, deviation: 400, current: 500, dt: 0.1) with { Steps = 600 };
        yield return NeuronCases.Noisy("alpha, equal time constants, batch 3", new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauMs = 10 } }, deviation: 400, current: 500, dt: 0.5, batch: 3);
        yield return NeuronCases.Noisy("alpha heterogeneous", NeuronCases.Heterogeneous(new AlphaSynapses { TauMs = 3 }), deviation: 400, current: 500);
        yield return NeuronCases.Noisy("alpha, reset by subtraction", new LeakyIntegrateAndFire { RefractoryMs = 0, SpikeReset = SpikeReset.BySubtraction, Synapses = new AlphaSynapses() }, deviation: 400, current: 500);
        foreach (var batch in new[] { 1, 3 })
        {
            var e = new Population("e", 100) { Neuron = NeuronCases.Heterogeneous(new AlphaSynapses { TauMs = 1.5, TauInhibitoryMs = 4 }), Lesionable = true };
            var i = new Population("i", 37) { Neuron = new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauMs = 2, TauInhibitoryMs = 2 } } };
            yield return ParityCase.Of($"alpha two receptors, batch {batch}", [e, i],
            [
                new Projection(e, e) { Connectivity = new FixedProbability(0.1), Weight = Parameter.Uniform(10, 40) },
                new Projection(e, i) { Connectivity = new FixedInDegree(20), Weight = 30 },
                new Projection(i, e) { Connectivity = new FixedProbability(0.3), Weight = Parameter.Uniform(-120, -20), DelayMs = 1.5 },
                new Projection(i, i) { Connectivity = new AllToAll(), Weight = -25 },
            ], [new PoissonInput(e) { RateHz = 9000, Weight = 25 }, new PoissonInput(i) { RateHz = 9000, Weight = 30 }, new PoissonInput(e) { Name = "quiet", RateHz = 800, Weight = -20 },
                new CurrentInjection(e) { Amplitude = 40 }, new GaussianNoise(e) { Deviation = 30 }], batch, 0.5) with
            { Steps = 300, HostEvery = 25, Host = (s, step) => NeuronCases.Lesion(s, "e", step) };
        }
    }

    static IEnumerable<ParityCase> Conductances()
    {
        foreach (var scheme in Enum.GetValues<ConductanceScheme>())
        {
            var conductances = new ConductanceSynapses { Scheme = scheme };
            // The start of the COBA benchmark of Brette et al. 2007, a fortieth of its size and with stronger synapses.
            yield return Pair($"conductances {scheme}", new LeakyIntegrateAndFire
            {
                TauMs = 20,
                CapacitancePf = 200,
                RestMv = -60,
                ResetMv = -60,
                RefractoryMs = 5,
                InitialMv = Parameter.Normal(-65, 5),
                Synapses = conductances with { InitialExcitatoryNs = Parameter.Normal(40, 15, 0), InitialInhibitoryNs = Parameter.Normal(200, 120, 0) },
            }, 1);
            yield return Pair($"conductances {scheme} heterogeneous, batch 3", NeuronCases.Heterogeneous(conductances with { TauMs = 3, TauInhibitoryMs = 7, ReversalMv = 5, InhibitoryReversalMv = -75 }), 3);
            yield return Pair($"conductances {scheme}, reset by subtraction", new LeakyIntegrateAndFire { RefractoryMs = 0, SpikeReset = SpikeReset.BySubtraction, Synapses = conductances }, 1);
            var quiet = new Population("quiet", 65) { Neuron = new LeakyIntegrateAndFire { Synapses = conductances } };
            yield return ParityCase.Of($"conductances {scheme}, Poisson only", [quiet], inputs: [new PoissonInput(quiet) { RateHz = 2000, Weight = 12, Receptor = Receptor.Excitatory }], batch: 2);
        }
        // Exponents from the leak alone to far below the end of the exponential function.
        var sweep = new ConductanceSynapses { Scheme = ConductanceScheme.ExponentialEuler, InitialExcitatoryNs = Parameter.FromUniform(u => Math.Exp(-9 + 22 * u)) };
        yield return ParityCase.Of("conductances of every size", [new Population("sweep", 5000) { Neuron = new LeakyIntegrateAndFire { RefractoryMs = 0.2, Synapses = sweep } }], dt: 0.1) with { Steps = 40 };
        var crowd = new Population("crowd", 140_000) { Neuron = new PoissonSource { RateHz = 30 } };
        var few = new Population("few", 5) { Neuron = new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses() } };
        var heard = new Population("heard", 5) { Neuron = new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauInhibitoryMs = 4 } } };
        yield return ParityCase.Of("wide, onto conductances and alpha currents", [crowd, few, heard],
            [new Projection(crowd, few) { Connectivity = new AllToAll(), Weight = 0.001, Receptor = Receptor.Excitatory }, new Projection(crowd, heard) { Connectivity = new AllToAll(), Weight = 0.2 }]) with
        { Steps = 10, LeastSpikes = 4 };
    }

    static ParityCase Pair(string name, LeakyIntegrateAndFire model, int batch)
    {
        Population e = new("e", 80) { Neuron = model, Lesionable = true }, i = new("i", 23) { Neuron = model };
        Projection Join(Population source, Population target, double most) => new(source, target)
        {
            Connectivity = new FixedProbability(0.25),
            Weight = Parameter.Uniform(0, most),
            Receptor = source == e ? Receptor.Excitatory : Receptor.Inhibitory,
            DelayMs = source == e ? null : Parameter.Uniform(0.1, 1.5),
        };
        return ParityCase.Of(name, [e, i], [Join(e, e, 6), Join(e, i, 6), Join(i, e, 20), Join(i, i, 20)],
            [
                new PoissonInput(e) { RateHz = 8000, Weight = 2, Receptor = Receptor.Excitatory }, new PoissonInput(i) { RateHz = 8000, Weight = 2.5, Receptor = Receptor.Excitatory },
                new PoissonInput(e) { Name = "calm", RateHz = 900, Weight = 3, Receptor = Receptor.Inhibitory }, new CurrentInjection(e) { Amplitude = 150 }, new GaussianNoise(e) { Deviation = Parameter.Uniform(0, 300) },
            ], batch, 0.1) with
        { Steps = 600, HostEvery = 100, Host = (s, step) => NeuronCases.Lesion(s, "e", step / 10) };
    }
}
