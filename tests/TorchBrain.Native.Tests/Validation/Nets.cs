using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Small networks with one thing to break.</summary>
static class Nets
{
    internal static readonly LeakyIntegrateAndFire TwoReceptors = new() { Synapses = new ExponentialSynapses { TauInhibitoryMs = 5 } };

    internal static readonly LeakyIntegrateAndFire Conducting = new() { Synapses = new ConductanceSynapses() };

    internal static Population Cells(string name = "a", int count = 4, NeuronModel? model = null, Geometry? geometry = null) =>
        new(name, count) { Neuron = model ?? new LeakyIntegrateAndFire(), Geometry = geometry };

    internal static Network Of(params Population[] populations) => new() { Populations = populations };

    internal static Network Of(NeuronModel model) => Of(Cells(model: model));

    /// <summary>Populations a and b of 4 leaky neurons, or as given, and one projection.</summary>
    internal static Network Joined(Func<Population, Population, Projection> join, Population? a = null, Population? b = null)
    {
        a ??= Cells();
        b ??= Cells("b");
        return new Network { Populations = [a, b], Projections = [join(a, b)] };
    }

    /// <summary>The same with all to all connectivity, changed as asked.</summary>
    internal static Network AllToAll(Func<Projection, Projection> change, Population? a = null, Population? b = null) =>
        Joined((x, y) => change(new Projection(x, y) { Connectivity = new AllToAll() }), a, b);

    internal static Network Connected(Connectivity connectivity, Population? a = null, Population? b = null) => AllToAll(p => p with { Connectivity = connectivity }, a, b);

    /// <summary>A projection that learns by winner-take-all.</summary>
    internal static Network Winners(WinnerTakeAllHebbian rule, Func<Projection, Projection>? change = null) =>
        AllToAll(p => (change ?? (q => q))(p with { Learning = rule }), b: Cells("b", model: new ThresholdLinear()));

    internal static Network Driven(Func<Population, Input> input, Population? a = null)
    {
        a ??= Cells();
        return Of(a) with { Inputs = [input(a)] };
    }

    internal static Network Recorded(Func<Population, Recording> recording, Population? a = null)
    {
        a ??= Cells();
        return Of(a) with { Recordings = [recording(a)] };
    }

    internal static IReadOnlyList<Problem> Problems(Network network)
    {
        try
        {
            network.Plan();
            return [];
        }
        catch (NetworkValidationException e)
        {
            Assert.That(e.Problems, Is.Not.Empty);
            Assert.That(e.Code, Is.EqualTo(e.Problems[0].Code));
            foreach (var problem in e.Problems)
            {
                Assert.That(problem.Code, Does.Match("^TBN[0-9]{4}$"));
                Assert.That(problem.What, Is.Not.Empty);
                Assert.That(problem.Fix, Does.EndWith("."), "says what to do");
                Assert.That(e.Message, Does.Contain($"{problem.Code} {problem.Where}: {problem.What}").And.Contain(problem.Fix));
            }
            return e.Problems;
        }
    }

    /// <summary>The network has this one problem and no other.</summary>
    internal static void HasOneProblem(Network network, string code, string where, string what)
    {
        var problems = Problems(network);
        Assert.That(problems.Select(p => p.ToString()), Has.Exactly(1).Items);
        Assert.That(problems[0].Code, Is.EqualTo(code));
        Assert.That(problems[0].Where, Is.EqualTo(where));
        Assert.That(problems[0].What, Does.Contain(what));
    }
}
