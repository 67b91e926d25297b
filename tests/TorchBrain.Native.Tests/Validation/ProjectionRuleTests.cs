using NUnit.Framework;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>Rules of projections: one case each.</summary>
public class ProjectionRuleTests
{
    const string Where = "projections[a -> b]";

    static IEnumerable<TestCaseData> Rules()
    {
        static TestCaseData Rule(string name, string code, string part, string what, Network network) => new TestCaseData(network, code, Where + part, what).SetArgDisplayNames(name);
        Population twoReceptors = Cells("b", model: TwoReceptors), five = Cells("b", 5), here = Cells(geometry: new Square(1)), there = Cells("b", geometry: new Square(1));
        const string number = ErrorCode.NumberOutOfRange, misfit = ErrorCode.Incompatible;

        yield return Rule("onto a source", misfit, ".Target", "a source of spikes", AllToAll(p => p, b: Cells("b", model: new PoissonSource())));
        yield return Rule("no connectivity", ErrorCode.Missing, ".Connectivity", "is null", Connected(null!));
        yield return Rule("one to one of two sizes", misfit, ".Connectivity", "between 4 and 5", Connected(new OneToOne(), b: five));
        yield return Rule("probability above 1", number, ".Connectivity.Probability", "is 1.1", Connected(new FixedProbability(1.1)));
        yield return Rule("probability without digits", number, ".Connectivity.Probability", "is 1E-300; allowed is 0, or 1e-12", Connected(new FixedProbability(1e-300)));
        yield return Rule("in-degree below 0", number, ".Connectivity.InDegree", "is -1", Connected(new FixedInDegree(-1)));
        yield return Rule("in-degree above the sources", number, ".Connectivity.InDegree", "is 5; allowed is 0 to 4", Connected(new FixedInDegree(5) { Multapses = false }));
        yield return Rule("total below 0", number, ".Connectivity.Synapses", "is -1; allowed is 0 or more", Connected(new FixedTotal(-1)));
        yield return Rule("no list", ErrorCode.Missing, ".Connectivity.Synapses", "is null", Connected(new ExplicitList(null!)));
        yield return Rule("source outside", ErrorCode.IndexOutOfRange, ".Connectivity.Synapses[1]", "connects 4 to 0", Connected(new ExplicitList([new(0, 0), new(4, 0)])));
        yield return Rule("target outside", ErrorCode.IndexOutOfRange, ".Connectivity.Synapses[0]", "connects 0 to -1", Connected(new ExplicitList([new(0, -1)])));
        yield return Rule("listed weight NaN", number, ".Connectivity.Synapses[0]", "weight NaN", Connected(new ExplicitList([new(0, 0, float.NaN)])));
        yield return Rule("listed weight too large", number, ".Connectivity.Synapses[0]", "weight 3E+38", Connected(new ExplicitList([new(0, 0, 3e38f)])));
        yield return Rule("listed delay of 0", ErrorCode.DelayOutOfRange, ".Connectivity", "outside one step (1 ms) to 4096 ms", Connected(new ExplicitList([new(0, 0, 1, 0)])));
        yield return Rule("kernel without positions", ErrorCode.GeometryInvalid, ".Connectivity", "no Geometry", Connected(new DistanceKernel { WeightAt = _ => 1 }));
        yield return Rule("kernel without function", ErrorCode.Missing, ".Connectivity.WeightAt", "is null", Connected(new DistanceKernel { WeightAt = null! }, here, there));
        yield return Rule("kernel with NaN cut-off", number, ".Connectivity.CutOff", "is NaN", Connected(new DistanceKernel { WeightAt = _ => 1, CutOff = double.NaN }, here, there));

        yield return Rule("no weight", ErrorCode.Missing, ".Weight", "is null", AllToAll(p => p with { Weight = null! }));
        yield return Rule("weight too large", number, ".Weight", "is 10000000000;", AllToAll(p => p with { Weight = 1e10 }));
        yield return Rule("list for a random rule", misfit, ".Weight", "is a list", AllToAll(p => p with { Connectivity = new FixedProbability(0.5), Weight = Parameter.Values(new float[16]) }));
        yield return Rule("list too short", ErrorCode.IndexOutOfRange, ".Weight", "has 3 values; 16 are needed", AllToAll(p => p with { Weight = Parameter.Values(1, 2, 3) }));
        yield return Rule("list null", ErrorCode.IndexOutOfRange, ".Weight", "has 0 values", AllToAll(p => p with { Weight = Parameter.Values(null!) }));
        yield return Rule("list with infinity", number, ".Weight", "contains NaN, infinity", AllToAll(p => p with { Connectivity = new OneToOne(), Weight = Parameter.Values(1, 2, 3, float.PositiveInfinity) }));
        yield return Rule("weight by position", misfit, ".Weight", "position of one neuron", AllToAll(p => p with { Weight = Parameter.FromPosition((_, _) => 1) }));
        yield return Rule("weight by distance without positions", ErrorCode.GeometryInvalid, ".Weight", "no Geometry", AllToAll(p => p with { Weight = Parameter.FromDistance(_ => 1) }));
        yield return Rule("weight without function", ErrorCode.Missing, ".Weight", "has no function", AllToAll(p => p with { Weight = Parameter.FromUniform(null!) }));
        yield return Rule("weight by distance without function", ErrorCode.Missing, ".Weight", "has no function", AllToAll(p => p with { Weight = Parameter.FromDistance(null!) }, here, there));
        yield return Rule("drawn weight for a list", misfit, ".Weight", "is drawn", AllToAll(p => p with { Connectivity = new ExplicitList([]), Weight = Parameter.Uniform(0, 1) }));
        yield return Rule("drawn weight infinite", number, ".Weight", "can draw Infinity", AllToAll(p => p with { Weight = Parameter.FromUniform(u => 1 / Math.Floor(u)) }));
        yield return Rule("drawn weight fails", number, ".Weight", "fails with ArgumentException", AllToAll(p => p with { Weight = Parameter.Normal(1, 1, 2, 0) }));

        yield return Rule("inhibitory onto one receptor", misfit, ".Receptor", "one receptor for both signs", AllToAll(p => p with { Receptor = Receptor.Inhibitory }));
        yield return Rule("both signs onto two receptors", misfit, ".Receptor", "both signs", AllToAll(p => p with { Weight = Parameter.Normal(0, 1) }, b: twoReceptors));
        yield return Rule("both signs drawn downwards", misfit, ".Receptor", "both signs", AllToAll(p => p with { Weight = Parameter.Uniform(5, -5) }, b: twoReceptors));
        yield return Rule("both signs by learning", misfit, ".Receptor", "both signs", AllToAll(p => p with { Learning = new PairStdp { MinWeight = -1 } }, b: twoReceptors));
        yield return Rule("both signs by writing", misfit, ".Receptor", "both signs", AllToAll(p => p with { WritableUpTo = 2 }, b: twoReceptors));

        var conducting = Cells("b", model: Conducting, geometry: new Square(1));
        yield return Rule("onto conductances without receptor", misfit, ".Receptor", "is Auto, but 'b' takes conductances", AllToAll(p => p, b: conducting));
        foreach (var receptor in new[] { Receptor.Excitatory, Receptor.Inhibitory })
        {
            Network Onto(Func<Projection, Projection> change) => AllToAll(p => change(p) with { Receptor = receptor }, here, conducting);
            yield return Rule($"negative onto the {receptor} conductance", number, ".Weight", "can be -1; 'b' takes conductances", Onto(p => p with { Weight = -1 }));
            yield return Rule($"listed negative onto the {receptor} conductance", number, ".Weight", "can be -2", Onto(p => p with { Connectivity = new ExplicitList([new(0, 0, 1), new(0, 1, -2)]) }));
            yield return Rule($"drawn negative onto the {receptor} conductance", number, ".Weight", "can be -", Onto(p => p with { Weight = Parameter.Normal(6, 1) }));
            yield return Rule($"negative by default onto the {receptor} conductance", number, ".Weight", "gave -3", Onto(p => p with { Connectivity = new ExplicitList([new(0, 0)]), Weight = -3 }));
            yield return Rule($"kernel below 0 onto the {receptor} conductance", number, ".Weight", "gave -4", Onto(p => p with { Connectivity = new DistanceKernel { WeightAt = _ => -4 } }));
            yield return Rule($"learning below 0 onto the {receptor} conductance", number, ".Learning.MinWeight", "is -1", Onto(p => p with { Learning = new PairStdp { MinWeight = -1 } }));
        }

        yield return Rule("delay of 0", ErrorCode.DelayOutOfRange, ".DelayMs", "is 0 ms; allowed is one step (1 ms) to 4096 ms", AllToAll(p => p with { DelayMs = 0 }));
        yield return Rule("delay too long", ErrorCode.DelayOutOfRange, ".DelayMs", "is 4097 ms", AllToAll(p => p with { DelayMs = 4097 }));
        yield return Rule("delay list", misfit, ".DelayMs", "is a list", AllToAll(p => p with { DelayMs = Parameter.Values(1, 1, 1, 1) }));
        yield return Rule("delay by position", misfit, ".DelayMs", "one neuron's position", AllToAll(p => p with { DelayMs = Parameter.FromPosition((_, _) => 1) }));
        yield return Rule("drawn delay too long", ErrorCode.DelayOutOfRange, ".DelayMs", "can draw 5000", AllToAll(p => p with { DelayMs = Parameter.FromUniform(_ => 5000) }));
        yield return Rule("drawn delay NaN", ErrorCode.DelayOutOfRange, ".DelayMs", "can draw NaN", AllToAll(p => p with { DelayMs = Parameter.FromUniform(_ => double.NaN) }));
        yield return Rule("drawn delay for a list", misfit, ".DelayMs", "is drawn", AllToAll(p => p with { Connectivity = new ExplicitList([]), DelayMs = Parameter.Uniform(1, 2) }));
        yield return Rule("delay by distance without positions", ErrorCode.GeometryInvalid, ".DelayMs", "no Geometry", AllToAll(p => p with { DelayMs = Parameter.FromDistance(_ => 1) }));
        yield return Rule("delay without function", ErrorCode.Missing, ".DelayMs", "has no function", AllToAll(p => p with { DelayMs = Parameter.FromUniform(null!) }));

        yield return Rule("winners without all to all", misfit, ".Learning", "needs AllToAll", Winners(new(), p => p with { Connectivity = new FixedProbability(0.5) }));
        yield return Rule("winners onto a spiking target", misfit, ".Learning", "onto a ThresholdLinear", AllToAll(p => p with { Learning = new WinnerTakeAllHebbian() }));
        yield return Rule("winners with drawn delays", misfit, ".DelayMs", "one delay", Winners(new(), p => p with { DelayMs = Parameter.Uniform(1, 3) }));
        yield return Rule("winners without weight", number, ".Weight", "not negative", Winners(new(), p => p with { Weight = 0 }));
        yield return Rule("winners with a negative weight", number, ".Weight", "not negative", Winners(new(), p => p with { Weight = Parameter.Values([-1, .. new float[15]]) }));
        yield return Rule("winners with drawn negative weights", number, ".Weight", "drew -", Winners(new(), p => p with { Weight = Parameter.Uniform(-1, 0) }));
        yield return Rule("power law with negative weights", number, ".Learning.MinWeight", "no negative weights", AllToAll(p => p with { Learning = new PairStdp { WeightDependence = WeightDependence.PowerLaw, MinWeight = -1 } }));
        foreach (var interval in new[] { 0, 0.4, 10.5, 1e12, -1000 })
            yield return Rule($"consolidation every {interval} ms", number, ".Learning.ConsolidationIntervalMs", "whole number of steps", AllToAll(p => p with { Learning = new EligibilityStdp { ConsolidationIntervalMs = interval } }));
        yield return Rule("eligibility that grows by itself", number, ".Learning.Retention", "is 1.01", AllToAll(p => p with { Learning = new EligibilityStdp { Retention = 1.01 } }));
        yield return Rule("triplet bounds exchanged", number, ".Learning.MinWeight", "2 is above MaxWeight 1", AllToAll(p => p with { Learning = new TripletStdp { MinWeight = 2 } }));
        yield return Rule("bounds exchanged", number, ".Learning.MinWeight", "2 is above MaxWeight 1", AllToAll(p => p with { Learning = new PairStdp { MinWeight = 2 } }));

        yield return Rule("write bound of 0", number, ".WritableUpTo", "is 0;", AllToAll(p => p with { WritableUpTo = 0, Weight = 0 }));
        yield return Rule("write bound with learning", misfit, ".WritableUpTo", "that learns", AllToAll(p => p with { WritableUpTo = 1, Learning = new PairStdp() }));
        yield return Rule("write bound below a weight", number, ".WritableUpTo", "is 1, below a weight of 2", AllToAll(p => p with { WritableUpTo = 1, Weight = -2 }));
        yield return Rule("write bound below a listed weight", number, ".WritableUpTo", "below a weight of 3", AllToAll(p => p with { WritableUpTo = 1, Connectivity = new ExplicitList([new(0, 0, -3)]) }));
        yield return Rule("write bound with in-degree", misfit, ".WritableUpTo", "more than once", AllToAll(p => p with { WritableUpTo = 1, Connectivity = new FixedInDegree(2) }));
        yield return Rule("write bound with a pair twice", misfit, ".WritableUpTo", "more than once", AllToAll(p => p with { WritableUpTo = 1, Connectivity = new ExplicitList([new(0, 0), new(0, 0)]) }));
        yield return Rule("write bound with two delays", misfit, ".WritableUpTo", "one delay", AllToAll(p => p with { WritableUpTo = 1, Connectivity = new ExplicitList([new(0, 0, 1, 1), new(0, 1, 1, 2)]) }));
        yield return Rule("write bound with drawn delays", misfit, ".WritableUpTo", "one delay", AllToAll(p => p with { WritableUpTo = 1, DelayMs = Parameter.Uniform(1, 3) }));

        yield return Rule("function gives NaN", number, ".Weight", "gave NaN", AllToAll(p => p with { Weight = Parameter.FromDistance(_ => double.NaN) }, here, there));
        yield return Rule("kernel gives infinity", number, ".Weight", "gave NaN or infinity", Connected(new DistanceKernel { WeightAt = _ => double.PositiveInfinity }, here, there));
    }

