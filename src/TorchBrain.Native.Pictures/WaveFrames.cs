using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>A row of snapshots of a sheet: every node a disc at its place, the ones that fired lit, with a fading trail.</summary>
public static class WaveFrames
{
    const float Margin = 16f;
    const float Gap = 14f;
    const float Label = 17f;

    /// <summary>Writes one PNG with a panel per frame, 2 pixels per point, axes equal.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="x">First coordinate of each node, sheet units.</param>
    /// <param name="y">Second coordinate of each node, sheet units, growing upwards; as many as <paramref name="x"/>.</param>
    /// <param name="frames">The frames in the order of the panels, 1 to 400.</param>
    /// <param name="style">Title and scales; null takes the defaults.</param>
    /// <exception cref="TorchBrainException">Lengths differ, a value is not finite or out of range, the picture is too large, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> x, ReadOnlySpan<float> y, IReadOnlyList<WaveFrame> frames, WaveStyle? style = null)
    {
        style ??= new WaveStyle();
        style.CheckAll();
        WaveFrame.CheckAll(frames, x.Length);
        Check.Range("frames", frames.Count, 1, 400);
        var columns = Math.Min(style.Columns ?? Columns(frames.Count), frames.Count);
        var rows = (frames.Count + columns - 1) / columns;
        var sheet = new Sheet(x, y, columns <= 2 ? 320f : 190f);
        var painter = new WavePainter(sheet, style);
        var width = Math.Max(2 * Margin + columns * sheet.Width + (columns - 1) * Gap, 680f);
        var left = (width - columns * sheet.Width - (columns - 1) * Gap) / 2;
        using var page = new Page(width, 58f + rows * (sheet.Height + Label + Gap) + 34f);

        page.Title(style.Title ?? Words.Of($"Waves on a sheet of {Words.Count(sheet.Count)} nodes, {Span(frames)}"), Summary(frames, sheet.Count), Margin);
        for (var f = 0; f < frames.Count; f++)
        {
            var panelX = left + f % columns * (sheet.Width + Gap);
            var panelY = 58f + f / columns * (sheet.Height + Label + Gap);
            page.Text(Words.Of($"{frames[f].TimeMs:0.###} ms"), panelX + sheet.Radius, panelY + 10f, Page.Body, Ink.Text, strong: true);
            painter.Silent(page, panelX, panelY + Label, frames[f].PotentialMv);
            painter.Fired(page, panelX, panelY + Label, frames[f].Intensity);
        }
        Key(page, painter, style, sheet, left, frames.Any(frame => frame.PotentialMv is not null));
        page.Save(path);
    }

    static void Key(Page page, WavePainter painter, WaveStyle style, Sheet sheet, float left, bool potential)
    {
        var y = page.Height - 26f;
        sheet.ScaleBar(page, left + sheet.Radius, y + 5f);
        var x = page.Width - Margin - 200f;
        page.Text("fired:", x - 7f - page.Measure("now", Page.Small) - page.Measure("fired:  ", Page.Small), y + 8.5f, Page.Small, Ink.Text);
        ColorBar.Lying(page, at => WavePainter.Lit(1 - at), SKRect.Create(x, y, 110f, 10f), "now", style.OldEnd);
        if (!potential)
        {
            page.Disc(x - 130f, y + 5f, 4.5f, Ink.Silent);
            page.Text("silent", x - 121f, y + 8.5f, Page.Small, Ink.Quiet);
            return;
        }
        var range = style.PotentialHighMv - style.PotentialLowMv;
        ColorBar.Lying(page, at => painter.Resting(style.PotentialLowMv + at * range), SKRect.Create(x - 230f, y, 80f, 10f),
            "silent: " + Words.Tick(style.PotentialLowMv, 1), Words.Tick(style.PotentialHighMv, 1) + " mV");
    }

    /// <summary>A little wider than tall, with few places left empty.</summary>
    static int Columns(int panels)
    {
        var wish = Math.Sqrt(panels * 1.4);
        var first = (int)Math.Ceiling(Math.Sqrt(panels));
        var last = (int)Math.Ceiling(Math.Sqrt(panels * 2.0));
        return Enumerable.Range(first, last - first + 1).MinBy(columns => (columns - panels % columns) % columns + 0.5 * Math.Abs(columns - wish));
    }

    internal static string Span(IReadOnlyList<WaveFrame> frames) => frames.Count == 1
        ? Words.Of($"{frames[0].TimeMs:0.###} ms")
        : Words.Of($"{frames[0].TimeMs:0.###} to {frames[^1].TimeMs:0.###} ms");

    internal static string Summary(IReadOnlyList<WaveFrame> frames, int nodes)
    {
        var most = frames.MaxBy(frame => frame.Lit)!;
        return most.Lit == 0
            ? "no node fired in the time shown"
            : Words.Of($"at most {Words.Count(most.Lit)} nodes ({100.0 * most.Lit / nodes:0.#} %) lit at once, at {most.TimeMs:0.###} ms");
    }
}
