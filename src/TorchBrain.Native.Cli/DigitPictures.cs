using System.Globalization;
using TorchBrain.Native.Mnist;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Pictures of how digits were read.</summary>
static class DigitPictures
{
    const int Shown = 80, Columns = 16;

    /// <summary>Confusion matrix, accuracies, and digits with what they were taken for; only what was reached.</summary>
    public static void All(OutputFolder folder, ExperimentResult result, DigitData data, string suffix)
    {
        if (result.Confusion is not { } confusion)
            return;
        var counts = new int[confusion.Classes * confusion.Classes];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = confusion[i / confusion.Classes, i % confusion.Classes];
        ConfusionMatrixPlot.Save(folder.PathOf("confusion.png"), counts, confusion.Classes, $"Test digits{suffix}");
        Accuracies(folder.PathOf("accuracy.png"), result, data, suffix);
        Digits(folder.PathOf("digits.png"), result, data.Test, suffix);
    }

    static void Accuracies(string path, ExperimentResult result, DigitData data, string suffix)
    {
        var bars = new List<AccuracyBar> { Bar("spiking network", data.Train.Count, result.TestAccuracy!.Value, data.Test.Count, true) };
        bars.AddRange(result.Baselines.OrderByDescending(b => b.TestAccuracy).Select(b => Bar(b.Name, b.TrainingDigits, b.TestAccuracy, data.Test.Count, false)));
        AccuracyBars.Save(path, bars, $"Test accuracy{suffix}",
            string.Create(CultureInfo.InvariantCulture, $"{data.Test.Count:N0} test digits; in brackets the training digits; whiskers: 95 % of sampling error"),
            fromPercent: bars.Min(b => b.Percent - b.PlusMinus) > 82 ? 80 : 0);
    }

    static AccuracyBar Bar(string name, int training, double accuracy, int tests, bool strong) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name} ({training:N0})"), 100 * accuracy, 196 * Math.Sqrt(accuracy * (1 - accuracy) / tests), strong);

    // Mistakes of as many kinds as there is room for, the common kinds first, then right answers of every class.
    static void Digits(string path, ExperimentResult result, DigitSet test, string suffix)
    {
        int[] wrong = [.. Enumerable.Range(0, test.Count).Where(i => result.Predictions[i] != test.Labels[i])];
        var kinds = wrong.GroupBy(i => (test.Labels[i], result.Predictions[i])).OrderByDescending(g => g.Count()).ThenBy(g => g.Key);
        int[] mistakes = [.. Deal(kinds, Shown / 2)];
        int[] right = [.. Deal(Enumerable.Range(0, test.Count).Except(wrong).GroupBy(i => test.Labels[i]).OrderBy(g => g.Key), Shown - mistakes.Length)];
        int[] shown = [.. right.OrderBy(i => test.Labels[i]), .. mistakes.OrderBy(i => test.Labels[i]).ThenBy(i => result.Predictions[i])];
        var pixels = new byte[shown.Length * DigitSheet.Side * DigitSheet.Side];
        for (var k = 0; k < shown.Length; k++)
            test.Image(shown[k]).CopyTo(pixels.AsSpan(k * DigitSheet.Side * DigitSheet.Side));
        var title = string.Create(CultureInfo.InvariantCulture, $"{100 * result.TestAccuracy:0.00} % of all test digits right; here {right.Length} of those, and {mistakes.Length} of the {wrong.Length:N0} mistakes{suffix}");
        DigitSheet.Save(path, pixels, [.. shown.Select(i => (int)test.Labels[i])], [.. shown.Select(i => (int)result.Predictions[i])], title, Columns);
    }

    // One of each group in turn.
    static IEnumerable<int> Deal(IEnumerable<IEnumerable<int>> groups, int count)
    {
        var queues = groups.Select(g => new Queue<int>(g)).ToList();
        while (count > 0 && queues.Count > 0)
            foreach (var queue in queues.ToList())
            {
                if (count-- <= 0)
                    break;
                yield return queue.Dequeue();
                if (queue.Count == 0)
                    queues.Remove(queue);
            }
    }
}
