using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>Positive quantities of very different size side by side, with their values.</summary>
public static class LogBars
{
    /// <summary>Writes one PNG: a horizontal bar per entry, in the given order, on a logarithmic axis that begins at a power of ten.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="bars">1 to 200 names and values above 0.</param>
    /// <param name="title">What is compared.</param>
    /// <param name="label">Quantity and unit of the axis.</param>
    /// <param name="subtitle">A second line; null leaves it out.</param>
    /// <param name="mark">A value marked by a dashed line; null marks none.</param>
    /// <param name="markLabel">Words above that line.</param>
    /// <exception cref="TorchBrainException">No entries, a value that is not above 0, or the file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<(string Name, double Value)> bars, string title, string label, string? subtitle = null, double? mark = null, string markLabel = "")
    {
        const float line = 32f;
        const float thick = 20f;
        ArgumentNullException.ThrowIfNull(bars);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(label);
        Check.NotEmpty(nameof(bars), bars.Count);
        Check.Range("the number of bars", bars.Count, 1, 200);
        Check.Range(nameof(mark), mark ?? 1, 1e-30, 1e30);
        foreach (var (name, value) in bars)
            Check.Range($"the value of '{name}'", value, 1e-30, 1e30);
        var all = bars.Select(bar => bar.Value).Concat(mark is { } m ? [m] : Array.Empty<double>()).ToArray();
        var from = Math.Pow(10, Math.Floor(Math.Log10(all.Min() / 1.5)));
        var to = all.Max() * 1.5;

        var top = (subtitle is null ? 44f : 60f) + (mark is null ? 0f : 10f);
        using var page = new Page(760f, top + bars.Count * line + 52f);
        var names = Math.Clamp(bars.Max(bar => page.Measure(bar.Name, Page.Body)), 40f, 300f);
        var axes = new Axes(page, new SKRect(names + 34f, top, page.Width - 96f, top + bars.Count * line + 4f), from, to, 0, 1, xLog: true);
        page.Title(title, subtitle, 16f);
        axes.Grid(horizontal: false);
        float Middle(int b) => top + (b + 0.5f) * line + 2f;
        for (var b = 0; b < bars.Count; b++)
        {
            page.Fill(axes.Area.Left, Middle(b) - thick / 2, axes.X(bars[b].Value) - axes.Area.Left, thick, Ink.Blue);
            page.Text(page.Fit(bars[b].Name, names, Page.Body), axes.Area.Left - 9f, Middle(b) + 4f, Page.Body, Ink.Text, SKTextAlign.Right);
        }
        if (mark is { } at)
        {
            page.Line(axes.X(at), axes.Area.Top, axes.X(at), axes.Area.Bottom, Ink.Vermilion, 1.2f, dashed: true);
            page.Text(markLabel, axes.X(at), axes.Area.Top - 4f, Page.Small, Ink.Vermilion, SKTextAlign.Center);
        }
        // Above the line, on paper of their own.
        for (var b = 0; b < bars.Count; b++)
        {
            var (words, end) = (Words.Of($"{bars[b].Value:G3}"), axes.X(bars[b].Value));
            page.Fill(end + 3f, Middle(b) - 8f, page.Measure(words, Page.Body) + 8f, 16f, Ink.Paper);
            page.Text(words, end + 7f, Middle(b) + 4f, Page.Body, Ink.Text);
        }
        axes.DrawBottom(label);
        page.Save(path);
    }
}
