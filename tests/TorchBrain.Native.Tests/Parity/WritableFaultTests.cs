using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>A projection that the host may write but does not write must act as one that it may not write, or be refused.</summary>
public class WritableFaultTests
{
    static readonly (string Name, Connectivity Rule, Parameter? Delay, bool Works)[] Cases =
    [
        ("all to all", new AllToAll(), 2.0, true),
        ("fixed probability", new FixedProbability(0.3), null, true),
        ("fixed in-degree without multapses", new FixedInDegree(3) { Multapses = false }, 4.0, true),
        ("fixed in-degree with multapses", new FixedInDegree(30), null, false),
        ("explicit duplicates", new ExplicitList([new(0, 0), new(0, 0), new(1, 5, 8f), new(1, 5, 8f), new(3, 2)]), null, false),
        ("explicit list with two delays", new ExplicitList([new(0, 0, 16f, 1f), new(1, 5, 16f, 9f)]), null, false),
        ("drawn delays", new AllToAll(), Parameter.Uniform(1, 9), false),
    ];

    static IEnumerable<TestCaseData> Names() => Cases.Select(c => c.Works ? new TestCaseData(c.Name)
        : new TestCaseData(c.Name).Ignore("Fault: dense writable storage keeps one weight and one delay per pair, and the planner neither refuses the rest nor says so"));

    [TestCaseSource(nameof(Names))]
    public void Writable_NeverWritten_ActsAsStaticOrIsRefused(string name)
    {
        var (_, rule, delay, _) = Cases.Single(c => c.Name == name);
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
}
