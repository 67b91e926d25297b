using System.Globalization;
using System.Text;

namespace TorchBrain.Native.Mnist;

/// <summary>How often each class was taken for each class.</summary>
public sealed class ConfusionMatrix
{
    readonly int[] _counts;

    ConfusionMatrix(int classes, int[] counts)
    {
        Classes = classes;
        _counts = counts;
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How many rows of class <paramref name="truth"/> were taken for class <paramref name="prediction"/>.</summary>
    /// <param name="truth">The true class, 0 to <see cref="Classes"/> - 1.</param>
    /// <param name="prediction">The predicted class, 0 to <see cref="Classes"/> - 1.</param>
    public int this[int truth, int prediction] => _counts.AsSpan(truth * Classes, Classes)[prediction];

    /// <summary>The number of rows.</summary>
    public int Total => _counts.Sum();

    /// <summary>The number of rows that were taken for what they are.</summary>
    public int Right => Enumerable.Range(0, Classes).Sum(c => this[c, c]);

    /// <summary>The share of right predictions, 0 to 1; NaN without rows.</summary>
    public double Accuracy => Total == 0 ? double.NaN : (double)Right / Total;

    /// <summary>The share of the rows of a class that were taken for that class, 0 to 1; NaN if the class has no rows.</summary>
    /// <param name="label">The class, 0 to <see cref="Classes"/> - 1.</param>
    public double Recall(int label)
    {
        double rows = 0;
        for (var c = 0; c < Classes; c++) rows += this[label, c];
        return this[label, label] / rows;
    }

    /// <summary>Counts.</summary>
    /// <param name="truth">The true class of each row.</param>
    /// <param name="prediction">The predicted class of each row.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="TorchBrainException">TBN4003: the lengths differ, or a class is out of range.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<byte> truth, ReadOnlySpan<byte> prediction, int classes = DigitSet.Classes)
    {
        if (truth.Length != prediction.Length || classes < 1)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{truth.Length} true and {prediction.Length} predicted labels of {classes} classes; both must be of one length, with at least 1 class.",
                "Predict exactly the rows whose labels are given.");
        var counts = new int[classes * classes];
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] >= classes || prediction[i] >= classes)
                throw new TorchBrainException(ErrorCode.DataInconsistent, $"Row {i} has the label {truth[i]} and the prediction {prediction[i]}; allowed are 0 to {classes - 1}.",
                    "Mend the labels, or count more classes.");
            counts[truth[i] * classes + prediction[i]]++;
        }
        return new ConfusionMatrix(classes, counts);
    }

    /// <summary>A table: true classes down, predicted classes across, recall in percent at the end of each line.</summary>
    public override string ToString()
    {
        var width = Math.Max(4, _counts.Max().ToString(CultureInfo.InvariantCulture).Length + 1);
        var text = new StringBuilder("true\\as");
        for (var c = 0; c < Classes; c++) text.Append(c.ToString(CultureInfo.InvariantCulture).PadLeft(width));
        text.Append("  recall %\n");
        for (var t = 0; t < Classes; t++)
        {
            text.Append(t.ToString(CultureInfo.InvariantCulture).PadLeft(7));
            for (var c = 0; c < Classes; c++) text.Append(this[t, c].ToString(CultureInfo.InvariantCulture).PadLeft(width));
            text.Append((100 * Recall(t)).ToString("F1", CultureInfo.InvariantCulture).PadLeft(10)).Append('\n');
        }
        return text.Append(CultureInfo.InvariantCulture, $"accuracy {100 * Accuracy:F2} % ({Right} of {Total})").ToString();
    }
}
