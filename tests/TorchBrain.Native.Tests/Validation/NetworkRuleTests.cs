using NUnit.Framework;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>Rules of the network, its populations, inputs and recordings: one case each.</summary>
public class NetworkRuleTests
{
    static IEnumerable<TestCaseData> Rules()
    {
        static TestCaseData Rule(string name, string code, string where, string what, Network network) => new TestCaseData(network, code, where, what).SetArgDisplayNames(name);
        var valid = Of(Cells());
        var stranger = Cells("stranger");
        yield return Rule("time step", ErrorCode.NumberOutOfRange, "network.TimeStepMs", "is 0;", valid with { TimeStepMs = 0 });
        yield return Rule("time step too long", ErrorCode.NumberOutOfRange, "network.TimeStepMs", "is 11; allowed is 1E-06 to 10 ms", valid with { TimeStepMs = 11 });
        yield return Rule("batch of none", ErrorCode.NumberOutOfRange, "network.Batch", "is 0; allowed is 1 to 65,536", valid with { Batch = 0 });
        yield return Rule("batch too large", ErrorCode.NumberOutOfRange, "network.Batch", "is 65537", valid with { Batch = 65537 });
        yield return Rule("no name", ErrorCode.Missing, "network.Name", "is null", valid with { Name = null! });
        yield return Rule("no populations", ErrorCode.Missing, "network.Populations", "is empty", Of());
        yield return Rule("null populations", ErrorCode.Missing, "network.Populations", "is null", valid with { Populations = null! });
        yield return Rule("null projections", ErrorCode.Missing, "network.Projections", "is null", valid with { Projections = null! });
        yield return Rule("null inputs", ErrorCode.Missing, "network.Inputs", "is null", valid with { Inputs = null! });
        yield return Rule("null recordings", ErrorCode.Missing, "network.Recordings", "is null", valid with { Recordings = null! });
        yield return Rule("null population", ErrorCode.Missing, "network.Populations", "contains null", Of(Cells(), null!));
        yield return Rule("null projection", ErrorCode.Missing, "network.Projections", "contains null", valid with { Projections = [null!] });
        yield return Rule("null input", ErrorCode.Missing, "network.Inputs", "contains null", valid with { Inputs = [null!] });
        yield return Rule("null recording", ErrorCode.Missing, "network.Recordings", "contains null", valid with { Recordings = [null!] });
        yield return Rule("empty name", ErrorCode.NameNotUnique, "network.Populations", "empty name", Of(Cells(" ")));
        yield return Rule("null name", ErrorCode.NameNotUnique, "network.Populations", "empty name", Of(Cells(null!)));
        yield return Rule("same name", ErrorCode.NameNotUnique, "network.Populations", "the name 'a' 2 times", Of(Cells(), Cells()));
        yield return Rule("same object", ErrorCode.NameNotUnique, "network.Populations", "the name 'a' 2 times", Of(valid.Populations[0], valid.Populations[0]));
        yield return Rule("same input", ErrorCode.NameNotUnique, "network.Inputs", "'noise(a)' 2 times",
            valid with { Inputs = [new GaussianNoise(valid.Populations[0]), new GaussianNoise(valid.Populations[0])] });
        yield return Rule("input onto a stranger", ErrorCode.PopulationNotInNetwork, "inputs[noise(stranger)].Target", "is 'stranger'", valid with { Inputs = [new GaussianNoise(stranger)] });
        yield return Rule("input onto null", ErrorCode.PopulationNotInNetwork, "inputs[noise()].Target", "is null", valid with { Inputs = [new GaussianNoise(null!)] });
        yield return Rule("recording of a stranger", ErrorCode.PopulationNotInNetwork, "recordings[0].Target", "is 'stranger'", valid with { Recordings = [new SpikeRecording(stranger)] });
        yield return Rule("recording of a twin", ErrorCode.PopulationNotInNetwork, "recordings[0].Target", "is 'a'", valid with { Recordings = [new SpikeRecording(Cells())] });

        yield return Rule("no neurons", ErrorCode.EmptyPopulation, "populations[a].Count", "is 0", Of(Cells(count: 0)));
        yield return Rule("fewer than none", ErrorCode.EmptyPopulation, "populations[a].Count", "is -2147483648", Of(Cells(count: int.MinValue)));
        yield return Rule("no model", ErrorCode.Missing, "populations[a].Neuron", "is null", Of(new Population("a", 4) { Neuron = null! }));
        yield return Rule("no synapse model", ErrorCode.Missing, "populations[a].Synapses", "is null", Of(new LeakyIntegrateAndFire { Synapses = null! }));
        yield return Rule("bad geometry", ErrorCode.GeometryInvalid, "populations[a].Geometry", "Side is -1", Of(Cells(geometry: new Square(-1))));
        yield return Rule("positions missing", ErrorCode.GeometryInvalid, "populations[a].Geometry", "Positions is empty", Of(Cells(geometry: new Points(null!) { Metric = new Square(1) })));
        yield return Rule("positions too few", ErrorCode.IndexOutOfRange, "populations[a].Geometry", "has 1 positions for 4 neurons", Of(Cells(geometry: new Points([default]) { Metric = new Square(1) })));
        yield return Rule("reset above threshold", ErrorCode.NumberOutOfRange, "populations[a].ResetMv", "is -50 mV, not below", Of(new LeakyIntegrateAndFire { ResetMv = -50 }));
        yield return Rule("refractory without end", ErrorCode.NumberOutOfRange, "populations[a].RefractoryMs", "20,000,000 steps", Of(new LeakyIntegrateAndFire { RefractoryMs = 200 }) with { TimeStepMs = 1e-5 });
        yield return Rule("synapse far below the step", ErrorCode.NumberOutOfRange, "populations[a].Synapses.TauMs", "is 0.01; allowed is 0.02", Of(new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 0.01 } }) with { TimeStepMs = 10 });
        yield return Rule("alpha far below the step", ErrorCode.NumberOutOfRange, "populations[a].Synapses.TauInhibitoryMs", "is 0.01; allowed is 0.02", Of(new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauInhibitoryMs = 0.01 } }) with { TimeStepMs = 10 });
        yield return Rule("conductance without scheme", ErrorCode.NumberOutOfRange, "populations[a].Synapses.Scheme", "is 7, which is no ConductanceScheme", Of(new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses { Scheme = (ConductanceScheme)7 } }));
        yield return Rule("negative conductance at the start", ErrorCode.NumberOutOfRange, "populations[a].Synapses.InitialInhibitoryNs", "is -1; allowed is 0", Of(new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses { InitialInhibitoryNs = -1 } }));
        yield return Rule("negative conductance drawn", ErrorCode.NumberOutOfRange, "populations[a].Synapses.InitialExcitatoryNs", "can draw -", Of(new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses { InitialExcitatoryNs = Parameter.Normal(40, 15) } }));
        yield return Rule("negative conductance drawn now and then", ErrorCode.NumberOutOfRange, "populations[a].Synapses.InitialExcitatoryNs", "drew -1",
            Of(Cells(count: 100, model: new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses { InitialExcitatoryNs = Parameter.FromUniform(u => u is > 0.26 and < 0.49 ? -1 : 1) } })));
        yield return Rule("Poisson onto conductances, no receptor", ErrorCode.Incompatible, "inputs[poisson(a)].Receptor", "is Auto, but 'a' takes conductances", Driven(a => new PoissonInput(a) { RateHz = 10, Weight = 1 }, Cells(model: Conducting)));
        yield return Rule("Poisson onto conductances, negative", ErrorCode.NumberOutOfRange, "inputs[poisson(a)].Weight", "is -1; 'a' takes conductances", Driven(a => new PoissonInput(a) { RateHz = 10, Weight = -1, Receptor = Receptor.Inhibitory }, Cells(model: Conducting)));
        yield return Rule("no spikes list", ErrorCode.Missing, "populations[a].Spikes", "is null", Of(new SpikeArray { Spikes = null! }));
        yield return Rule("spike of a stranger", ErrorCode.IndexOutOfRange, "populations[a].Spikes", "Index = 4", Of(new SpikeArray { Spikes = [new(0, 4)] }));
        yield return Rule("spike in the past", ErrorCode.IndexOutOfRange, "populations[a].Spikes", "Step = -1", Of(new SpikeArray { Spikes = [new(-1, 0)] }));
        yield return Rule("rate below 0", ErrorCode.NumberOutOfRange, "populations[a].RateHz", "is -1", Of(new PoissonSource { RateHz = -1 }));

        yield return Rule("list too short", ErrorCode.IndexOutOfRange, "populations[a].A", "has 3 values for 4 neurons", Of(new Izhikevich { A = Parameter.Values(1, 2, 3) }));
        yield return Rule("list null", ErrorCode.IndexOutOfRange, "populations[a].A", "has 0 values", Of(new Izhikevich { A = Parameter.Values(null!) }));
        yield return Rule("list with NaN", ErrorCode.NumberOutOfRange, "populations[a].A[2]", "is NaN", Of(new Izhikevich { A = Parameter.Values(1, 2, float.NaN, 3) }));
        yield return Rule("drawn out of range", ErrorCode.NumberOutOfRange, "populations[a].TauMs", "can draw -", Of(new LeakyIntegrateAndFire { TauMs = Parameter.Normal(10, 10) }));
        yield return Rule("drawn NaN", ErrorCode.NumberOutOfRange, "populations[a].TauMs", "can draw NaN", Of(new LeakyIntegrateAndFire { TauMs = Parameter.Uniform(double.NaN, 1) }));
        yield return Rule("clipped inside out", ErrorCode.NumberOutOfRange, "populations[a].TauMs", "fails with ArgumentException", Of(new LeakyIntegrateAndFire { TauMs = Parameter.Normal(10, 1, 5, 2) }));
        yield return Rule("a function that throws", ErrorCode.NumberOutOfRange, "populations[a].TauMs", "fails with DivideByZeroException",
            Of(new LeakyIntegrateAndFire { TauMs = Parameter.FromUniform(_ => throw new DivideByZeroException()) }));
        yield return Rule("no function", ErrorCode.Missing, "populations[a].TauMs", "has no function", Of(new LeakyIntegrateAndFire { TauMs = Parameter.FromUniform(null!) }));
        yield return Rule("no function of position", ErrorCode.Missing, "populations[a].TauMs", "has no function",
            Of(Cells(model: new LeakyIntegrateAndFire { TauMs = Parameter.FromPosition(null!) }, geometry: new Square(1))));
        yield return Rule("position without geometry", ErrorCode.GeometryInvalid, "populations[a].TauMs", "no Geometry", Of(new LeakyIntegrateAndFire { TauMs = Parameter.FromPosition((_, _) => 1) }));
        yield return Rule("position out of range", ErrorCode.NumberOutOfRange, "populations[a].TauMs", "can draw -1",
            Of(Cells(model: new LeakyIntegrateAndFire { TauMs = Parameter.FromPosition((_, _) => -1) }, geometry: new Square(1))));
        yield return Rule("position on a lattice out of range", ErrorCode.NumberOutOfRange, "populations[a].InitialMv", "can draw NaN",
            Of(Cells(model: new LeakyIntegrateAndFire { InitialMv = Parameter.FromPosition((_, _) => double.NaN) }, geometry: new Square(1) { Placement = NodePlacement.Lattice })));
        yield return Rule("distance of a neuron", ErrorCode.Incompatible, "populations[a].TauMs", "depends on a distance", Of(new LeakyIntegrateAndFire { TauMs = Parameter.FromDistance(_ => 1) }));

        yield return Rule("drive of a source", ErrorCode.Incompatible, "inputs[noise(a)].Target", "a source of spikes", Driven(a => new GaussianNoise(a), Cells(model: new PoissonSource())));
        yield return Rule("deviation below 0", ErrorCode.NumberOutOfRange, "inputs[noise(a)].Deviation", "is -1", Driven(a => new GaussianNoise(a) { Deviation = -1 }));
        yield return Rule("Poisson rate", ErrorCode.NumberOutOfRange, "inputs[poisson(a)].RateHz", "is 64001; allowed is 0 to 64000 Hz", Driven(a => new PoissonInput(a) { RateHz = 64001 }));
        yield return Rule("pulses among too few", ErrorCode.NumberOutOfRange, "inputs[pulse(a)].Among", "is 3; the draw is made from the 4 neurons", Driven(a => new RandomPulse(a) { Among = 3 }));
        yield return Rule("inhibitory input onto one receptor", ErrorCode.Incompatible, "inputs[poisson(a)].Receptor", "one receptor", Driven(a => new PoissonInput(a) { Receptor = Receptor.Inhibitory }));

        yield return Rule("window of none", ErrorCode.NumberOutOfRange, "recordings[0].Steps", "is 0", Recorded(a => new SpikeRecording(a) { Steps = 0 }));
        yield return Rule("window too long", ErrorCode.NumberOutOfRange, "recordings[0].Steps", "is 2147483647", Recorded(a => new SpikeRecording(a) { Steps = int.MaxValue }));
        yield return Rule("sample every 0 steps", ErrorCode.NumberOutOfRange, "recordings[0].EverySteps", "is 0", Recorded(a => new StateRecording(a, "v") { EverySteps = 0 }));
        yield return Rule("unknown state", ErrorCode.UnknownName, "recordings[0].Variable", "is 'u'; 'a' has v, refractory, i", Recorded(a => new StateRecording(a, "u")));
        yield return Rule("no state at all", ErrorCode.UnknownName, "recordings[0].Variable", "has no state", Recorded(a => new StateRecording(a, "v"), Cells(model: new PoissonSource())));
    }

    [TestCaseSource(nameof(Rules))]
    public void NetworkRule_Broken_IsTheOneProblem(Network network, string code, string where, string what) => HasOneProblem(network, code, where, what);

    [Test]
    public void Network_WithSixDifferentProblems_ListsSix()
    {
        Population a = Cells(count: 0), b = Cells("b", model: new Izhikevich { A = double.NaN });
        var network = new Network
        {
            TimeStepMs = double.PositiveInfinity,
            Populations = [a, b, Cells("b")],
            Projections = [new Projection(a, b) { Connectivity = new AllToAll(), Receptor = Receptor.Inhibitory }],
            Recordings = [new StateRecording(b, "w")],
        };
        Assert.That(Problems(network).Select(p => $"{p.Code} {p.Where}"), Is.EqualTo(new[]
        {
            "TBN1001 network.TimeStepMs", "TBN1003 network.Populations", "TBN1002 populations[a].Count", "TBN1001 populations[b].A",
            "TBN1007 projections[a -> b].Receptor", "TBN3001 recordings[0].Variable",
        }));
    }

    [Test]
    public void Plan_OfNull_IsAnArgumentError() => Assert.Throws<ArgumentNullException>(() => NetworkPlanner.Plan(null!));

    [Test]
    public void Network_AtTheEdgesOfEveryRange_IsPlanned()
    {
        Assert.That(Problems(Of(Cells(count: 1)) with { TimeStepMs = 1e-6 }), Is.Empty);
        Assert.That(Problems(Of(Cells(count: 1)) with { TimeStepMs = 10, Batch = 65536 }), Is.Empty);
        Assert.That(Problems(Driven(a => new PoissonInput(a) { RateHz = 64000, Weight = 1e9 })), Is.Empty);
        Assert.That(Problems(Driven(a => new PoissonInput(a) { RateHz = 0 })), Is.Empty);
        Assert.That(Problems(Of(new SpikeArray { Spikes = [] })), Is.Empty);
    }
}
