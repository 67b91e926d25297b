using System.Runtime.InteropServices;
using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>Every spike a mark at its time and neuron; below, the rate of the population.</summary>
public static class RasterPlot
{
    const float Left = 74f;

    /// <summary>
    /// Writes one PNG, 1800 x 1160 pixels. Spikes are painted straight into pixels: where many fall on one pixel it darkens,
    /// so a million of them take well under a second.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="timesMs">Time of each spike, ms, in any order; those outside the window are not shown.</param>
    /// <param name="ids">Neuron of each spike, 0 to <paramref name="neurons"/> - 1; as many as times.</param>
    /// <param name="neurons">Number of neurons, at least 1.</param>
    /// <param name="startMs">First moment shown, ms.</param>
    /// <param name="endMs">End of the window, ms, not itself shown; above <paramref name="startMs"/>.</param>
    /// <param name="style">Title, bin width, bands; null takes the defaults.</param>
    /// <exception cref="TorchBrainException">Lengths differ, an id or band lies outside the neurons, a number is out of range, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<double> timesMs, ReadOnlySpan<int> ids, int neurons, double startMs, double endMs,
        RasterStyle? style = null)
    {
        style ??= new RasterStyle();
        Check.SameLength(nameof(ids), ids.Length, nameof(timesMs), timesMs.Length);
        Check.Range(nameof(neurons), neurons, 1, int.MaxValue);
        Check.Range(nameof(startMs), startMs, -1e15, 1e15);
        Check.Range(nameof(endMs), endMs, Math.BitIncrement(startMs), 1e15);
        var span = endMs - startMs;
        var binMs = style.RateBinMs ?? Math.Min(Math.Max(1, Axes.Step(span, 200)), span);
        Check.Range(nameof(RasterStyle.RateBinMs), binMs, span / 100_000, span);
        var bands = CheckBands(style.Bands, neurons);

        using var page = new Page(900f, 580f);
        var right = style.Bands.Count == 0 ? 24f : 24f + Math.Min(style.Bands.Max(band => page.Measure(band.Name, Page.Small)) + 8f, 140f);
        var raster = new Axes(page, new SKRect(Left, 60f, page.Width - right, 400f), startMs, endMs, 0, neurons);
        var shown = Paint(page, raster, timesMs, ids, bands);
        var (rates, peak) = Rates(timesMs, ids, bands, startMs, endMs, binMs);

        var mean = shown / (neurons * span / 1000);
        page.Title(style.Title ?? Words.Of($"Spikes of {Words.Count(neurons)} neurons"),
            Words.Of($"{Words.Count(shown)} spikes from {startMs:0.###} to {endMs:0.###} ms; mean rate {mean:0.##} Hz per neuron"), Left);
        raster.Draw(null, "neuron index");
        var below = new Axes(page, new SKRect(Left, 424f, page.Width - right, 534f), startMs, endMs, 0, Axes.RoundUp(Math.Max(peak, 1e-6)));
        below.Grid(vertical: false);
        for (var b = 0; b < bands.Count; b++)
            Steps(page, below, rates[b], binMs, Ink.Of(b), filled: bands.Count == 1);
        below.Draw("time (ms)", "rate (Hz)");
        page.Text(Words.Of($"{binMs:0.###} ms bins"), below.Area.Right, below.Area.Top - 5f, Page.Small, Ink.Quiet, SKTextAlign.Right);
        for (var b = 0; b < style.Bands.Count; b++)
        {
            var band = style.Bands[b];
            var (low, high) = (raster.Y(band.First), raster.Y(band.First + band.Count));
            page.Fill(raster.Area.Right + 3f, high, 3f, Math.Max(low - high, 1f), Ink.Of(b));
            page.Text(page.Fit(band.Name, right - 16f, Page.Small), raster.Area.Right + 10f, (low + high) / 2 + 3.5f, Page.Small, Ink.Text);
        }
        page.Save(path);
    }

    static List<RasterBand> CheckBands(IReadOnlyList<RasterBand> bands, int neurons)
    {
        foreach (var band in bands)
        {
            Check.Index($"band '{band.Name}', First", band.First, neurons);
            Check.Range($"band '{band.Name}', Count", band.Count, 1, neurons - band.First);
        }
        var ordered = bands.OrderBy(band => band.First).ToList();
        for (var b = 1; b < ordered.Count; b++)
            Check.Range($"band '{ordered[b].Name}', First", ordered[b].First, ordered[b - 1].First + ordered[b - 1].Count, neurons);
        return bands.Count == 0 ? [new RasterBand("", 0, neurons)] : [.. bands];
    }

    /// <summary>Counts spikes per pixel and band, then mixes each band's colour in, the more the more spikes. Returns the spikes shown.</summary>
    static long Paint(Page page, Axes axes, ReadOnlySpan<double> timesMs, ReadOnlySpan<int> ids, List<RasterBand> bands)
    {
        var neurons = (int)axes.YMax;
        int left = (int)(axes.Area.Left * page.Scale), top = (int)(axes.Area.Top * page.Scale);
        int width = (int)(axes.Area.Width * page.Scale), height = (int)(axes.Area.Height * page.Scale);
        var inWindow = 0L;
        for (var s = 0; s < ids.Length; s++)
        {
            if ((uint)ids[s] >= (uint)neurons)
                Check.Index($"ids[{s}]", ids[s], neurons);
            if (!double.IsFinite(timesMs[s]))
                Check.Finite($"timesMs[{s}]", timesMs[s]);
            if (timesMs[s] >= axes.XMin && timesMs[s] < axes.XMax)
                inWindow++;
        }
        // Marks are as large as the paper allows: about an eighth of it inked, 2 to 6 pixels.
        var mark = Math.Clamp((int)Math.Sqrt(0.125 * width * height / Math.Max(inWindow, 1)), 2, 6);
        // A few neurons have rows tall enough for strokes.
        var tall = Math.Max(mark, (int)Math.Min(0.8 * height / neurons, 28));
        var density = (double)inWindow * mark * tall / ((double)width * height);
        var alpha = (float)Math.Clamp(1 / (1 + 1.2 * density), 0.06, 1);
        var counts = new ushort[width * height];
        for (var b = 0; b < bands.Count; b++)
        {
            if (b > 0)
                Array.Clear(counts);
            var (first, count) = (bands[b].First, bands[b].Count);
            for (var s = 0; s < ids.Length; s++)
            {
                if ((uint)(ids[s] - first) >= (uint)count || !(timesMs[s] >= axes.XMin && timesMs[s] < axes.XMax))
                    continue;
                var x = (int)((timesMs[s] - axes.XMin) / (axes.XMax - axes.XMin) * width);
                var y = height - 1 - (int)((ids[s] + 0.5) / neurons * height);
                var bottom = Math.Min(y + (tall + 1) / 2, height);
                var end = Math.Min(x + Math.Max(mark - 1, 1), width);
                for (var row = Math.Max(y - tall / 2, 0); row < bottom; row++)
                    for (var column = x; column < end; column++)
                    {
                        ref var cell = ref counts[row * width + column];
                        if (cell < ushort.MaxValue)
                            cell++;
                    }
            }
            Blend(page, counts, left, top, width, height, Ink.Of(b), alpha);
        }
        return inWindow;
    }

    static void Blend(Page page, ushort[] counts, int left, int top, int width, int height, SKColor color, float alpha)
    {
        var shares = new float[256];
        for (var k = 0; k < shares.Length; k++)
            shares[k] = 1f - MathF.Pow(1f - alpha, k);
        var pixels = page.Pixels;
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
            {
                var count = counts[row * width + column];
                if (count == 0)
                    continue;
                ref var pixel = ref pixels[(top + row) * page.PixelWidth + left + column];
                var under = new SKColor((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
                pixel = Page.Pixel(Ramp.Mix(under, color, shares[Math.Min((int)count, 255)]));
            }
    }

    static (double[][] Rates, double Peak) Rates(ReadOnlySpan<double> timesMs, ReadOnlySpan<int> ids, List<RasterBand> bands,
        double startMs, double endMs, double binMs)
    {
        var bins = (int)Math.Ceiling((endMs - startMs) / binMs - 1e-9);
        var rates = new double[bands.Count][];
        var peak = 0.0;
        for (var b = 0; b < bands.Count; b++)
        {
            var rate = rates[b] = new double[bins];
            for (var s = 0; s < ids.Length; s++)
                if ((uint)(ids[s] - bands[b].First) < (uint)bands[b].Count && timesMs[s] >= startMs && timesMs[s] < endMs)
                    rate[Math.Min((int)((timesMs[s] - startMs) / binMs), bins - 1)]++;
            for (var k = 0; k < bins; k++)
            {
                // The last bin may be cut short by the end of the window.
                var lengthMs = Math.Min(binMs, endMs - startMs - k * binMs);
                rate[k] /= bands[b].Count * lengthMs / 1000;
                peak = Math.Max(peak, rate[k]);
            }
        }
        return (rates, peak);
    }

    static void Steps(Page page, Axes axes, double[] rates, double binMs, SKColor color, bool filled)
    {
        var points = new List<SKPoint>(2 * rates.Length + 2);
        for (var k = 0; k < rates.Length; k++)
        {
            points.Add(axes.Point(axes.XMin + k * binMs, rates[k]));
            points.Add(axes.Point(Math.Min(axes.XMin + (k + 1) * binMs, axes.XMax), rates[k]));
        }
        if (filled)
            page.Area([axes.Point(axes.XMin, 0), .. points, axes.Point(axes.XMax, 0)], color.WithAlpha(60));
        page.Lines(CollectionsMarshal.AsSpan(points), color, 1.1f);
    }
}
