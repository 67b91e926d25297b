using NUnit.Framework;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>The tables of procedural rows give what the functions give, at every word around their bounds and at words from everywhere.</summary>
public class WordTableTests
{
    static ProceduralRows Rows(Connectivity connectivity, Parameter weight, Parameter? delay = null, int targets = 2000)
    {
        Population a = new("a", 3) { Neuron = new PoissonSource() }, b = new("b", targets) { Neuron = new LeakyIntegrateAndFire() };
        return new Network { Populations = [a, b], Projections = [new Projection(a, b) { Connectivity = connectivity, Weight = weight, DelayMs = delay, Rows = RowStorage.Procedural }] }.Plan().Projections[0].Procedural!;
    }

    static double Uniform(uint word) => (word + 0.5) / 4294967296.0;

    static void AssertIs(WordTable table, Func<uint, int> function)
    {
        var random = new Random(4);
        foreach (var bound in table.Bounds.Where((_, k) => k % (1 + table.Bounds.Length / 500) == 0))
            for (var d = -2; d <= 2; d++)
                Same((uint)(bound + d));
        for (var k = 0; k < 20_000; k++)
            Same((uint)random.NextInt64(1L << 32));
        Same(0);
        Same(uint.MaxValue);

        void Same(uint word) => Assert.That(table[word], Is.EqualTo(function(word)), $"word {word}");
    }

    [TestCase(0.9)]
    [TestCase(0.1)]
    [TestCase(0.003)]
    [TestCase(1e-6)]
    public void Skips_AreThoseOfTheLogarithm(double probability)
    {
        var miss = probability < 1e-5 ? -probability * (1 + 0.5 * probability) : Math.Log(1 - probability);
        AssertIs(Rows(new FixedProbability(probability), 1).Skips, word => (int)Math.Min(2000, Math.Log(Uniform(word)) / miss));
    }

    [Test]
    public void Weights_AreThoseOfTheDistribution()
    {
        var rows = Rows(new AllToAll(), Parameter.Normal(2, 0.5, 0.5, 3));
        var scale = rows.Weights[uint.MaxValue] / 3.0;
        AssertIs(rows.Weights, word => (int)Math.Round((double)(float)Math.Clamp(2 + 0.5 * NormalQuantile.Of(Uniform(word)), 0.5, 3) * Math.ScaleB(1, (int)Math.Round(Math.Log2(scale)))));
        Assert.That(rows.Weights.Direction, Is.EqualTo(1));
        Assert.That(rows.Weights.Bounds, Is.Ordered);
    }

    [Test]
    public void Delays_AreThoseOfTheDistribution() =>
        AssertIs(Rows(new AllToAll(), 1, Parameter.Uniform(0.5, 40.5)).Delays, word => (int)Math.Clamp(Math.Round(0.5 + 40 * Uniform(word)), 1, Network.MaxDelaySteps));

    [Test]
    public void Numbers_NeedNoBounds()
    {
        var rows = Rows(new FixedProbability(1), 1.25, 7);
        Assert.That((rows.Skips.IsConstant, rows.Weights.IsConstant, rows.Delays.IsConstant, rows.Delays[12345]), Is.EqualTo((true, true, true, 7)));
    }
}
