using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra.Double;

namespace TorchBrain.Native.Mnist;

/// <summary>
/// Fits a <see cref="RidgeReadout"/> to rows that arrive in blocks of any size, so that the features never have to be in memory all
/// at once: what is kept is their Gram matrix. The result does not depend on the number of threads or on the splitting into blocks.
/// </summary>
public sealed class RidgeFit
{
    readonly RidgeOptions _options;
    readonly GramAccumulator _gram;
    readonly float[] _row, _shift, _least, _most;
    int _ones;

    /// <summary>Starts a fit.</summary>
    /// <param name="width">Features of a row, 1 to 20,000 (the Gram matrix takes 8 width^2 bytes while solving, twice).</param>
    /// <param name="classes">Classes, 2 to 256.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <exception cref="TorchBrainException">TBN1001: a number is out of range.</exception>
    public RidgeFit(int width, int classes = DigitSet.Classes, RidgeOptions? options = null)
    {
        _options = options ?? new RidgeOptions();
        _options.Check();
        if (width is < 1 or > 20_000 || classes is < 2 or > 256)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange,
                $"A ridge read-out of {width} features and {classes} classes; allowed are 1 to 20000 features and 2 to 256 classes.",
                "Pool or subsample the features.");
        Width = width;
        Classes = classes;
        _gram = new GramAccumulator(width + 1 + classes, _options.Precise, _options.Threads);
        _row = new float[_gram.PaddedColumns];
        _shift = new float[width];
        _least = new float[width];
        _most = new float[width];
        _least.AsSpan().Fill(float.MaxValue);
        _most.AsSpan().Fill(float.MinValue);
    }

    /// <summary>Features of a row.</summary>
    public int Width { get; }

    /// <summary>Classes.</summary>
    public int Classes { get; }

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds rows of float features.</summary>
    /// <param name="features">Features [labels.Length x <see cref="Width"/>], finite. Below 1e15 in size, or their squares overflow.</param>
    /// <param name="labels">The class of each row, 0 to <see cref="Classes"/> - 1.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths disagree, a label is out of range, a feature is NaN or infinite. Nothing was added then, or only the rows before.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<byte> labels)
    {
        CheckBlock(features.Length, labels);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = _row.AsSpan(0, Width);
            features.Slice(i * Width, Width).CopyTo(row);
            var wrong = row.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
            if (wrong >= 0)
                throw new TorchBrainException(ErrorCode.DataInconsistent,
                    $"Feature {wrong} of row {Count} is {row[wrong]}; allowed are finite numbers.", "Mend the features before the fit.");
            Track(row);
            // Sums in single precision keep their digits only if the features are small numbers: take the first row off.
            if (!_options.Precise)
            {
                if (Count == 0) row.CopyTo(_shift);
                TensorPrimitives.Subtract(row, _shift, row);
            }
            AddRow(labels[i]);
        }
    }

    /// <summary>Adds rows of counts. Their Gram matrix is summed without any rounding error.</summary>
    /// <param name="features">Counts [labels.Length x <see cref="Width"/>], 0 to 255.</param>
    /// <param name="labels">The class of each row, 0 to <see cref="Classes"/> - 1.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths disagree, or a label is out of range; nothing was added then.</exception>
    public void Add(ReadOnlySpan<byte> features, ReadOnlySpan<byte> labels)
    {
        CheckBlock(features.Length, labels);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = _row.AsSpan(0, Width);
            TensorPrimitives.ConvertTruncating(features.Slice(i * Width, Width), row);
            Track(row);
            TensorPrimitives.Subtract(row, _shift, row); // zeros, unless float rows came first
            AddRow(labels[i]);
        }
    }

    void CheckBlock(int length, ReadOnlySpan<byte> labels)
    {
        if (length != (long)labels.Length * Width)
            throw new TorchBrainException(ErrorCode.DataInconsistent,
                $"{length} features for {labels.Length} labels; {Width} a row make {(long)labels.Length * Width}.", "Give as many rows of features as labels.");
        var wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1));
        if (wrong >= 0)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"Label {wrong} of the block is {labels[wrong]}; allowed are 0 to {Classes - 1}.",
                "Mend the labels, or fit more classes.");
    }

    void Track(ReadOnlySpan<float> row)
    {
        if (_options.Scaling != FeatureScaling.MinMax) return;
        TensorPrimitives.Min(_least, row, _least);
        TensorPrimitives.Max(_most, row, _most);
    }

    /// <summary>The columns after the features are a one and the one-hot class, so that the Gram matrix holds all sums that the fit needs.</summary>
    void AddRow(int label)
    {
        _row[Width] = 1;
        _row[Width + 1 + _ones] = 0;
        _ones = label;
        _row[Width + 1 + label] = 1;
        _gram.AddRow(_row);
        Count++;
    }

    /// <summary>
    /// Solves for the weights. More rows may be added and solved for afterwards; with float features an earlier solution may move
    /// the last digits of a later one, because it ends a block of rows.
    /// </summary>
    /// <exception cref="TorchBrainException">
    /// TBN4003: no rows, or one row where a standard deviation is needed. TBN1001: the features overflow, or are dependent and the ridge too weak.
    /// </exception>
    public RidgeReadout Solve()
    {
        if (Count < (_options.Scaling == FeatureScaling.ZScore ? 2 : 1))
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"A fit of {Count} rows; at least 1 is needed, 2 with z-scores.", "Add rows first.");
        _gram.Flush();
        var (origin, divisor) = Scaling();
        var matrix = Normal(origin, divisor, out var right);
        double mean = 0;
        for (var i = 0; i < Width; i++) mean += matrix[i * Width + i] / Width;
        var strength = _options.Scale == RidgeScale.Absolute ? _options.Strength : _options.Strength * mean;
        if (!double.IsFinite(mean))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, "The features are so large that their squares overflow.", "Scale the features to below 1e15.");
        for (var i = 0; i < Width; i++)
        {
            ref var diagonal = ref matrix[i * Width + i];
            diagonal = diagonal > 0 ? diagonal + strength : 1; // a feature that never changes gets the weight zero
        }
        return Readout(Factorise(matrix, right, strength), origin, divisor);
    }

    double[] Factorise(double[] matrix, double[] right, double strength)
    {
        try
        {
            var factor = new DenseMatrix(Width, Width, matrix).Cholesky();
            var sound = true; // what is left of a diagonal is more than rounding error
            for (var i = 0; i < Width; i++)
                sound &= factor.Factor[i, i] * factor.Factor[i, i] > 2e-15 * matrix[i * Width + i];
            if (sound) return factor.Solve(new DenseMatrix(Width, Classes, right)).AsColumnMajorArray();
        }
        catch (ArgumentException e) // MathNet's way to say: not positive definite
        {
            throw TooWeak(strength, e);
        }
        throw TooWeak(strength, null);
    }

    static TorchBrainException TooWeak(double strength, Exception? inner) => new(ErrorCode.NumberOutOfRange,
        $"The features are linearly dependent, and a ridge of {strength} is too weak to decide between them.",
        "Raise RidgeOptions.Strength, or set Precise.", inner);

    /// <summary>Origin and divisor of each feature, by the scaling that was asked for.</summary>
    (double[] Origin, double[] Divisor) Scaling()
    {
        double[] origin = new double[Width], divisor = new double[Width];
        for (var i = 0; i < Width; i++)
        {
            divisor[i] = 1;
            if (_options.Scaling == FeatureScaling.None) continue;
            var sum = _gram[i, Width];
            origin[i] = _options.Scaling == FeatureScaling.MinMax ? _least[i] : _shift[i] + sum / Count;
            var spread = _options.Scaling == FeatureScaling.MinMax
                ? (double)_most[i] - _least[i]
                : Math.Sqrt(Math.Max(0, _gram[i, i] - sum * sum / Count) / (Count - 1));
            if (spread > 0) divisor[i] = spread;
        }
        return (origin, divisor);
    }

    /// <summary>The normal equations of the scaled features: centred if there is a bias (which then falls out), else about the origin.</summary>
    double[] Normal(double[] origin, double[] divisor, out double[] right)
    {
        var matrix = new double[Width * Width];
        var targets = new double[Width * Classes];
        Parallel.For(0, Width, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, i =>
        {
            // The sums are over x - shift; wanted are those over x - mean or over x - origin.
            double sum = _gram[i, Width], offset = _options.Bias ? -sum / Count : _shift[i] - origin[i];
            for (var j = 0; j <= i; j++)
            {
                double other = _gram[j, Width], shift = _options.Bias ? -other / Count : _shift[j] - origin[j];
                var value = _gram[j, i] + shift * sum + offset * other + Count * offset * shift;
                matrix[j * Width + i] = matrix[i * Width + j] = value / (divisor[i] * divisor[j]);
            }
            for (var c = 0; c < Classes; c++)
                targets[c * Width + i] = (_gram[i, Width + 1 + c] + offset * _gram[Width, Width + 1 + c]) / divisor[i];
        });
        right = targets;
        return matrix;
    }

    /// <summary>Folds the scaling into weights and constants.</summary>
    RidgeReadout Readout(double[] solution, double[] origin, double[] divisor)
    {
        var constants = new double[Classes];
        var weights = new double[Width * Classes];
        for (var c = 0; c < Classes; c++)
        {
            if (_options.Bias) constants[c] = _gram[Width, Width + 1 + c] / Count;
            for (var i = 0; i < Width; i++)
            {
                var weight = solution[c * Width + i] / divisor[i];
                weights[i * Classes + c] = weight;
                constants[c] -= weight * (_options.Bias ? _shift[i] + _gram[i, Width] / Count : origin[i]);
            }
        }
        return new RidgeReadout(Width, Classes, weights, constants);
    }
}
