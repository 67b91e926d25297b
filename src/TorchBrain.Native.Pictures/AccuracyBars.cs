using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>Accuracies side by side, with their values.</summary>
public static class AccuracyBars
{
    /// <summary>Writes one PNG: a horizontal bar per entry, in the given order, from the left end of the axis to the accuracy.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="bars">1 to 200 entries.</param>
    /// <param name="title">What is compared, on which data.</param>
    /// <param name="subtitle">A second line, for example the number of examples; null leaves it out.</param>
    /// <param name="fromPercent">
    /// Left end of the axis, %, 0 to 99. Above 0 the lengths of bars no longer compare as the accuracies do, so the axis says so.
    /// </param>
    /// <param name="chancePercent">Accuracy of guessing, %, marked by a dashed line; null marks none.</param>
    /// <exception cref="TorchBrainException">No entries, a number out of range, or the file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<AccuracyBar> bars, string title, string? subtitle = null, double fromPercent = 0,
        double? chancePercent = null)
    {
        const float line = 32f;
        const float thick = 20f;
        ArgumentNullException.ThrowIfNull(bars);
        ArgumentNullException.ThrowIfNull(title);
        Check.NotEmpty(nameof(bars), bars.Count);
        Check.Range("the number of bars", bars.Count, 1, 200);
        Check.Range(nameof(fromPercent), fromPercent, 0, 99);
        Check.Range(nameof(chancePercent), chancePercent ?? 0, 0, 100);
        foreach (var bar in bars)
        {
            Check.Range($"Percent of '{bar.Name}'", bar.Percent, 0, 100);
            Check.Range($"PlusMinus of '{bar.Name}'", bar.PlusMinus, 0, 100);
        }

        var top = (subtitle is null ? 44f : 60f) + (chancePercent is null ? 0f : 10f);
        using var page = new Page(760f, top + bars.Count * line + 52f);
        var names = Math.Clamp(bars.Max(bar => page.Measure(bar.Name, Page.Body, bar.Highlighted)), 40f, 300f);
        var axes = new Axes(page, new SKRect(names + 34f, top, page.Width - 96f, top + bars.Count * line + 4f), fromPercent, 100, 0, 1);
        page.Title(title, subtitle, 16f);
        axes.Grid(horizontal: false);
        for (var b = 0; b < bars.Count; b++)
        {
            var bar = bars[b];
            var middle = top + (b + 0.5f) * line + 2f;
            var end = axes.X(Math.Max(bar.Percent, fromPercent));
            var color = bar.Highlighted ? Ink.Blue : new SKColor(0xA9, 0xB4, 0xBF);
            page.Fill(axes.Area.Left, middle - thick / 2, end - axes.Area.Left, thick, color);
            page.Text(page.Fit(bar.Name, names, Page.Body, bar.Highlighted), axes.Area.Left - 9f, middle + 4f, Page.Body, Ink.Text, SKTextAlign.Right, bar.Highlighted);
            if (bar.PlusMinus > 0)
            {
                var low = axes.X(Math.Clamp(bar.Percent - bar.PlusMinus, fromPercent, 100));
                var high = axes.X(Math.Clamp(bar.Percent + bar.PlusMinus, fromPercent, 100));
                page.Line(low, middle, high, middle, Ink.Text, 1.2f);
                page.Line(low, middle - 4f, low, middle + 4f, Ink.Text, 1.2f);
                page.Line(high, middle - 4f, high, middle + 4f, Ink.Text, 1.2f);
                end = Math.Max(end, high);
            }
            var value = bar.PlusMinus > 0 ? Words.Of($"{bar.Percent:0.0} ± {bar.PlusMinus:0.0} %") : Words.Of($"{bar.Percent:0.0} %");
            page.Fill(end + 3f, middle - 8f, page.Measure(value, Page.Body, bar.Highlighted) + 8f, 16f, Ink.Paper);
            page.Text(value, end + 7f, middle + 4f, Page.Body, Ink.Text, strong: bar.Highlighted);
        }
        if (chancePercent is { } chance && chance >= fromPercent)
        {
            page.Line(axes.X(chance), axes.Area.Top, axes.X(chance), axes.Area.Bottom, Ink.Vermilion, 1.2f, dashed: true);
            page.Text("chance", axes.X(chance), axes.Area.Top - 4f, Page.Small, Ink.Vermilion, SKTextAlign.Center);
        }
        axes.DrawBottom(fromPercent > 0 ? Words.Of($"accuracy (%), axis begins at {fromPercent:0.#} %") : "accuracy (%)");
        page.Save(path);
    }
}
