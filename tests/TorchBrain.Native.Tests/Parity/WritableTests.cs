using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>A projection that the host may write but does not write must act as one that it may not write, or be refused.</summary>
public class WritableTests
{
    static readonly (string Name, Connectivity Rule, Parameter? Delay)[] Cases =
    [
        ("all to all", new AllToAll(), 2.0),
        ("fixed probability", new FixedProbability(0.3), null),
        ("fixed in-degree without multapses", new FixedInDegree(3) { Multapses = false }, 4.0),
        ("fixed in-degree with multapses", new FixedInDegree(30), null),
        ("explicit duplicates", new ExplicitList([new(0, 0), new(0, 0), new(1, 5, 8f), new(1, 5, 8f), new(3, 2)]), null),
        ("explicit list with two delays", new ExplicitList([new(0, 0, 16f, 1f), new(1, 5, 16f, 9f)]), null),
        ("drawn delays", new AllToAll(), Parameter.Uniform(1, 9)),
    ];

    static IEnumerable<string> Names() => Cases.Select(c => c.Name);

    [TestCaseSource(nameof(Names))]
    public void Writable_NeverWritten_ActsAsStaticOrIsRefused(string name)
    {
        var (_, rule, delay) = Cases.Single(c => c.Name == name);
        string Hash(double? writable)
        {
            var source = new Population("source", 20) { Neuron = new PoissonSource { RateHz = 100 } };
            var target = new Population("target", 20) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
            using var simulation = Simulation.Create(new Network
            {
                Populations = [source, target],
                Projections = [new Projection(source, target) { Connectivity = rule, Weight = 8, DelayMs = delay, WritableUpTo = writable }],
            }, ParityRun.Cpu(1));
            simulation.Run(200);
            var counts = new int[20];
            simulation.AddSpikeCounts(simulation.Population("target"), counts);
            Assert.That(counts.Sum(), Is.GreaterThan(0));
            return simulation.SpikeHash;
        }

        var expected = Hash(null);
        try
        {
            Assert.That(Hash(16), Is.EqualTo(expected));
        }
        catch (NetworkValidationException refused)
        {
            Assert.That(refused.Code, Is.EqualTo(ErrorCode.Incompatible));
        }
    }

    [Test]
    public void Writable_InitialWeightsAboveTheBound_Refused()
    {
        var source = new Population("source", 100) { Neuron = new SpikeArray { Spikes = NeuronCases.Regular(100, 5, 1) } };
        var units = new Population("units", 3) { Neuron = new ThresholdLinear { Threshold = 1, Competition = Competition.None } };
        var refused = Assert.Throws<NetworkValidationException>(() => new Network
        {
            Populations = [source, units],
            Projections = [new Projection(source, units) { Connectivity = new AllToAll(), Weight = 8, WritableUpTo = 0.01 }],
        }.Plan());
        Assert.That(refused!.Code, Is.EqualTo(ErrorCode.NumberOutOfRange));
    }

    [Test]
    public void WinnerTakeAll_WrittenWeightsBeyondTheColumnSum_RefusedOrExact()
    {
        var source = new Population("source", 100) { Neuron = new SpikeArray { Spikes = NeuronCases.Regular(100, 5, 1) } };
        var units = new Population("units", 3) { Neuron = new ThresholdLinear { Threshold = 1e6 } };
        using var simulation = Simulation.Create(new Network
        {
            Populations = [source, units],
            Projections = [new Projection(source, units) { Connectivity = new AllToAll(), Weight = 1, Learning = new WinnerTakeAllHebbian { ResetEverySteps = 0 } }],
        }, ParityRun.Cpu(1));
        try
        {
            simulation.WriteWeights(simulation.Projection("source", "units"), [.. Enumerable.Repeat(200f, 300)]);
        }
        catch (TorchBrainException refused)
        {
            Assert.That(refused.Code, Is.EqualTo(ErrorCode.ValueOutOfRange));
            return;
        }
        simulation.Run(3);
        var x = new float[3];
        simulation.ReadState(simulation.Population("units"), "x", x);
        Assert.That(x, Is.All.EqualTo(20_000f).Within(1));
    }
}
