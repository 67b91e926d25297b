using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Conductances against loops in double precision and against the potentials that they must lead to.</summary>
public class ConductanceTests
{
    static readonly LeakyIntegrateAndFire Cell = new() { TauMs = 20, CapacitancePf = 200, RestMv = -60, ThresholdMv = -50, ResetMv = -60, RefractoryMs = 5 };

    static Simulation Create(LeakyIntegrateAndFire model, double h, double currentPa = 0, (long Step, Receptor Receptor, double Ns)[]? spikes = null)
    {
        var cell = new Population("cell", 1) { Neuron = model };
        Population[] clocks = [.. (spikes ?? []).Select((s, k) => new Population($"clock {k}", 1) { Neuron = new SpikeArray { Spikes = [new(s.Step, 0)] } })];
        return Simulation.Create(new Network
        {
            TimeStepMs = h,
            Populations = [cell, .. clocks],
            Projections = [.. clocks.Select((c, k) => new Projection(c, cell) { Connectivity = new OneToOne(), Weight = spikes![k].Ns, Receptor = spikes[k].Receptor })],
            Inputs = [new CurrentInjection(cell) { Amplitude = currentPa }],
        }, ParityRun.Cpu(1));
    }

    static float Read(Simulation simulation, string variable)
    {
        var value = new float[1];
        simulation.ReadState(simulation.Population("cell"), variable, value);
        return value[0];
    }

    // C V' = -g_L (V - E_L) + g_e (E_e - V) + g_i (E_i - V) + I, written down without the engine's rearrangements.
    static double Step(double v, double exc, double inh, double pa, double h, ConductanceScheme scheme)
    {
        const double C = 200, Leak = C / 20;
        double total = Leak + exc + inh, still = (Leak * -60 + exc * 0 + inh * -80 + pa) / total;
        return scheme == ConductanceScheme.ForwardEuler ? v + h / C * (-Leak * (v + 60) + exc * (0 - v) + inh * (-80 - v) + pa) : still + (v - still) * Math.Exp(-h * total / C);
    }

    [Test]
    public void Trace_SpikesOnBothReceptors_EqualsALoopInDouble([Values] ConductanceScheme scheme, [Values(0.1, 1)] double h)
    {
        var model = Cell with { ThresholdMv = 100, InitialMv = -66, Synapses = new ConductanceSynapses { Scheme = scheme, InitialExcitatoryNs = 4, InitialInhibitoryNs = 20 } };
        using var simulation = Create(model, h, 30, [(3, Receptor.Excitatory, 6), (9, Receptor.Inhibitory, 67)]);
        double v = -66, exc = 4, inh = 20;
        for (var t = 0; t < 200; t++)
        {
            simulation.Run(1);
            v = Step(v, exc, inh, 30, h, scheme);
            exc = exc * Math.Exp(-h / 5) + (t == 4 ? 6 : 0);
            inh = inh * Math.Exp(-h / 10) + (t == 10 ? 67 : 0);
            Assert.That(Read(simulation, "g_exc"), Is.EqualTo(exc).Within(1e-5 * (exc + 0.01)), $"g_e after step {t}");
            Assert.That(Read(simulation, "g_inh"), Is.EqualTo(inh).Within(1e-5 * (inh + 0.01)), $"g_i after step {t}");
            Assert.That(Read(simulation, "v"), Is.EqualTo(v).Within(1e-4), $"V after step {t}");
        }
    }

    // A conductance that hardly decays pulls V to the weighted mean of the potentials, and never past its own.
    [TestCase(Receptor.Excitatory, 10, -30)]
    [TestCase(Receptor.Inhibitory, 10, -70)]
    [TestCase(Receptor.Inhibitory, 1e6, -80)]
    public void Potential_SteadyConductance_GoesToTheMeanOfTheReversals(Receptor receptor, double ns, double mv)
    {
        foreach (var scheme in Enum.GetValues<ConductanceScheme>().Where(s => ns < 1000 || s == ConductanceScheme.ExponentialEuler))
        {
            var model = Cell with { ThresholdMv = 50, Synapses = new ConductanceSynapses { Scheme = scheme, TauMs = 1e6, TauInhibitoryMs = 1e6 } };
            using var simulation = Create(model, 0.1, 0, [(0, receptor, ns)]);
            simulation.Run(3000);
            Assert.That(Read(simulation, "v"), Is.EqualTo(mv).Within(0.02), $"{scheme}");
        }
    }

