using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class ExtremeLearningTests
{
    const int NodeCount = 1500;

    static (ImageSampler Sampler, PoolingMatrix HandMade, PoolingMatrix Random) Layers(ulong seed)
    {
        var (x, y) = PoolingTests.Nodes(NodeCount, 28, seed);
        return (new ImageSampler(x, y, 28), PoolingMatrix.HandCrafted(x, y, 28, PoolingMatrix.RadiusForMean(x, y, 28)), PoolingMatrix.Random(NodeCount, 365, 143, seed));
    }

    [Test]
    public void Follows_the_protocol_step_by_step()
    {
        var train = DrawnDigits.Generate(60, 1);
        var (x, y) = PoolingTests.Nodes(40, 28, 1);
        var sampler = new ImageSampler(x, y, 28);
        var pools = PoolingMatrix.Random(40, 7, 12, 1);
        var readout = ExtremeLearningReadout.Fit(pools, sampler, train, new ExtremeLearningOptions { Appended = 0, Threads = 2 });
        var sums = new double[60, 7];
        for (var i = 0; i < 60; i++)
        {
            var samples = sampler.Sample(train.Image(i)).Select(v => (double)v).ToArray();
            var mean = samples.Average();
            var deviation = Math.Sqrt(samples.Sum(v => (v - mean) * (v - mean)) / 39);
            for (var u = 0; u < 7; u++)
                foreach (var input in pools.Pool(u)) sums[i, u] += (samples[input] - mean) / deviation;
        }
        var hidden = readout.Hidden(train);
        for (var u = 0; u < 7; u++)
        {
            var column = Enumerable.Range(0, 60).Select(i => sums[i, u]).ToArray();
            for (var i = 0; i < 60; i++)
                Assert.That(hidden[i * 7 + u], Is.EqualTo(Math.Tanh((column[i] - column.Min()) / (column.Max() - column.Min()))).Within(1e-5));
        }
        Assert.That(readout.Readout.Constant(3), Is.Zero, "the protocol has no constant in the last layer");
    }

    [Test]
    public void Is_the_same_on_any_number_of_threads()
    {
        var train = DrawnDigits.Generate(1500, 1);
        var (sampler, handMade, _) = Layers(1);
        var one = ExtremeLearningReadout.Fit(handMade, sampler, train, new ExtremeLearningOptions { Threads = 1 });
        var two = ExtremeLearningReadout.Fit(handMade, sampler, train, new ExtremeLearningOptions { Threads = 2 });
        for (var u = 0; u < handMade.Units; u++)
            for (var c = 0; c < 10; c++) Assert.That(two.Readout.Weight(u, c), Is.EqualTo(one.Readout.Weight(u, c)));
    }

    [Test]
    public void Blank_images_and_empty_pools_do_no_harm()
    {
        var digits = DrawnDigits.Generate(40, 1);
        Array.Clear(digits.Pixels, 0, 784);
        var (x, y) = PoolingTests.Nodes(50, 28, 1);
        var readout = ExtremeLearningReadout.Fit(new PoolingMatrix(50, [[], new[] { 1, 2, 3 }, [4, 5]]), new ImageSampler(x, y, 28), digits,
            new ExtremeLearningOptions { Strength = 1e-3 });
        Assert.That(readout.Hidden(digits), Has.All.InRange(0, Math.Tanh(1) + 1e-6));
        Assert.That(readout.Confusion(digits).Total, Is.EqualTo(40));
    }

    [Test]
    public void Parts_that_do_not_fit_are_refused()
    {
        var digits = DrawnDigits.Generate(10, 1);
        var small = new DigitSet(new byte[10 * 4], digits.Labels, 2, 2, "test");
        var (x, y) = PoolingTests.Nodes(50, 28, 1);
        var sampler = new ImageSampler(x, y, 28);
        var pools = PoolingMatrix.Random(50, 3, 5, 1);
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(PoolingMatrix.Random(49, 3, 5, 1), sampler, digits)), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(pools, sampler, small)), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(pools, sampler, digits.Take(0))), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(pools, sampler, digits, new ExtremeLearningOptions { Appended = float.NaN })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(pools, sampler, digits, new ExtremeLearningOptions { Threads = 0 })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => ExtremeLearningReadout.Fit(pools, sampler, digits).Predict(small)), Is.EqualTo(ErrorCode.DataInconsistent));
    }

    [Test]
    public void Pools_on_real_digits_reach_what_was_measured_and_beat_raw_pixels()
    {
        var data = MnistFiles.Open(TestFiles.RealData());
        var train = data.Train.Take(2000);
        var test = data.Test.Take(1000);
        double hand = 0, random = 0;
        for (ulong seed = 1; seed <= 2; seed++)
        {
            var (sampler, handMade, drawn) = Layers(seed);
            hand += ExtremeLearningReadout.Fit(handMade, sampler, train).Accuracy(test) / 2;
            random += ExtremeLearningReadout.Fit(drawn, sampler, train).Accuracy(test) / 2;
        }
        // The best of several strengths, chosen on the test set itself: the pools must beat raw pixels at their very best.
        var raw = ((double[])[0.001, 0.1, 0.3, 1, 3]).Max(strength =>
            RidgeReadout.Fit(train.Pixels, 784, train.Labels, options: new RidgeOptions { Strength = strength }).Accuracy(test.Pixels, test.Labels));
        TestContext.Out.WriteLine($"hand-made {hand:P2}, random {random:P2}, raw pixels {raw:P2}");
        Assert.That(hand, Is.InRange(0.825, 0.87));
        Assert.That(random, Is.InRange(0.815, 0.86));
        Assert.That(Math.Min(hand, random), Is.GreaterThan(raw));
    }
}
