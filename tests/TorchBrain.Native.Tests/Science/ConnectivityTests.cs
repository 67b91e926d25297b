using NUnit.Framework;
using TorchBrain.Native.Cli;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Statistics of the connectivity rules (check 9 of the scientific reference).</summary>
public class ConnectivityTests
{
    const double LeastP = 1e-3;

    sealed record Made(int Source, int Target, int Delay, float Weight);

    static (List<Made> Synapses, ProjectionPlan Plan) Make(Connectivity rule, int sources = 600, int targets = 0, Parameter? weight = null, Parameter? delay = null, ulong seed = 3)
    {
        var source = new Population("source", sources) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        var target = targets == 0 ? source : new Population("target", targets) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        var plan = new Network { Seed = seed, Populations = targets == 0 ? [source] : [source, target], Projections = [new Projection(source, target) { Connectivity = rule, Weight = weight ?? 1, DelayMs = delay }] }.Plan().Projections[0];
        var (made, buffer) = (new List<Made>(), new SynapseBuffer());
        for (var row = 0; row < plan.Synapses.Rows; row++)
        {
            plan.Synapses.Generate(row, buffer);
            for (var k = 0; k < buffer.Count; k++)
                made.Add(plan.Synapses.ByTarget ? new Made(buffer.Partner[k], row, buffer.Delay[k], buffer.Weight[k]) : new Made(row, buffer.Partner[k], buffer.Delay[k], buffer.Weight[k]));
        }
        return (made, plan);
    }

    static int[] Degrees(IEnumerable<int> ends, int count)
    {
        var degrees = new int[count];
        foreach (var e in ends)
            degrees[e]++;
        return degrees;
    }

    static bool Duplicates(List<Made> made) => made.Select(m => (m.Source, m.Target)).Distinct().Count() != made.Count;

    [Test]
    public void FixedProbability_Degrees_AreBinomial([Values(0.01, 0.1, 0.5, 0.9)] double p, [Values(0, 900)] int targets, [Values] bool self)
    {
        const int Sources = 600;
        var (made, _) = Make(new FixedProbability(p) { SelfConnections = self }, Sources, targets);
        var count = targets == 0 ? Sources : targets;
        var missing = targets == 0 && !self ? 1 : 0;
        var pairs = (double)Sources * (count - missing);
        Assert.That(made.Count, Is.EqualTo(p * pairs).Within(3.5 * Math.Sqrt(pairs * p * (1 - p))));
        Assert.That(Duplicates(made), Is.False);
        Assert.That(targets == 0 && !self && made.Any(m => m.Source == m.Target), Is.False);
        foreach (var (degrees, n) in new[] { (Degrees(made.Select(m => m.Source), Sources), count - missing), (Degrees(made.Select(m => m.Target), count), Sources - missing) })
        {
            var (mean, variance) = Statistics.Moments(degrees.Select(d => (double)d));
            Assert.That(variance, Is.EqualTo(n * p * (1 - p)).Within(3.5 * n * p * (1 - p) * Math.Sqrt(2.0 / degrees.Length)), $"mean {mean}");
            Assert.That(Statistics.CountsP(degrees, Statistics.Binomial(n, p)), Is.GreaterThan(LeastP));
        }
    }

    [Test]
    public void FixedInDegree_Multapses_OutDegreesAreBinomial([Values(0, 500)] int targets)
    {
        const int Sources = 600, InDegree = 40;
        var count = targets == 0 ? Sources : targets;
        var (made, _) = Make(new FixedInDegree(InDegree), Sources, targets);
        Assert.That(Degrees(made.Select(m => m.Target), count), Is.All.EqualTo(InDegree));
        Assert.That(Duplicates(made), Is.True);
        Assert.That(targets == 0 && made.Any(m => m.Source == m.Target), Is.False);
        var out1 = Degrees(made.Select(m => m.Source), Sources);
        var (n, p) = targets == 0 ? (InDegree * (Sources - 1), 1.0 / (Sources - 1)) : (InDegree * count, 1.0 / Sources);
        Assert.That(Statistics.CountsP(out1, Statistics.Binomial(n, p)), Is.GreaterThan(LeastP));
    }

    [Test]
    public void FixedInDegree_NoMultapses_AllDifferentAndEven([Values(1, 40, 598)] int inDegree)
    {
        var (made, _) = Make(new FixedInDegree(inDegree) { Multapses = false }, 600, 0);
        Assert.That(made, Has.Count.EqualTo(600 * inDegree));
        Assert.That(Duplicates(made), Is.False);
        Assert.That(made.Any(m => m.Source == m.Target), Is.False);
        if (inDegree == 40)
            Assert.That(Statistics.CountsP(Degrees(made.Select(m => m.Source), 600), Statistics.Binomial(599, 40 / 599.0)), Is.GreaterThan(LeastP));
    }