    [TestCaseSource(nameof(Rules))]
    public void ProjectionRule_Broken_IsTheOneProblem(Network network, string code, string where, string what) => HasOneProblem(network, code, where, what);

    [Test]
    public void Projection_FromAStranger_NamesBothEnds()
    {
        var problems = Problems(Of(Cells()) with { Projections = [new Projection(Cells("x"), null!) { Connectivity = new AllToAll() }] });
        Assert.That(problems.Select(p => $"{p.Code} {p.Where} {p.What}"), Is.EqualTo(new[]
        {
            "TBN1004 projections[x -> ].Source is 'x', which is not in network.Populations.", "TBN1004 projections[x -> ].Target is null.",
        }));
        Assert.That(problems[0].Fix, Does.Contain("there are: 'a'"));
    }

    [Test]
    public void Projection_NamedLikeAnother_IsReported()
    {
        var network = AllToAll(p => p);
        HasOneProblem(network with { Projections = [network.Projections[0], network.Projections[0] with { Weight = 2 }] }, ErrorCode.NameNotUnique, "network.Projections", "'a -> b' 2 times");
    }

    [Test]
    public void Projection_OntoItselfWithoutSelf_HasOneSourceLess()
    {
        var a = Cells();
        Network Recurrent(int inDegree) => Of(a) with { Projections = [new Projection(a, a) { Connectivity = new FixedInDegree(inDegree) { Multapses = false } }] };
        Assert.That(Problems(Recurrent(3)), Is.Empty);
        Assert.That(Problems(Recurrent(4)), Has.Count.EqualTo(1));
        var one = Cells(count: 1);
        Assert.That(Problems(Of(one) with { Projections = [new Projection(one, one) { Connectivity = new FixedInDegree(1) }] }), Has.Count.EqualTo(1), "no source at all");
    }

