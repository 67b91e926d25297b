using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TorchBrain.Native.Mnist;

/// <summary>
/// A linear read-out: the score of a class is a constant plus a weighted sum of the features, and the class with the highest score
/// wins (the lowest of equals). Fitted in closed form by <see cref="RidgeFit"/>. Immutable; all methods may run on many threads.
/// </summary>
public sealed class RidgeReadout
{
    const int Step = 4;
    readonly double[] _weights; // [width x classes, filled up to a multiple of four]
    readonly double[] _constants;
    readonly int _padded;

    internal RidgeReadout(int width, int classes, double[] weights, double[] constants)
    {
        Width = width;
        Classes = classes;
        _padded = (classes + Step - 1) / Step * Step;
        _weights = new double[width * _padded];
        for (var i = 0; i < width; i++) weights.AsSpan(i * classes, classes).CopyTo(_weights.AsSpan(i * _padded));
        _constants = new double[_padded];
        constants.CopyTo(_constants, 0);
    }

    /// <summary>Features of a row.</summary>
    public int Width { get; }

    /// <summary>Classes.</summary>
    public int Classes { get; }

    /// <summary>The weight of a feature (unscaled) in the score of a class.</summary>
    /// <param name="feature">0 to <see cref="Width"/> - 1.</param>
    /// <param name="label">0 to <see cref="Classes"/> - 1.</param>
    public double Weight(int feature, int label) => _weights.AsSpan(feature * _padded, Classes)[label];

    /// <summary>The constant in the score of a class.</summary>
    /// <param name="label">0 to <see cref="Classes"/> - 1.</param>
    public double Constant(int label) => _constants.AsSpan(0, Classes)[label];

    /// <summary>Fits all rows at once. For features that do not fit into memory see <see cref="RidgeFit"/>.</summary>
    /// <param name="features">Features [labels.Length x width], finite.</param>
    /// <param name="width">Features of a row, 1 to 20,000.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Classes, 2 to 256.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <exception cref="TorchBrainException">As of <see cref="RidgeFit"/>.</exception>
    public static RidgeReadout Fit(ReadOnlySpan<float> features, int width, ReadOnlySpan<byte> labels, int classes = DigitSet.Classes, RidgeOptions? options = null)
    {
        var fit = new RidgeFit(width, classes, options);
        fit.Add(features, labels);
        return fit.Solve();
    }

    /// <inheritdoc cref="Fit(ReadOnlySpan{float}, int, ReadOnlySpan{byte}, int, RidgeOptions?)"/>
    /// <param name="features">Counts [labels.Length x width], 0 to 255.</param>
    /// <param name="width">Features of a row, 1 to 20,000.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="classes">Classes, 2 to 256.</param>
    /// <param name="options">Options; null for the defaults.</param>
    public static RidgeReadout Fit(ReadOnlySpan<byte> features, int width, ReadOnlySpan<byte> labels, int classes = DigitSet.Classes, RidgeOptions? options = null)
    {
        var fit = new RidgeFit(width, classes, options);
        fit.Add(features, labels);
        return fit.Solve();
    }

    /// <summary>The scores of one row.</summary>
    /// <param name="features">Features [<see cref="Width"/>].</param>
    /// <param name="scores">Receives the scores [<see cref="Classes"/>]; about 1 for the right class, 0 for the others.</param>
    /// <exception cref="TorchBrainException">TBN4003: a length is wrong.</exception>
    public void Scores(ReadOnlySpan<float> features, Span<double> scores)
    {
        CheckRows(features.Length, 1);
        CheckLength(scores.Length, Classes, "scores");
        Span<double> padded = stackalloc double[_padded];
        Sum(features, padded);
        padded[..Classes].CopyTo(scores);
    }

