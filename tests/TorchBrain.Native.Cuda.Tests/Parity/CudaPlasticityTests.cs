using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>Pair STDP whose weights take up postsynaptic spikes late leaves the bits of the one that does at once, whenever somebody looks.</summary>
[Parallelizable(ParallelScope.Children)]
public class CudaPlasticityTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static CudaBackend Backend(CudaPlasticity plasticity, CudaStepping stepping = CudaStepping.Persistent) =>
        new(new CudaOptions { Tuning = new() { Plasticity = plasticity, Stepping = stepping, StepsBlock = 64 } });

    static string Describe(Network network, CudaPlasticity plasticity)
    {
        using var backend = Backend(plasticity);
        using var simulation = Simulation.Create(network, backend);
        return simulation.Compiled.Describe();
    }

    [TestCase("stdp Additive, one delay, batch 64")]
    [TestCase("stdp Multiplicative, many delays, batch 3")]
    [TestCase("stdp PowerLaw, many delays, batch 1")]
    [TestCase("stdp, arrivals first, batch 3")]
    [TestCase("stdp, negative amplitudes, weights of both signs, duplicates, lesions")]
    public void Lazy_AnyRule_EqualsReference(string name)
    {
        using var backend = Backend(CudaPlasticity.Lazy);
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    // Sources that wait for longer than spikes are kept, or just as long, or never spike; targets that spike in every step, in bursts, or seldom.
    static ParityCase Waiting { get; } = Wait();

    static ParityCase Wait()
    {
        const int steps = 760;
        int[] intervals = [1, 3, 31, 32, 100, 223, 224, 225, 255, 256, 257, 500, 700];
        var source = new Population("source", intervals.Length + 1)
        {
            Neuron = new SpikeArray { Spikes = [.. from k in Enumerable.Range(0, intervals.Length) from n in Enumerable.Range(0, steps) where n % intervals[k] == intervals[k] / 2 select new SourceSpike(n, k)] },
        };
        var bursts = new Population("bursts", 9) { Neuron = new SpikeArray { Spikes = [.. from k in Enumerable.Range(0, 9) from n in Enumerable.Range(0, steps) where n % (40 * k + 1) < 6 select new SourceSpike(n, k)] } };
        var target = new Population("target", 40) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 0, TauMs = Parameter.Uniform(2, 40) } };
        var rule = new PairStdp { PotentiationAmplitude = 0.02, DepressionAmplitude = 0.03, TauPlusMs = 60, TauMinusMs = 22, MaxWeight = 4, WeightDependence = WeightDependence.Multiplicative };
        return ParityCase.Of("stdp, sources that wait, bursts", [source, bursts, target],
            [
                new Projection(source, target) { Connectivity = new FixedProbability(0.8), Weight = Parameter.Uniform(0, 3), DelayMs = Parameter.Uniform(0.5, 7.5), Learning = rule },
                new Projection(bursts, target) { Connectivity = new AllToAll(), Weight = 9, DelayMs = 2 },
            ], [new CurrentInjection(target) { Amplitude = Parameter.Uniform(150, 400) }], batch: 2) with
        { Steps = steps };
    }

    [Test]
    public void Lazy_LongerThanSpikesAreKept_EqualsReference([Values(CudaStepping.Graph, CudaStepping.Persistent, CudaStepping.OneBlock)] CudaStepping stepping)
    {
        using var backend = Backend(CudaPlasticity.Lazy, stepping);
        ParityRun.AssertSame(Waiting, backend);
    }

    [Test]
    public void Lazy_EverythingReadInMidRun_EqualsCpu()
    {
        using IBackend cpu = ParityRun.Cpu(1), cuda = Backend(CudaPlasticity.Lazy);
        using var expected = Simulation.Create(Waiting.Network, cpu);
        using var found = Simulation.Create(expected.Plan, cuda);
        foreach (var step in new[] { 0, 1, 2, 31, 32, 63, 64, 300, 301, 525, 760 })
        {
            expected.Run(step - expected.StepNumber);
            found.Run(step - found.StepNumber);
            Assert.That(Outcome.Of(found).DifferenceFrom(Outcome.Of(expected), expected.Plan), Is.Null, $"step {step}");
        }
        found.Reset();
        found.Run(340);
        expected.Reset();
        expected.Run(340);
        Assert.That(Outcome.Of(found).DifferenceFrom(Outcome.Of(expected), expected.Plan), Is.Null, "after a reset");
    }

    // Each way hands over to each other, at steps that are no multiple of anything.
    [Test]
    public void Load_BetweenColumnLazyAndCpu_GoesOnBitForBit()
    {
        var (plan, expected) = ParityRun.Reference(Waiting);
        IBackend[] backends = [ParityRun.Cpu(1), Backend(CudaPlasticity.Column), Backend(CudaPlasticity.Lazy), Backend(CudaPlasticity.Lazy)];
        Simulation[] simulations = [.. backends.Select(b => Simulation.Create(plan, b))];
        int[] turns = [0, 1, 2, 0, 2, 1, 0, 2, 3];
        for (var k = 0; k < turns.Length; k++)
        {
            if (k > 0)
                simulations[turns[k]].Load(simulations[turns[k - 1]].Save());
            Waiting.Run(simulations[turns[k]], k < turns.Length - 1 ? 83 * (k + 1) : Waiting.Steps);
        }
        // Spike counts are those since the last load.
        Assert.That((Outcome.Of(simulations[turns[^1]]) with { Counts = expected.Counts }).DifferenceFrom(expected, plan), Is.Null);
        foreach (var d in simulations.Cast<IDisposable>().Concat(backends))
            d.Dispose();
    }

    [Test]
    public void Lazy_KeepsNoIndexByTarget()
    {
        var learns = Waiting.Network with { Name = "memory" };
        var (column, lazy) = (Bytes(CudaPlasticity.Column), Bytes(CudaPlasticity.Lazy));
        var plan = learns.Plan();
        var projection = plan.Projections.Single(p => p.Learning is not null);
        var states = (projection.MaxDelay - projection.MinDelay + 1L) * projection.Source.Elements * 8;
        Assert.That(column - lazy, Is.EqualTo(12 * projection.SynapseCount + 8 * (projection.Target.Count + 1) - 32 * projection.Target.Elements - states));

        long Bytes(CudaPlasticity plasticity)
        {
            using var context = CudaContext.Open(0);
            using var memory = new DeviceMemory(context, new CudaStream(context));
            using var stream = memory.Stream;
            var compiled = learns.Plan();
            var log = new SpikeLog(compiled, memory, []);
            CudaPopulation[] populations = [.. compiled.Populations.Select(p => new CudaPopulation(p, compiled.Batch, memory, log))];
            var p = compiled.Projections.Single(p => p.Learning is not null);
            var before = memory.Bytes;
            _ = new StdpSynapses(p, populations[p.Source.Index], populations[p.Target.Index], memory, plasticity);
            return memory.Bytes - before;
        }
    }

    [Test]
    public void Lazy_MoreRunsThanNumbers_Refused() => CudaTest.Error(ErrorCode.BackendOption, () => LazyRuns.Count("pairs", int.MaxValue, 3));

    [Test]
    public void Describe_SaysWhichIsUsed()
    {
        Assert.That(Describe(Waiting.Network, CudaPlasticity.Lazy), Does.Contain("pair STDP Lazy"));
        Assert.That(Describe(Waiting.Network, CudaPlasticity.Column), Does.Contain("pair STDP Column"));
        Assert.That(Describe(Waiting.Network with { Projections = [] }, CudaPlasticity.Lazy), Does.Not.Contain("STDP"));
    }
}
