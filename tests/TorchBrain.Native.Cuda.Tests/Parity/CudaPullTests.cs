using NUnit.Framework;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Static sparse projections that are pushed in some steps of a run and pulled in others.</summary>
public class CudaPullTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    // Batch 3, multapses; columns of 8 bytes where rows take 4, and the other way round; one delay and many; columns of several pieces, with few delays and with many in each.
    static readonly ParityCase s_packings = Packings();

    static ParityCase Packings()
    {
        var crowd = new Population("crowd", 700) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(5, 60) } };
        var few = new Population("few", 20) { Neuron = new PoissonSource { RateHz = 70 } };
        var cells = new Population("cells", 90) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 1 } };
        var wide = new Population("wide", 600) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 1 } };
        return ParityCase.Of("pulled, packings", [crowd, few, cells, wide],
            [
                new Projection(crowd, cells) { Name = "columns of 8", Connectivity = new FixedInDegree(170), Weight = Parameter.Normal(0.3, 0.5), DelayMs = Parameter.Uniform(1, 110) },
                new Projection(few, wide) { Name = "rows of 8", Connectivity = new FixedProbability(0.4), Weight = 3, DelayMs = Parameter.Uniform(1, 80) },
                new Projection(crowd, cells) { Name = "one delay", Connectivity = new FixedInDegree(140), Weight = Parameter.Normal(0.2, 0.4) },
                new Projection(cells, cells) { Name = "few delays", Connectivity = new FixedInDegree(140), Weight = Parameter.Normal(-0.1, 0.6), DelayMs = Parameter.Uniform(0.5, 3.5) },
            ],
            [new CurrentInjection(cells) { Amplitude = 340 }, new CurrentInjection(wide) { Amplitude = 340 }], batch: 3) with
        { Steps = 100 };
    }

    static ParityCase Case(string name) => name == s_packings.Name ? s_packings : ParityCases.All.Single(c => c.Name == name) is var c && name.StartsWith("wide", StringComparison.Ordinal) ? c with { Steps = 40 } : c;

    /// <summary>Spikes of each population in each step of a case.</summary>
    static int[][] SpikesOf(ParityCase parity, NetworkPlan plan)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var simulation = Simulation.Create(plan, backend);
        var elements = new int[plan.Populations.Max(p => p.Elements)];
        var counts = plan.Populations.Select(_ => new int[parity.Steps]).ToArray();
        for (var step = 0L; step < parity.Steps; step++)
        {
            parity.Run(simulation, step + 1, singly: true);
            foreach (var p in plan.Populations)
                counts[p.Index][step] = simulation.Compiled.ReadSpikes(p.Index, elements);
        }
        return counts;
    }

    // The activity of the first sparse projection's source in the middle step: it is pulled in about half of the steps.
    static CudaTuning Switching(ParityCase parity)
    {
        var plan = parity.Network.Plan();
        ProjectionPlan[] sparse = [.. plan.Projections.Where(p => p.Storage == SynapseStorage.SparseInt16 && p.SynapseCount > 0)];
        var spikes = SpikesOf(parity, plan);
        var tuning = new CudaTuning { PullFromActivity = Math.Max(1, spikes[sparse[0].Source.Index].Order().ElementAt((int)parity.Steps / 2)) / (double)sparse[0].Source.Elements };
        foreach (var p in sparse)
        {
            var (from, steps) = (PullRule.From(p, tuning), spikes[p.Source.Index]);
            var (pulled, pushed) = (steps.Count(n => n >= from), steps.Count(n => n > 0 && n < from));
            TestContext.Out.WriteLine($"{p.Name}: pulled from {from} of {p.Source.Elements}: {pulled} steps, pushed in {pushed} of {parity.Steps}");
            if (p == sparse[0])
                Assert.That(Math.Min(pulled, pushed), Is.GreaterThan(parity.Steps / 10), "both ways are taken");
        }
        return tuning;
    }

    static CudaOptions Options(CudaTuning tuning, CudaStepping stepping) => new() { Tuning = tuning with { Stepping = stepping, StepsBlock = stepping == CudaStepping.Persistent ? 64 : 0 } };

    [TestCase("pulled, packings", CudaStepping.Graph)]
    [TestCase("pulled, packings", CudaStepping.Persistent)]
    [TestCase("pulled, packings", CudaStepping.OneBlock)]
    [TestCase("fixed in-degree, multapses, batch 64", CudaStepping.OneBlock)]
    [TestCase("wide, explicit list, batch 3", CudaStepping.Persistent)]
    [TestCase("weights and delays by distance", CudaStepping.Persistent)]
    public void Run_PushedAndPulled_EqualsReference(string name, CudaStepping stepping)
    {
        var parity = Case(name);
        using var backend = new CudaBackend(Options(Switching(parity), stepping));
        ParityRun.AssertSame(parity, backend);
    }

    [Test]
    public void Run_WherePullDeliversNothing_Differs()
    {
        using var folder = new TemporaryFolder();
        EditedKernels.Write(folder.Path, "        tbn_pull_piece(p, step, local / p.chunks, local % p.chunks);", "");
        var (plan, expected) = ParityRun.Reference(s_packings);
        using var backend = new CudaBackend(Options(Switching(s_packings), CudaStepping.Graph) with { KernelSourceFolder = folder.Path });
        using var simulation = Simulation.Create(plan, backend);
        simulation.Run(s_packings.Steps);
        Assert.That(simulation.SpikeHash, Is.Not.EqualTo(expected.SpikeHash));
    }

    [Test]
    public void Describe_SaysWhetherAndFromWhere()
    {
        static string Describe(Network network, double activity)
        {
            using var backend = new CudaBackend(new CudaOptions { Tuning = new() { PullFromActivity = activity } });
            using var simulation = Simulation.Create(network, backend);
            return simulation.Compiled.Describe();
        }

        var sparse = Case("fixed in-degree, multapses, batch 64").Network;
        Assert.That(Describe(sparse, 0), Does.Contain("static sparse synapses pushed (PullFromActivity is 0)"));
        Assert.That(Describe(sparse, 0.025), Does.Contain("static sparse synapses pushed, or pulled in steps in which 2.5 % of the source spike (asked for), for which columns take 0 MiB"));
        Assert.That(Describe(ParityCases.All.Single(c => c.Name == "all to all, self, batch 3").Network, 0.1), Does.Contain("no static sparse synapses"));
    }

    [Test]
    public void Columns_AreKeptOnlyWhereSomeStepMayBePulled()
    {
        CudaTest.RequireOwnMemory();
        static long Bytes(double activity)
        {
            using var backend = new CudaBackend(new CudaOptions { Tuning = new() { PullFromActivity = activity } });
            var before = backend.Context.Memory().Free;
            using var simulation = Simulation.Create(s_packings.Network, backend);
            return before - backend.Context.Memory().Free;
        }

        var plan = s_packings.Network.Plan();
        var columns = plan.Projections.Sum(p => p.SynapseCount * SynapsePacking.OfColumns(p).Bytes + (p.Target.Count + 1) * 8L);
        Assert.That(Bytes(1) - Bytes(0), Is.GreaterThanOrEqualTo(columns).And.LessThan(columns + (64 << 10)));
    }

    [Test]
    public void Packing_OfRowsAndColumns_FollowsTheOtherEnd()
    {
        var bytes = s_packings.Network.Plan().Projections.Select(p => (SynapsePacking.OfRows(p).Bytes, SynapsePacking.OfColumns(p).Bytes));
        Assert.That(bytes, Is.EqualTo(new[] { (4, 8), (8, 4), (4, 4), (4, 4) }));
    }

    [TestCase(0.1, 30, 3u)]
    [TestCase(0.1, 31, 4u)]
    [TestCase(1e-9, 30, 1u)]
    [TestCase(1, 30, 30u)]
    [TestCase(0, 30, uint.MaxValue)]
    public void Rule_PartOfASource_IsANumberOfSpikes(double activity, int neurons, uint from)
    {
        var p = new Population("p", neurons) { Neuron = new Izhikevich() };
        var plan = new Network { Populations = [p], Projections = [new Projection(p, p) { Connectivity = new FixedInDegree(3), Weight = 1 }] }.Plan();
        Assert.That(PullRule.From(plan.Projections[0], new CudaTuning { PullFromActivity = activity }), Is.EqualTo(from));
    }
}