    /// <summary>Predicts the classes of rows of float features.</summary>
    /// <param name="features">Features [labels.Length x <see cref="Width"/>].</param>
    /// <param name="labels">Receives the class of each row.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths disagree.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<byte> labels)
    {
        CheckRows(features.Length, labels.Length);
        Span<double> scores = stackalloc double[_padded];
        for (var i = 0; i < labels.Length; i++)
        {
            Sum(features.Slice(i * Width, Width), scores);
            labels[i] = Best(scores[..Classes]);
        }
    }

    /// <summary>Predicts the classes of rows of counts.</summary>
    /// <param name="features">Counts [labels.Length x <see cref="Width"/>], 0 to 255.</param>
    /// <param name="labels">Receives the class of each row.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths disagree.</exception>
    public void Predict(ReadOnlySpan<byte> features, Span<byte> labels)
    {
        CheckRows(features.Length, labels.Length);
        Span<double> scores = stackalloc double[_padded];
        var row = new float[Width];
        for (var i = 0; i < labels.Length; i++)
        {
            TensorPrimitives.ConvertTruncating(features.Slice(i * Width, Width), row.AsSpan());
            Sum(row, scores);
            labels[i] = Best(scores[..Classes]);
        }
    }

    /// <summary>Counts right and wrong predictions by class.</summary>
    /// <param name="features">Features [labels.Length x <see cref="Width"/>].</param>
    /// <param name="labels">The true class of each row.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths disagree, or a label is out of range.</exception>
    public ConfusionMatrix Confusion(ReadOnlySpan<float> features, ReadOnlySpan<byte> labels)
    {
        var predicted = new byte[labels.Length];
        Predict(features, predicted);
        return ConfusionMatrix.Of(labels, predicted, Classes);
    }

    /// <inheritdoc cref="Confusion(ReadOnlySpan{float}, ReadOnlySpan{byte})"/>
    public ConfusionMatrix Confusion(ReadOnlySpan<byte> features, ReadOnlySpan<byte> labels)
    {
        var predicted = new byte[labels.Length];
        Predict(features, predicted);
        return ConfusionMatrix.Of(labels, predicted, Classes);
    }

    /// <summary>The share of right predictions, 0 to 1.</summary>
    /// <inheritdoc cref="Confusion(ReadOnlySpan{float}, ReadOnlySpan{byte})"/>
    public double Accuracy(ReadOnlySpan<float> features, ReadOnlySpan<byte> labels) => Confusion(features, labels).Accuracy;

    /// <inheritdoc cref="Accuracy(ReadOnlySpan{float}, ReadOnlySpan{byte})"/>
    public double Accuracy(ReadOnlySpan<byte> features, ReadOnlySpan<byte> labels) => Confusion(features, labels).Accuracy;

    /// <summary>Constants plus weighted features, feature after feature; features that are zero (most spike counts) cost nothing.</summary>
    void Sum(ReadOnlySpan<float> row, Span<double> scores)
    {
        _constants.CopyTo(scores);
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == 0) continue;
            var value = Vector256.Create((double)row[i]);
            var weights = MemoryMarshal.Cast<double, Vector256<double>>(_weights.AsSpan(i * _padded, _padded));
            var sums = MemoryMarshal.Cast<double, Vector256<double>>(scores);
            for (var c = 0; c < weights.Length; c++) sums[c] = Vector256.FusedMultiplyAdd(value, weights[c], sums[c]);
        }
    }

    static byte Best(ReadOnlySpan<double> scores)
    {
        var best = 0;
        for (var c = 1; c < scores.Length; c++)
            if (scores[c] > scores[best]) best = c;
        return (byte)best;
    }

    void CheckRows(int length, int rows)
    {
        if (length != (long)rows * Width)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{length} features for {rows} rows; {Width} a row make {(long)rows * Width}.",
                "Give the features this read-out was fitted to.");
    }

    static void CheckLength(int length, int expected, string what)
    {
        if (length != expected)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"A span of {length} for {expected} {what}.", $"Give a span of {expected}.");
    }
}