    [Test]
    public void FixedTotal_DegreesOnBothSides_AreBinomial([Values(0, 500)] int targets, [Values] bool self, [Values(30_001, 241_000)] int total)
    {
        const int Sources = 600;
        var count = targets == 0 ? Sources : targets;
        var (made, plan) = Make(new FixedTotal(total) { SelfConnections = self }, Sources, targets);
        Assert.That((made.Count, plan.SynapseCount, plan.RowLengths.Sum()), Is.EqualTo((total, (long)total, total)));
        Assert.That(Duplicates(made), Is.True);
        Assert.That(made.Count(m => m.Source == m.Target && targets == 0), self && targets == 0 ? Is.EqualTo(total / 600.0).Within(4 * Math.Sqrt(total / 600.0)) : Is.Zero);
        foreach (var (degrees, n) in new[] { (Degrees(made.Select(m => m.Source), Sources), Sources), (Degrees(made.Select(m => m.Target), count), count) })
        {
            var (mean, variance) = Statistics.Moments(degrees.Select(d => (double)d));
            Assert.That(mean, Is.EqualTo(total / (double)n).Within(1e-9));
            Assert.That(variance, Is.EqualTo(mean * (1 - 1.0 / n)).Within(3.5 * mean * Math.Sqrt(2.0 / n)));
            Assert.That(Statistics.CountsP(degrees, Statistics.Binomial(total, 1.0 / n)), Is.GreaterThan(LeastP));
        }
    }

    static int[] RowLengths(long total, int sources, ulong seed) => Make(new FixedTotal(total), sources, 3, seed: seed).Plan.RowLengths;

    [Test]
    public void FixedTotal_LengthOfEachRow_IsBinomial([Values(1, 7, 33, 400)] int total, [Values(2, 3, 7)] int sources)
    {
        var rows = Enumerable.Range(0, 3000).Select(seed => RowLengths(total, sources, (ulong)seed)).ToArray();
        for (var k = 0; k < sources; k++)
            Assert.That(Statistics.CountsP(rows.Select(r => r[k]), Statistics.Binomial(total, 1.0 / sources)), Is.GreaterThan(1e-4), $"row {k}");
    }

    [TestCase(0, 7)]
    [TestCase(1, 1)]
    [TestCase(1_200_000, 3)] // shared between threads
    [TestCase(50, 40_000)]
    public void FixedTotal_RowLengths_AddUpAndFollowTheSeed(long total, int sources)
    {
        var lengths = RowLengths(total, sources, 4);
        Assert.That(lengths.Sum(n => (long)n), Is.EqualTo(total));
        Assert.That(RowLengths(total, sources, 4), Is.EqualTo(lengths));
        Assert.That(sources > 1 && total > 0 && RowLengths(total, sources, 5).SequenceEqual(lengths), Is.False);
    }

    [Test]
    public void AllToAllAndOneToOne_Counts_Exact()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Make(new AllToAll(), 100).Synapses, Has.Count.EqualTo(10_000));
            Assert.That(Make(new AllToAll { SelfConnections = false }, 100).Synapses, Has.Count.EqualTo(9_900));
            Assert.That(Make(new AllToAll { SelfConnections = false }, 100, 50).Synapses, Has.Count.EqualTo(5_000));
            Assert.That(Make(new OneToOne(), 100, 100).Synapses.All(m => m.Source == m.Target), Is.True);
        });
    }

    [Test]
    public void Seed_AnotherOne_OtherSynapses()
    {
        var first = Make(new FixedProbability(0.1), seed: 1).Synapses;
        Assert.That(Make(new FixedProbability(0.1), seed: 1).Synapses, Is.EqualTo(first));
        Assert.That(Make(new FixedProbability(0.1), seed: 2).Synapses, Is.Not.EqualTo(first));
    }

    [Test]
    public void Weights_Drawn_HaveTheirDistribution([Values("probability", "in-degree")] string rule)
    {
        Connectivity connectivity = rule == "probability" ? new FixedProbability(0.3) : new FixedInDegree(150);
        var uniform = Make(connectivity, weight: Parameter.Uniform(-1, 3)).Synapses.Select(m => (double)m.Weight).ToArray();
        Assert.That(Statistics.KolmogorovP(uniform, w => (w + 1) / 4), Is.GreaterThan(LeastP));
        var normal = Make(connectivity, weight: Parameter.Normal(2, 0.5)).Synapses.Select(m => (double)m.Weight).ToArray();
        Assert.That(Statistics.KolmogorovP(normal, w => Statistics.NormalCdf((w - 2) / 0.5)), Is.GreaterThan(LeastP));
    }

    [Test]
    public void Delays_Drawn_RoundedToSteps()
    {
        var (made, plan) = Make(new FixedProbability(0.3), delay: Parameter.Uniform(0.5, 16.5));
        Assert.That((plan.MinDelay, plan.MaxDelay), Is.EqualTo((1, 16)));
        var counts = made.Select(m => m.Delay - 1);
        Assert.That(Statistics.CountsP(counts, k => k < 16 ? 1 / 16.0 : 0), Is.GreaterThan(LeastP));
    }

    [Test]
    public void WeightsAndDelays_OfOneSynapse_Uncorrelated()
    {
        var (made, _) = Make(new FixedProbability(0.3), weight: Parameter.Uniform(-1, 1), delay: Parameter.Uniform(0.5, 16.5));
        var correlation = made.Average(m => m.Weight * (m.Delay - 8.5)) / (Math.Sqrt(1 / 3.0) * Math.Sqrt((16 * 16 - 1) / 12.0));
        Assert.That(correlation, Is.Zero.Within(3.5 / Math.Sqrt(made.Count)));
        var neighbours = made.Zip(made.Skip(1), (a, b) => (double)a.Weight * b.Weight).Average() * 3;
        Assert.That(neighbours, Is.Zero.Within(3.5 / Math.Sqrt(made.Count)));
    }
}
