using NUnit.Framework;
using TorchBrain.Native.Cli;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Random numbers: published answers and the shape of their distributions (check 8 of the scientific reference).</summary>
public class RandomNumberTests
{
    const int Draws = 1_000_000;
    const double LeastP = 1e-3;

    [TestCase(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xfffffffffffffffful, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_PublishedCounterAndKey_PublishedBlock(uint c0, uint c1, uint c2, uint c3, ulong key, uint r0, uint r1, uint r2, uint r3)
    {
        Philox.Block(key, ref c0, ref c1, ref c2, ref c3);
        Assert.That((c0, c1, c2, c3), Is.EqualTo((r0, r1, r2, r3)));
    }

    [TestCase(0.5, 0.0)]
    [TestCase(0.975, 1.9599639845400545)]
    [TestCase(0.95, 1.6448536269514722)]
    [TestCase(0.99, 2.3263478740408408)]
    [TestCase(0.8413447460685429, 1.0)]
    [TestCase(1e-10, -6.361340902404056)]
    [TestCase(1e-20, -9.262340089798408)]
    public void NormalQuantile_KnownProbability_KnownQuantile(double p, double z) => Assert.That(NormalQuantile.Of(p), Is.EqualTo(z).Within(1e-15 * Math.Max(1, Math.Abs(z)) * 4));

    [Test]
    public void NormalQuantile_BothSides_Mirrored()
    {
        foreach (var p in new[] { 0.0625, 0.25, 0.375, 0.001953125 })
            Assert.That(NormalQuantile.Of(1 - p), Is.EqualTo(-NormalQuantile.Of(p)));
    }

    [Test]
    public void Log_AllMagnitudes_RelativeErrorBelow3e7()
    {
        var worst = 0.0;
        for (var bits = 0x00800000; bits < 0x7F800000; bits += 9973)
        {
            var x = BitConverter.Int32BitsToSingle(bits);
            var exact = Math.Log(x);
            worst = Math.Max(worst, Math.Abs(StepMath.Log(x) - exact) / Math.Max(Math.Abs(exact), 1e-30));
        }
        for (var k = 1; k < 20000; k++) // around 1, where the logarithm itself is small
        {
            var x = 1f + (k % 2 == 0 ? k : -k) * 1.1920929e-7f * 16;
            worst = Math.Max(worst, Math.Abs(StepMath.Log(x) - Math.Log(x)) / Math.Abs(Math.Log(x)));
        }
        TestContext.Out.WriteLine($"worst relative error {worst:G3}");
        Assert.That(worst, Is.LessThan(3e-7));
        Assert.That(StepMath.Log(1f), Is.Zero);
    }

    [Test]
    public void Word_SixtyFourElements_AllDistinctAndReproducible()
    {
        var words = Enumerable.Range(0, 100_000).Select(e => StepMath.Word(5, 77, e, 3)).ToArray();
        Assert.That(words.Distinct().Count(), Is.GreaterThan(99_980)); // 1.2 chance collisions expected
        Assert.That(words, Is.EqualTo(Enumerable.Range(0, 100_000).Select(e => StepMath.Word(5, 77, e, 3))));
        Assert.That(StepMath.Word(5, 77, 0, 1L << 32), Is.Not.EqualTo(StepMath.Word(5, 77, 0, 0)), "the step counts beyond 32 bits");
    }

    [Test]
    public void Normal_Draws_AreStandardNormal([Values(1ul, 2ul)] ulong seed, [Values("elements", "steps")] string along)
    {
        var draws = Enumerable.Range(0, Draws).Select(k => (double)(along == "elements" ? StepMath.Normal(seed, 9, k, 5) : StepMath.Normal(seed, 9, 37, k))).ToArray();
        var (mean, variance) = Statistics.Moments(draws);
        var fourth = draws.Average(z => z * z * z * z);
        var third = draws.Average(z => z * z * z);
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.Zero.Within(3.3 / Math.Sqrt(Draws)));
            Assert.That(variance, Is.EqualTo(1).Within(3.3 * Math.Sqrt(2.0 / Draws)));
            Assert.That(third, Is.Zero.Within(3.3 * Math.Sqrt(15.0 / Draws)));
            Assert.That(fourth, Is.EqualTo(3).Within(3.3 * Math.Sqrt(96.0 / Draws)));
            Assert.That(draws.Max(Math.Abs), Is.InRange(4.2, 6.67));
        });
        Assert.That(Statistics.KolmogorovP(draws, Statistics.NormalCdf), Is.GreaterThan(LeastP));
    }

    [Test]
    public void Normal_NeighboursInElementAndStep_Uncorrelated()
    {
        foreach (var (elements, steps) in new[] { (1, 0), (16, 0), (32, 0), (0, 1), (64, 0) })
        {
            var product = Enumerable.Range(0, 300_000).Average(k => (double)StepMath.Normal(3, 9, k, 5) * StepMath.Normal(3, 9, k + elements, 5 + steps));
            Assert.That(product, Is.Zero.Within(3.5 / Math.Sqrt(300_000)), $"{elements} elements, {steps} steps apart");
        }
    }

    [TestCase(0.01)]
    [TestCase(0.5)]
    [TestCase(3)]
    [TestCase(17.5)]
    [TestCase(64)]
    public void PoissonInput_Counts_ArePoisson(double mean)
    {
        var unit = new Population("unit", 10) { Neuron = new ThresholdLinear { Threshold = 1e6 } };
        var plan = new Network { Populations = [unit], Inputs = [new PoissonInput(unit) { RateHz = mean * 1000 }] }.Plan();
        var input = (PoissonPlan)plan.Populations[0].Inputs[0];
        var counts = Enumerable.Range(0, Draws).Select(e => StepMath.PoissonCount(4, input.Stream, e, 1, input.Table)).ToArray();
        var (found, variance) = Statistics.Moments(counts.Select(c => (double)c));
        Assert.Multiple(() =>
        {
            Assert.That(found, Is.EqualTo(mean).Within(3.3 * Math.Sqrt(mean / Draws)));
            Assert.That(variance / mean, Is.EqualTo(1).Within(3.3 * Math.Sqrt((2 + 1 / mean) / Draws)));
            Assert.That(Statistics.CountsP(counts, Statistics.Poisson(mean)), Is.GreaterThan(LeastP));
        });
    }

    [TestCase(0)]
    [TestCase(1e-6)]
    [TestCase(0.8)]
    [TestCase(2.3)]
    [TestCase(30)]
    public void PoissonTable_Probabilities_AreThoseOf32Bits(double mean)
    {
        var unit = new Population("unit", 1) { Neuron = new ThresholdLinear { Threshold = 1e6 } };
        var table = ((PoissonPlan)new Network { Populations = [unit], Inputs = [new PoissonInput(unit) { RateHz = mean * 1000 }] }.Plan().Populations[0].Inputs[0]).Table;
        Assert.That(table.Rest, Is.InRange(65536 - (table.MostCount + 1), 65536), "each count leaves less than 2^-16");
        for (var k = 0; k <= table.MostCount; k++)
        {
            // Numbers that give k: those between two bounds, below the rest 65,536 words each.
            ulong upper = (ulong)(Bound(table.Upper, k, table.Rest) - Bound(table.Upper, k - 1, table.Rest)) << 16;
            ulong lower = (ulong)Bound(table.Lower, k, (ulong)(65536 - table.Rest) << 16) - (ulong)Bound(table.Lower, k - 1, 0);
            Assert.That((upper + lower) / 4294967296.0, Is.EqualTo(Statistics.Poisson(mean)(k)).Within(1.5 / 4294967296.0), $"count {k}");
        }

        static long Bound(uint[] bounds, int k, ulong last) => k < 0 ? 0 : k < bounds.Length ? bounds[k] : (long)last;
    }

    [TestCase(1)]
    [TestCase(3)]
    public void PoissonSource_Spikes_HaveGeometricIntervals(int threads)
    {
        const double RateHz = 40;
        var source = new Population("source", 1000) { Neuron = new PoissonSource { RateHz = RateHz } };
        using var simulation = Simulation.Create(new Network { Populations = [source], Recordings = [new SpikeRecording(source)], Seed = 6 }, ParityRun.Cpu(threads));
        var recorder = SpikeRecorder.Open(simulation, "source");
        var raster = recorder.NewRaster();
        const int Steps = 20_000;
        recorder.Run(Steps, raster);
        var p = 1 - Math.Exp(-RateHz * 1e-3);
        Assert.That(raster.Count, Is.EqualTo(p * Steps * 1000).Within(3.3 * Math.Sqrt(p * (1 - p) * Steps * 1000)));
        var intervals = raster.Elements.Zip(raster.Steps).GroupBy(x => x.First, x => x.Second).SelectMany(g => g.Zip(g.Skip(1), (a, b) => (int)(b - a) - 1)).ToArray();
        Assert.That(Statistics.CountsP(intervals, k => p * Math.Pow(1 - p, k)), Is.GreaterThan(LeastP));
        var perStep = raster.Steps.GroupBy(s => s).Select(g => g.Count()).ToArray();
        Assert.That(Statistics.CountsP(perStep, Statistics.Binomial(1000, p)), Is.GreaterThan(LeastP), "the units are independent");
        var fano = Statistics.Moments(raster.Elements.GroupBy(e => e).Select(g => (double)g.Count()));
        Assert.That(fano.Variance / fano.Mean, Is.EqualTo(1 - p).Within(3.3 * Math.Sqrt(2.0 / 1000)));
    }
}