    [Test]
    public void Projection_WithSeveralProblems_ListsAll()
    {
        var problems = Problems(AllToAll(p => p with { Weight = double.NaN, DelayMs = -1, Receptor = Receptor.Inhibitory, WritableUpTo = double.NaN }));
        Assert.That(problems.Select(p => p.Where), Is.EqualTo(new[] { $"{Where}.Weight", $"{Where}.Receptor", $"{Where}.DelayMs", $"{Where}.WritableUpTo" }));
    }

    [Test]
    public void Projection_AtTheEdgesOfEveryRange_IsPlanned()
    {
        Assert.That(Problems(Connected(new FixedProbability(0))), Is.Empty);
        Assert.That(Problems(Connected(new FixedProbability(1e-12))), Is.Empty);
        Assert.That(Problems(Connected(new FixedProbability(1))), Is.Empty);
        Assert.That(Problems(Connected(new FixedInDegree(0))), Is.Empty);
        Assert.That(Problems(Connected(new ExplicitList([]))), Is.Empty);
        Assert.That(Problems(AllToAll(p => p with { Weight = 1e9, DelayMs = 4096 })), Is.Empty);
        Assert.That(Problems(AllToAll(p => p with { Weight = -1, WritableUpTo = 1, Receptor = Receptor.Inhibitory }, b: Cells("b", model: TwoReceptors))), Is.Empty);
        Assert.That(Problems(AllToAll(p => p with { Weight = 0, WritableUpTo = 1, Receptor = Receptor.Inhibitory }, b: Cells("b", model: Conducting))), Is.Empty);
    }
}
