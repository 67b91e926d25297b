using NUnit.Framework;
using TorchBrain.Native.Planning;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>When a projection is a stencil, and that nothing but memory and time changes by it.</summary>
public class StencilTests
{
    static Network Kernel(Geometry geometry, int count, Func<Projection, Projection>? change = null)
    {
        var sheet = Cells("sheet", count, new Izhikevich(), geometry);
        return new Network { Populations = [sheet], Projections = [(change ?? (p => p))(new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround() })] };
    }

    static Torus Torus(double width, double height) => new(width, height) { Placement = NodePlacement.Lattice };

    static Square Square(double side) => new(side) { Placement = NodePlacement.Lattice };

    static SynapseStorage Storage(Network network) => network.Plan().Projections[0].Storage;

    static IEnumerable<string> Names() => StencilCases.All().Select(c => c.Name);

    [TestCaseSource(nameof(Names))]
    public void Stencil_AndStoredRows_GiveTheSame(string name)
    {
        var parity = ParityCases.All.Single(c => c.Name == name);
        var (plan, expected) = ParityRun.Reference(parity);
        var stored = (parity.Network with { Projections = [.. parity.Network.Projections.Select(p => p.Rows == RowStorage.Stencil ? Copy(p) : p)] }).Plan();
        Assert.That(plan.Projections[^1].Storage, Is.EqualTo(SynapseStorage.Stencil));
        Assert.That(stored.Projections[^1].Storage, Is.AnyOf(SynapseStorage.DenseInt16, SynapseStorage.SparseInt16));
        Assert.That(plan.Hash, Is.EqualTo(stored.Hash), "checkpoints fit both");
        using var simulation = Simulation.Create(stored, ParityRun.Cpu(2));
        parity.Run(simulation, parity.Steps);
        Assert.That(Outcome.Of(simulation).DifferenceFrom(expected, stored), Is.Null);
    }

    static Projection Copy(Projection p) => p with { Rows = RowStorage.Stored };

    [Test]
    public void Weights_OfTheStencil_AreThoseOfEveryRow([Values(true, false)] bool torus)
    {
        var plan = Kernel(torus ? Torus(13, 9) : Square(11), torus ? 117 : 121, p => p with { Rows = RowStorage.Stencil }).Plan().Projections[0];
        var (lattice, buffer) = (plan.Stencil!.Lattice, new SynapseBuffer());
        for (var source = 0; source < plan.Source.Count; source++)
        {
            plan.Synapses.Generate(source, buffer);
            var row = new short[plan.Target.Count];
            for (var k = 0; k < buffer.Count; k++)
                row[buffer.Partner[k]] = plan.Quantise(buffer.Weight[k]);
            for (var target = 0; target < row.Length; target++)
                Assert.That(plan.Stencil.At(target / lattice.Columns - source / lattice.Columns, target % lattice.Columns - source % lattice.Columns), Is.EqualTo(row[target]));
        }
    }

    [Test]
    public void Auto_TakesAStencil_WhereItIsFaster()
    {
        Assert.That(Storage(Kernel(Torus(30, 50), 1500)), Is.EqualTo(SynapseStorage.Stencil));
        Assert.That(Storage(Kernel(Square(40), 1600)), Is.EqualTo(SynapseStorage.Stencil));
        Assert.That(Storage(Kernel(Torus(20, 20), 400)), Is.EqualTo(SynapseStorage.DenseInt16), "small enough for a core's cache");
        Assert.That(Storage(Kernel(Torus(30, 50), 1500, p => p with { Rows = RowStorage.Stored })), Is.EqualTo(SynapseStorage.DenseInt16));
        Assert.That(Storage(Kernel(new Torus(30, 50), 1500)), Is.EqualTo(SynapseStorage.DenseInt16), "nodes at random");
        Assert.That(Storage(Kernel(Torus(28, 28), 1500)), Is.EqualTo(SynapseStorage.DenseInt16), "no rows and columns");
        Assert.That(Storage(Kernel(Torus(30.1, 50.3), 1500)), Is.EqualTo(SynapseStorage.DenseInt16), "rounded positions");
        Assert.That(Storage(Kernel(Torus(30, 50), 1500, p => p with { DelayMs = Parameter.FromDistance(d => 1 + d / 9) })), Is.EqualTo(SynapseStorage.SparseInt16));
        Assert.That(Storage(Kernel(Torus(30, 50), 1500, p => p with { WritableUpTo = 9 })), Is.EqualTo(SynapseStorage.DenseInt16));
        Assert.That(Storage(Kernel(Torus(30, 50), 1500, p => p with { Learning = new PairStdp { MinWeight = -5, MaxWeight = 5 } })), Is.EqualTo(SynapseStorage.SparseFloat));
    }

    [Test]
    public void Describe_NamesTheStencil() => Assert.That(Kernel(Torus(30, 50), 1500).Plan().Describe(), Does.Contain("2,092,500 synapses as a stencil of 5,464 16-bit weights x 2^").And.Contain("on a torus of 50 x 30 nodes"));

    static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(string what, Network network) => new TestCaseData(network, what).SetArgDisplayNames(what);
        Projection Asked(Projection p) => p with { Rows = RowStorage.Stencil };
        yield return Case("are not a lattice", Kernel(new Torus(30, 50), 1500, Asked));
        yield return Case("are not a lattice", Kernel(Torus(30.1, 50.3), 1500, Asked));
        yield return Case("its weights learn", Kernel(Torus(10, 10), 100, p => Asked(p) with { Learning = new PairStdp { MinWeight = -5, MaxWeight = 5 } }));
        yield return Case("may write its weights", Kernel(Torus(10, 10), 100, p => Asked(p) with { WritableUpTo = 9 }));
        yield return Case("its delays are 1 to", Kernel(Torus(10, 10), 100, p => Asked(p) with { DelayMs = Parameter.FromDistance(d => d) }));
        yield return Case("it has no synapses", Kernel(Torus(10, 10), 100, p => Asked(p) with { Connectivity = new DistanceKernel { WeightAt = _ => 0 } }));
        yield return Case("do not follow from distances alone", Kernel(Torus(10, 10), 100, p => Asked(p) with { Connectivity = new FixedProbability(0.5) }));
        yield return Case("do not follow from distances alone", Kernel(Torus(10, 10), 100, p => Asked(p) with { Connectivity = new AllToAll(), Weight = Parameter.Uniform(0, 1) }));
        yield return Case("which is no RowStorage", Kernel(Torus(10, 10), 100, p => p with { Rows = (RowStorage)9 }));
    }

    [TestCaseSource(nameof(Refused))]
    public void Stencil_AskedForWhereThereIsNone_IsRefused(Network network, string what)
    {
        var problem = Problems(network).Single();
        Assert.That(problem.Where, Is.EqualTo("projections[sheet -> sheet].Rows"));
        Assert.That(problem.What, Does.Contain(what));
    }

    [Test]
    public void Stencil_BetweenPopulations_IsRefused()
    {
        Population a = Cells(count: 100, geometry: Torus(10, 10)), b = Cells("b", 100, geometry: Torus(10, 10));
        HasOneProblem(AllToAll(p => p with { Connectivity = DistanceKernel.CentreSurround(), Rows = RowStorage.Stencil }, a, b), ErrorCode.Incompatible, "projections[a -> b].Rows", "joins two populations");
    }

    // The rows of a large lattice are not looked at one by one; a delay by distance, which is one step everywhere, has them looked at.
    [TestCase(true)]
    [TestCase(false)]
    public void LargeLattice_PlannedByOffsets_EqualsRowByRow(bool torus)
    {
        var geometry = torus ? (Geometry)Torus(130, 130) : Square(130);
        var kernel = DistanceKernel.CentreSurround(exciteRadius: 1.2, inhibitRadius: 3, cutOff: 6);
        NetworkPlan byOffset = Kernel(geometry, 16_900, p => p with { Connectivity = kernel }).Plan(), byRow = Kernel(geometry, 16_900, p => p with { Connectivity = kernel, DelayMs = Parameter.FromDistance(_ => 1) }).Plan();
        static string Text(NetworkPlan plan) => plan.Describe().Replace($"plan {plan.Hash:x32}", "", StringComparison.Ordinal);
        Assert.That(Text(byOffset), Is.EqualTo(Text(byRow)));
        Assert.That(byOffset.Projections[0].RowLengths, Is.EqualTo(byRow.Projections[0].RowLengths));
        Assert.That(byOffset.Populations[0].Channels[0].WorstCase, Is.EqualTo(byRow.Populations[0].Channels[0].WorstCase));
    }

    [Test]
    public void LargeLattice_WhoseMatrixNoMachineHolds_IsPlanned()
    {
        var plan = Kernel(Torus(1000, 500), 500_000).Plan();
        Assert.That(plan.Projections[0].Storage, Is.EqualTo(SynapseStorage.Stencil));
        Assert.That(plan.Projections[0].SynapseCount, Is.GreaterThan(200_000_000_000));
        Assert.That(Problems(Kernel(new Torus(1000, 500), 500_000)).Single().Code, Is.EqualTo(ErrorCode.TooLarge), "at random it is refused");
    }
}