    [Test]
    public void Schemes_StepShortened_Meet()
    {
        double After(double h, ConductanceScheme scheme)
        {
            using var simulation = Create(Cell with { ThresholdMv = 50, Synapses = new ConductanceSynapses { Scheme = scheme, InitialExcitatoryNs = 30, InitialInhibitoryNs = 60 } }, h);
            simulation.Run((long)Math.Round(5 / h));
            return Read(simulation, "v");
        }

        double Apart(double h) => Math.Abs(After(h, ConductanceScheme.ForwardEuler) - After(h, ConductanceScheme.ExponentialEuler));
        Assert.That(Apart(0.5), Is.GreaterThan(0.01), "at a long step the choice shows");
        Assert.That(Apart(0.01), Is.LessThan(Apart(0.5) / 20));
    }

    [Test]
    public void ExponentialEuler_StepFarAboveTheTimeConstant_IsStable()
    {
        using var simulation = Create(Cell with { ThresholdMv = 50, InitialMv = -50, Synapses = new ConductanceSynapses { Scheme = ConductanceScheme.ExponentialEuler, TauInhibitoryMs = 1e6, InitialInhibitoryNs = 1e8 } }, 10);
        simulation.Run(1);
        Assert.That(Read(simulation, "v"), Is.EqualTo(-80).Within(1e-3));
    }

    [Test]
    public void Refractory_FiveMilliseconds_ClampedWhileConductancesDecay([Values] ConductanceScheme scheme)
    {
        using var simulation = Create(Cell with { Synapses = new ConductanceSynapses { Scheme = scheme, InitialExcitatoryNs = 100 } }, 0.1);
        var v = new List<float>();
        for (var t = 0; t < 120; t++)
        {
            simulation.Run(1);
            v.Add(Read(simulation, "v"));
        }
        var spike = v.FindIndex(x => x == -60f);
        Assert.That(spike, Is.InRange(1, 20));
        Assert.That(v.Skip(spike).Take(51), Is.All.EqualTo(-60f), "reset, then 50 steps");
        Assert.That(v[spike + 51], Is.GreaterThan(-60f));
        Assert.That(Read(simulation, "g_exc"), Is.EqualTo(100 * Math.Exp(-12.0 / 5)).Within(1e-3));
    }

    [Test]
    public void Silence_RestExactly([Values] ConductanceScheme scheme, [Values] bool driven)
    {
        var p = new Population("p", 100) { Neuron = Cell with { RestMv = Parameter.Uniform(-70, -60), ResetMv = -75, Synapses = new ConductanceSynapses { Scheme = scheme } } };
        using var simulation = Simulation.Create(new Network { TimeStepMs = 0.1, Populations = [p], Inputs = driven ? [new CurrentInjection(p)] : [] }, ParityRun.Cpu(1));
        simulation.Run(10_000);
        var v = new float[100];
        simulation.ReadState(simulation.Population("p"), "v", v);
        Assert.That(v, Is.EqualTo(simulation.Plan.Populations[0].Neuron.State[0].Offset!.Values.ToArray()), "E_L to the last bit");
    }

    [Test]
    public void Host_NegativeConductanceOrWeight_Refused()
    {
        Population a = new("a", 2) { Neuron = new PoissonSource() }, cell = new("cell", 2) { Neuron = Cell with { Synapses = new ConductanceSynapses() } };
        using var simulation = Simulation.Create(new Network
        {
            Populations = [a, cell],
            Projections = [new Projection(a, cell) { Connectivity = new AllToAll(), Weight = 1, WritableUpTo = 2, Receptor = Receptor.Inhibitory }],
        }, ParityRun.Cpu(1));
        var cells = simulation.Population("cell");
        simulation.WriteState(cells, "g_inh", [0, 3]);
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.WriteState(cells, "g_inh", [0, -1]))?.Code, Is.EqualTo(ErrorCode.ValueOutOfRange));
        simulation.WriteWeights(simulation.Projection("a -> cell"), [0, 1, 2, 0]);
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.WriteWeights(simulation.Projection("a -> cell"), [0, 1, 2, -1]))?.Code, Is.EqualTo(ErrorCode.ValueOutOfRange));
    }

    [Test]
    public void PlanHash_EveryConstant_Counts()
    {
        UInt128 Hash(ConductanceSynapses synapses) => new Network { Populations = [new Population("p", 3) { Neuron = Cell with { Synapses = synapses } }] }.Plan().Hash;
        var all = new ConductanceSynapses();
        ConductanceSynapses[] others =
        [
            all, all with { TauMs = 6 }, all with { TauInhibitoryMs = 11 }, all with { ReversalMv = 1 }, all with { InhibitoryReversalMv = -79 }, all with { Scheme = ConductanceScheme.ExponentialEuler },
            all with { InitialExcitatoryNs = 1 }, all with { InitialInhibitoryNs = 1 },
        ];
        Assert.That(others.Select(Hash).Distinct().Count(), Is.EqualTo(others.Length));
        Assert.That(new Network { Populations = [new Population("p", 3) { Neuron = Cell with { Synapses = others[5] } }] }.Plan().Describe(), Does.Contain("conductances by ExponentialEuler"));
    }
}
