using CsCheck;
using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class RidgeTests
{
    /// <summary>Rows that scatter round one point for each class.</summary>
    static (float[] Features, byte[] Labels) Clouds(int count, int width, int classes, ulong seed, double scatter, float offset = 0)
    {
        var centres = new RandomSequence(99, 1);
        var points = Enumerable.Range(0, classes * width).Select(_ => centres.NextNormal()).ToArray();
        var random = new RandomSequence(seed, 2);
        var features = new float[count * width];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)random.NextBelow(classes);
            for (var f = 0; f < width; f++) features[i * width + f] = (float)(points[labels[i] * width + f] + scatter * random.NextNormal()) + offset;
        }
        return (features, labels);
    }

    static byte[] Counts(float[] features) => [.. features.Select(f => (byte)Math.Clamp(100 + 30 * f, 0, 255))];

    static long[] Bits(RidgeReadout readout) =>
    [
        .. from f in Enumerable.Range(0, readout.Width) from c in Enumerable.Range(0, readout.Classes) select BitConverter.DoubleToInt64Bits(readout.Weight(f, c)),
        .. Enumerable.Range(0, readout.Classes).Select(c => BitConverter.DoubleToInt64Bits(readout.Constant(c))),
    ];

    [Test]
    public void Recovers_known_coefficients([Values] FeatureScaling scaling, [Values] bool precise)
    {
        // Two classes: the one-hot targets are y and 1 - y, so a y that is linear in the features must come out exactly.
        float[] features = [0, 0, 1, 0, 0, 1, 1, 1, 2, 1, 0, -1];
        byte[] labels = [0, 1, 0, 1, 1, 0];
        var readout = RidgeReadout.Fit(features, 2, labels, 2, new RidgeOptions { Strength = 0, Scaling = scaling, Precise = precise });
        // Ordinary least squares by hand for y on (1, a, b).
        var expected = LeastSquares(features, [.. labels.Select(l => (double)l)]);
        Assert.That(readout.Constant(1), Is.EqualTo(expected[0]).Within(1e-12));
        Assert.That(readout.Weight(0, 1), Is.EqualTo(expected[1]).Within(1e-12));
        Assert.That(readout.Weight(1, 1), Is.EqualTo(expected[2]).Within(1e-12));
        Assert.That(readout.Constant(0) + readout.Constant(1), Is.EqualTo(1).Within(1e-12), "the scores of the classes sum to one");
        Assert.That(readout.Weight(0, 0) + readout.Weight(0, 1), Is.Zero.Within(1e-12));
    }

    static double[] LeastSquares(float[] features, double[] y)
    {
        var rows = y.Length;
        var x = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(rows, 3, (r, c) => c == 0 ? 1 : features[r * 2 + c - 1]);
        return [.. x.QR().Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(y))];
    }

    [Test]
    public void Is_the_textbook_formula([Values] FeatureScaling scaling, [Values] bool bias)
    {
        const int count = 300, width = 5, classes = 3;
        const double strength = 2.5;
        var (features, labels) = Clouds(count, width, classes, 1, 1, offset: 3);
        var readout = RidgeReadout.Fit(features, width, labels, classes,
            new RidgeOptions { Strength = strength, Scale = RidgeScale.Absolute, Scaling = scaling, Bias = bias, Precise = true });

        // Scaled features, a column of ones that the ridge leaves alone, normal equations: all the slow way.
        var build = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build;
        var x = build.Dense(count, width + (bias ? 1 : 0), (r, c) => c == width ? 1 : Scaled(features, width, r, c, scaling));
        var y = build.Dense(count, classes, (r, c) => labels[r] == c ? 1 : 0);
        var penalty = build.Dense(x.ColumnCount, x.ColumnCount, (r, c) => r == c && r < width ? strength : 0);
        var scores = x * (x.Transpose() * x + penalty).Solve(x.Transpose() * y);

        var found = new double[classes];
        for (var r = 0; r < count; r++)
        {
            readout.Scores(features.AsSpan(r * width, width), found);
            for (var c = 0; c < classes; c++) Assert.That(found[c], Is.EqualTo(scores[r, c]).Within(1e-9));
        }
    }

    static double Scaled(float[] features, int width, int row, int column, FeatureScaling scaling)
    {
        var values = Enumerable.Range(0, features.Length / width).Select(r => (double)features[r * width + column]).ToArray();
        var value = values[row];
        if (scaling == FeatureScaling.MinMax) return (value - values.Min()) / (values.Max() - values.Min());
        var mean = values.Average();
        return scaling == FeatureScaling.None ? value : (value - mean) / Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    [Test]
    public void Is_the_same_to_the_bit_on_any_number_of_threads_and_in_any_blocks([Values] FeatureScaling scaling, [Values] bool bytes)
    {
        const int width = 40;
        var (features, labels) = Clouds(1200, width, 10, 2, 1);
        var counts = Counts(features);
        long[]? first = null;
        foreach (var (threads, block) in ((int, int)[])[(1, 1200), (2, 1200), (5, 7), (2, 1025)])
        {
            var fit = new RidgeFit(width, 10, new RidgeOptions { Threads = threads, Scaling = scaling });
            for (var start = 0; start < 1200; start += block)
            {
                var rows = Math.Min(block, 1200 - start);
                if (bytes) fit.Add(counts.AsSpan(start * width, rows * width), labels.AsSpan(start, rows));
                else fit.Add(features.AsSpan(start * width, rows * width), labels.AsSpan(start, rows));
            }
            var bits = Bits(fit.Solve());
            Assert.That(bits, Is.EqualTo(first ??= bits), $"{threads} threads, blocks of {block}");
        }
    }

    [Test]
    public void Bytes_and_the_same_numbers_as_floats_agree()
    {
        var (features, labels) = Clouds(500, 12, 10, 3, 1);
        var counts = Counts(features);
        float[] floats = [.. counts.Select(c => (float)c)];
        var fromBytes = RidgeReadout.Fit(counts, 12, labels);
        var fromFloats = RidgeReadout.Fit(floats, 12, labels);
        for (var f = 0; f < 12; f++)
            for (var c = 0; c < 10; c++) Assert.That(fromFloats.Weight(f, c), Is.EqualTo(fromBytes.Weight(f, c)).Within(1e-10));
        Assert.That(fromBytes.Accuracy(counts, labels), Is.EqualTo(fromFloats.Accuracy(floats, labels)));
        Assert.That(fromBytes.Confusion(counts, labels).Total, Is.EqualTo(500));
    }

    [Test]
    public void Scaling_makes_the_units_of_a_feature_irrelevant()
    {
        var (features, labels) = Clouds(400, 6, 4, 4, 1);
        float[] other = [.. features.Select((f, i) => i % 6 == 2 ? 1000 * f + 500 : f)];
        foreach (var scaling in (FeatureScaling[])[FeatureScaling.ZScore, FeatureScaling.MinMax])
        {
            var options = new RidgeOptions { Scaling = scaling, Strength = 0.1 };
            var a = new byte[400];
            var b = new byte[400];
            RidgeReadout.Fit(features, 6, labels, 4, options).Predict(features, a);
            RidgeReadout.Fit(other, 6, labels, 4, options).Predict(other, b);
            Assert.That(b, Is.EqualTo(a));
        }
    }

    [Test]
    public void A_large_common_offset_does_not_eat_the_digits()
    {
        var (features, labels) = Clouds(2000, 8, 5, 5, 1);
        float[] far = [.. features.Select(f => f + 4096)];
        Assert.That(RidgeReadout.Fit(far, 8, labels, 5).Accuracy(far, labels),
            Is.EqualTo(RidgeReadout.Fit(features, 8, labels, 5).Accuracy(features, labels)).Within(0.005));
    }

    [Test]
    public void Clouds_apart_are_told_apart_and_more_rows_may_follow()
    {
        var (features, labels) = Clouds(600, 20, 10, 6, 0.3);
        var (unseen, truth) = Clouds(300, 20, 10, 7, 0.3);
        var fit = new RidgeFit(20);
        fit.Add(features.AsSpan(0, 2000), labels.AsSpan(0, 100));
        Assert.That(fit.Solve().Accuracy(unseen, truth), Is.GreaterThan(0.9));
        fit.Add(features.AsSpan(2000), labels.AsSpan(100));
        Assert.That(fit.Count, Is.EqualTo(600));
        Assert.That(fit.Solve().Weight(3, 4), Is.EqualTo(RidgeReadout.Fit(features, 20, labels).Weight(3, 4)).Within(1e-5));
        Assert.That(fit.Solve().Accuracy(unseen, truth), Is.GreaterThan(0.98));
    }

    [Test]
    public void Ties_go_to_the_lowest_class()
    {
        var readout = RidgeReadout.Fit(new float[] { 1, 1, 1, 1 }, 1, [3, 1, 3, 1], 5);
        var label = new byte[1];
        readout.Predict(new float[] { 1 }, label);
        Assert.That(label[0], Is.EqualTo(1));
    }

    [Test]
    public void A_silent_network_is_no_error()
    {
        var readout = RidgeReadout.Fit(new byte[30], 3, [0, 1, 1, 1, 0, 2, 1, 0, 1, 1]);
        Assert.That(readout.Accuracy(new byte[30], [0, 1, 1, 1, 0, 2, 1, 0, 1, 1]), Is.EqualTo(0.6), "it takes the most frequent class");
    }

    [Test]
    public void Constant_features_do_no_harm([Values] FeatureScaling scaling)
    {
        var (features, labels) = Clouds(300, 6, 3, 8, 0.5);
        for (var i = 0; i < 300; i++) features[i * 6 + 3] = 7;
        Assert.That(RidgeReadout.Fit(features, 6, labels, 3, new RidgeOptions { Scaling = scaling }).Accuracy(features, labels), Is.GreaterThan(0.9));
    }

    [Test]
    public void Moving_all_rows_changes_no_prediction() => Gen.Select(Gen.ULong[1, 1000], Gen.Float[-50, 50]).Sample((seed, move) =>
    {
        var (features, labels) = Clouds(80, 4, 3, seed, 0.2);
        float[] moved = [.. features.Select(f => f + move)];
        var a = RidgeReadout.Fit(features, 4, labels, 3, new RidgeOptions { Precise = true, Threads = 1 });
        var b = RidgeReadout.Fit(moved, 4, labels, 3, new RidgeOptions { Precise = true, Threads = 1 });
        return Enumerable.Range(0, 4).All(f => Enumerable.Range(0, 3).All(c => Math.Abs(a.Weight(f, c) - b.Weight(f, c)) < 1e-3));
    }, iter: 60, threads: 1);

    [Test]
    public void Wrong_input_is_refused_with_a_code()
    {
        var fit = new RidgeFit(3, 10);
        Assert.That(TestFiles.Code(() => fit.Solve()), Is.EqualTo(ErrorCode.DataInconsistent), "no rows");
        Assert.That(TestFiles.Code(() => fit.Add(new float[4], [1])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => fit.Add(new byte[3], [10])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => fit.Add([1, float.NaN, 2], [1])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => fit.Add([1, 2, float.NegativeInfinity], [1])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(fit.Count, Is.Zero);
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(0)), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(5, 1)), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(5, 2, new RidgeOptions { Strength = double.NaN })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(5, 2, new RidgeOptions { Strength = -1 })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(5, 2, new RidgeOptions { Threads = 0 })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new RidgeFit(5, 2, new RidgeOptions { Scaling = (FeatureScaling)9 })), Is.EqualTo(ErrorCode.NumberOutOfRange));
    }

    [Test]
    public void A_ridge_that_cannot_decide_says_so()
    {
        float[] twice = [1, 1, 2, 2, 3, 3];
        Assert.That(TestFiles.Code(() => RidgeReadout.Fit(twice, 2, [0, 1, 0], 2, new RidgeOptions { Strength = 0 })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        float[] huge = [1e30f, 2e30f, 3e30f];
        Assert.That(TestFiles.Code(() => RidgeReadout.Fit(huge, 1, [0, 1, 0], 2)), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => RidgeReadout.Fit(new float[] { 1 }, 1, [0], 2, new RidgeOptions { Scaling = FeatureScaling.ZScore })), Is.EqualTo(ErrorCode.DataInconsistent));
    }

    [Test]
    public void A_readout_refuses_rows_of_another_width()
    {
        var readout = RidgeReadout.Fit(new float[] { 1, 2, 3, 5 }, 2, [0, 1], 2);
        Assert.That(TestFiles.Code(() => readout.Predict(new float[3], new byte[2])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => readout.Predict(new byte[3], new byte[2])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => readout.Scores(new float[2], new double[3])), Is.EqualTo(ErrorCode.DataInconsistent));
    }
}
