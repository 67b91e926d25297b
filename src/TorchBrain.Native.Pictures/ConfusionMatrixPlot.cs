using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>How often each class was read as each other: counts as numbers, shares of the row as colours.</summary>
public static class ConfusionMatrixPlot
{
    /// <summary>
    /// Writes one PNG. Correct answers lie on the diagonal, in blue from 0 to 100 % of their row; mistakes are orange on a scale of
    /// their own that ends at the most frequent one, so that small shares stay visible. The heading ends with the accuracy.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="counts">Number of examples, <c>counts[truth * classes + prediction]</c>, none negative; at least one above 0.</param>
    /// <param name="classes">Number of classes, 2 to 60.</param>
    /// <param name="title">What was classified by what; the accuracy is appended.</param>
    /// <param name="labels">Names of the classes, as many as there are; null numbers them from 0.</param>
    /// <exception cref="TorchBrainException">Lengths differ, a count is negative or all are 0, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<int> counts, int classes, string title = "Confusion matrix", IReadOnlyList<string>? labels = null)
    {
        Check.Range(nameof(classes), classes, 2, 60);
        Check.SameLength(nameof(counts), counts.Length, "classes x classes", classes * classes);
        Check.SameLength(nameof(labels), labels?.Count ?? classes, nameof(classes), classes);
        long total = 0, correct = 0;
        var rows = new long[classes];
        for (var i = 0; i < counts.Length; i++)
        {
            Check.Range($"counts[{i}]", counts[i], 0, int.MaxValue);
            rows[i / classes] += counts[i];
            total += counts[i];
            correct += i / classes == i % classes ? counts[i] : 0;
        }
        Check.Range("the sum of counts", total, 1, long.MaxValue);
        var worst = 0f;
        for (var i = 0; i < counts.Length; i++)
            if (i / classes != i % classes && rows[i / classes] > 0)
                worst = Math.Max(worst, 100f * counts[i] / rows[i / classes]);

        const float left = 74f, top = 96f;
        var cell = Math.Max(460f / classes, 15f);
        var side = cell * classes;
        using var page = new Page(left + side + 112f, top + side + 26f);
        page.Title(Words.Of($"{title}: {100.0 * correct / total:0.00} % correct"),
            Words.Of($"{Words.Count(correct)} of {Words.Count(total)} right; colour is the share of the row"), left - 50f);
        var text = Math.Clamp(cell * 0.26f, 5f, 12f);
        for (var row = 0; row < classes; row++)
            for (var column = 0; column < classes; column++)
            {
                var count = counts[row * classes + column];
                var share = rows[row] == 0 ? 0f : 100f * count / rows[row];
                var value = row == column ? share / 100f : worst == 0f ? 0f : share / worst;
                float x = left + column * cell, y = top + row * cell;
                page.Fill(x, y, cell, cell, (row == column ? Ramp.Blues : Ramp.Oranges).At(value));
                var color = count == 0 ? Ink.Spine : value > (row == column ? 0.6f : 0.72f) ? Ink.Paper : Ink.Text;
                page.Text(Words.Count(count), x + cell / 2, y + cell / 2 + text * 0.36f, text, color, SKTextAlign.Center, strong: row == column);
            }
        for (var k = 0; k <= classes; k++)
        {
            page.Line(left, top + k * cell, left + side, top + k * cell, k % classes == 0 ? Ink.Spine : Ink.Grid);
            page.Line(left + k * cell, top, left + k * cell, top + side, k % classes == 0 ? Ink.Spine : Ink.Grid);
        }
        for (var k = 0; k < classes; k++)
        {
            var name = labels?[k] ?? Words.Of($"{k}");
            page.Text(page.Fit(name, cell - 2f, Page.Body), left + (k + 0.5f) * cell, top - 7f, Page.Body, Ink.Text, SKTextAlign.Center);
            page.Text(page.Fit(name, 40f, Page.Body), left - 8f, top + (k + 0.5f) * cell + 4f, Page.Body, Ink.Text, SKTextAlign.Right);
        }
        page.Text("predicted class", left + side / 2, top - 24f, Page.Body, Ink.Quiet, SKTextAlign.Center);
        page.Upward("true class", left - 38f, top + side / 2, Page.Body, Ink.Quiet);
        var bar = left + side + 22f;
        ColorBar.Upright(page, Ramp.Blues.At, SKRect.Create(bar, top, 12f, side * 0.44f), 0, 100, "correct (% of row)");
        if (worst > 0f)
            ColorBar.Upright(page, Ramp.Oranges.At, SKRect.Create(bar, top + side * 0.56f, 12f, side * 0.44f), 0, worst, "mistaken (% of row)");
        page.Save(path);
    }
}
