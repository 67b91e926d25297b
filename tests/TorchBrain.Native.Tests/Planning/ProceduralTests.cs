using NUnit.Framework;
using TorchBrain.Native.Planning;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>Rows made for each spike: the same as stored ones, in next to no memory, and refused where they cannot be.</summary>
public class ProceduralTests
{
    static IEnumerable<string> Names() => ProceduralCases.All().Select(c => c.Name);

    static Network With(Network network, RowStorage rows) => network with { Projections = [.. network.Projections.Select(p => p with { Rows = rows })] };

    [TestCaseSource(nameof(Names))]
    public void Procedural_AndStoredRows_GiveTheSame(string name)
    {
        var parity = ParityCases.All.Single(c => c.Name == name);
        var (plan, expected) = ParityRun.Reference(parity);
        var stored = With(parity.Network, RowStorage.Stored).Plan();
        Assert.That(plan.Projections.Select(p => p.Storage), Is.All.EqualTo(SynapseStorage.Procedural));
        Assert.That(stored.Projections.Select(p => p.Storage), Is.All.AnyOf(SynapseStorage.DenseInt16, SynapseStorage.SparseInt16));
        Assert.That(plan.Hash, Is.EqualTo(stored.Hash), "checkpoints fit both");
        using var simulation = Simulation.Create(stored, ParityRun.Cpu(2));
        parity.Run(simulation, parity.Steps);
        Assert.That(Outcome.Of(simulation).DifferenceFrom(expected, stored), Is.Null);
    }

    [Test]
    public void Checkpoint_OfStoredRows_GoesOnWithProceduralOnes([Values(true, false)] bool fromStored)
    {
        var parity = ParityCases.All.Single(c => c.Name == "procedural, skips, drawn, batch 3");
        var (plan, expected) = ParityRun.Reference(parity);
        var stored = With(parity.Network, RowStorage.Stored).Plan();
        using var before = Simulation.Create(fromStored ? stored : plan, ParityRun.Cpu(1));
        using var after = Simulation.Create(fromStored ? plan : stored, ParityRun.Cpu(2));
        parity.Run(before, 47);
        after.Load(before.Save());
        parity.Run(after, parity.Steps);
        Assert.That((Outcome.Of(after) with { Counts = expected.Counts }).DifferenceFrom(expected, plan), Is.Null);
    }

    [Test]
    public void Step_AllocatesNothing()
    {
        var parity = ParityCases.All.Single(c => c.Name == "procedural, skips, drawn, batch 1");
        using var simulation = Simulation.Create(parity.Network, ParityRun.Cpu(1));
        simulation.Run(50);
        var before = GC.GetAllocatedBytesForCurrentThread();
        simulation.Run(100);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Describe_SaysSo()
    {
        var text = ParityCases.All.Single(c => c.Name == "procedural, each, numbers").Network.Plan().Describe();
        Assert.That(text, Does.Contain("synapses as rows made for each spike, 16-bit weights x 2^"));
    }

    static Network Procedural(Connectivity connectivity, Func<Projection, Projection>? change = null, int count = 4) =>
        AllToAll(p => (change ?? (q => q))(p with { Connectivity = connectivity, Rows = RowStorage.Procedural }), Cells(count: count, geometry: new Square(1)), Cells("b", count, geometry: new Square(1)));

    // A fifth of a terabyte if it were stored; the plan still looks at every row once, so a larger one would take its time.
    [Test]
    public void MemoryGuard_CountsNoSynapses()
    {
        var stored = Procedural(new FixedTotal(400_000_000_000), p => p with { Rows = RowStorage.Stored, Weight = double.NaN }, 1_000_000);
        Assert.That(Problems(stored).Select(p => p.Code), Does.Contain(ErrorCode.TooLarge));
        var procedural = Procedural(new FixedTotal(400_000_000_000), p => p with { Weight = double.NaN }, 1_000_000);
        Assert.That(Problems(procedural).Select(p => p.Code), Is.EqualTo(new[] { ErrorCode.NumberOutOfRange }), "nothing but the weight, which stops it from being planned");
    }

    [Test]
    public void Tables_AreAllThereIs()
    {
        var rows = Procedural(new FixedProbability(0.5), p => p with { Weight = Parameter.Normal(1, 0.2), DelayMs = Parameter.Uniform(1, 16) }, 3000).Plan().Projections[0];
        Assert.That(rows.SynapseCount, Is.GreaterThan(4_000_000));
        var bytes = rows.Procedural!.Skips.Bytes + rows.Procedural.Weights.Bytes + rows.Procedural.Delays.Bytes + rows.RowLengths.Length * sizeof(int);
        Assert.That(bytes / (double)rows.SynapseCount, Is.LessThan(0.15));
    }

    static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(string what, Network network) => new TestCaseData(network, what).SetArgDisplayNames(what);
        yield return Case("its weights learn", Procedural(new AllToAll(), p => p with { Learning = new PairStdp() }));
        yield return Case("the host may write its weights", Procedural(new AllToAll(), p => p with { WritableUpTo = 3 }));
        yield return Case("its connectivity is FixedInDegree", Procedural(new FixedInDegree(2)));
        yield return Case("its connectivity is OneToOne", Procedural(new OneToOne()));
        yield return Case("its connectivity is ExplicitList", Procedural(new ExplicitList([])));
        yield return Case("its connectivity is DistanceKernel", Procedural(DistanceKernel.CentreSurround()));
        yield return Case("its weights are neither", Procedural(new AllToAll(), p => p with { Weight = Parameter.FromUniform(u => u) }));
        yield return Case("its weights are neither", Procedural(new AllToAll(), p => p with { Weight = Parameter.Uniform(2, 1) }));
        yield return Case("its weights are neither", Procedural(new AllToAll(), p => p with { Weight = Parameter.FromDistance(d => d) }));
        yield return Case("its delays are neither", Procedural(new AllToAll(), p => p with { DelayMs = Parameter.FromDistance(d => d) }));
        yield return Case("skips too many of them at once", Procedural(new FixedProbability(1e-7), count: 5_000_000));
    }

    [TestCaseSource(nameof(Refused))]
    public void Procedural_WhereItCannotBe_IsRefused(Network network, string what)
    {
        var problem = Problems(network).Single();
        Assert.That((problem.Code, problem.Where), Is.EqualTo((ErrorCode.Incompatible, "projections[a -> b].Rows")));
        Assert.That(problem.What, Does.StartWith("is Procedural, but ").And.Contain(what));
    }

    [Test]
    public void Obstacles_AreAllNamedAtOnce() =>
        Assert.That(Problems(Procedural(new FixedInDegree(2), p => p with { Learning = new PairStdp(), Weight = Parameter.FromUniform(u => u), DelayMs = Parameter.FromUniform(u => 1 + u) })), Has.Count.EqualTo(4));

    // So narrow that many words give numbers next to each other, which double precision does not keep in order.
    [Test]
    public void Distribution_TooNarrowToOrder_IsRefusedOrRight()
    {
        var network = Procedural(new AllToAll(), p => p with { Weight = Parameter.TruncatedNormal(0, 1, 1, 1 + 1e-13) }, 50);
        Assert.That(Problems(network).Select(p => p.What), Is.All.Contains("too narrow"));
    }
}
