using System.Globalization;
using TorchBrain.Native.Mnist;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Pictures of sheets, waves and receptive fields.</summary>
static class SheetPictures
{
    const double TrailMs = 12;

    /// <summary>Contact sheet, film and raster of a run.</summary>
    public static void Waves(OutputFolder folder, WaveRun run, string suffix = "")
    {
        if (run.Spikes.EndStep == 0)
            return;
        var map = Shape.Flatten(run.Nodes, run.Sheet.Geometry);
        double[] times = [.. Enumerable.Range(0, run.Spikes.Count).Select(run.Spikes.TimeMs)];
        int[] ids = [.. run.Spikes.Elements];
        var what = string.Create(CultureInfo.InvariantCulture, $"{run.Nodes.Count:N0} nodes, inhibition from {run.Sheet.InhibitRadius:0.##}{map.Words}{suffix}");
        WaveFrames.Save(folder.PathOf("waves.png"), map.X, map.Y, Frames(run, times, ids, 24, 4), new WaveStyle { Title = $"Waves in noise: {what}", TrailMs = TrailMs, Columns = 6 });
        WaveAnimation.Save(folder.PathOf("waves-film.png"), map.X, map.Y, Frames(run, times, ids, 200, 2), new WaveStyle { Title = $"Waves in noise{map.Words}{suffix}", TrailMs = TrailMs, AnimationSide = 480 });
        Raster(folder.PathOf("raster.png"), run, map, times, ids, suffix);
    }

    // Moments every few ms, in the window where most happens.
    static WaveFrame[] Frames(WaveRun run, double[] times, int[] ids, int frames, double everyMs)
    {
        frames = (int)Math.Clamp(run.Seconds * 1000 / everyMs, 1, frames);
        var start = run.BusiestMs(frames * everyMs);
        double[] moments = [.. Enumerable.Range(1, frames).Select(f => start + f * everyMs)];
        return FiringTrail.FromSpikes(run.Nodes.Count, times, ids, moments, TrailMs);
    }

    // Nodes from left to right, so that a wave is a slanted band.
    static void Raster(string path, WaveRun run, SheetMap map, double[] times, int[] ids, string suffix)
    {
        var rank = new int[map.X.Length];
        var order = Enumerable.Range(0, rank.Length).OrderBy(i => map.X[i]).ToArray();
        for (var place = 0; place < order.Length; place++)
            rank[order[place]] = place;
        var endMs = run.Seconds * 1000;
        var startMs = Math.Max(0, Math.Min(run.BusiestMs(2000), endMs - 2000));
        RasterPlot.Save(path, times, [.. ids.Select(id => rank[id])], rank.Length, startMs, Math.BitIncrement(Math.Min(endMs, startMs + 2000)), new RasterStyle
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"Every spike of {rank.Length:N0} nodes, from the left of the sheet (0) to its right{map.Words}{suffix}"),
        });
    }

    /// <summary>Receptive fields of a layer.</summary>
    public static void Fields(OutputFolder folder, GrownLayer layer, Geometry geometry, int seconds, string suffix = "", string name = "receptive-fields.png")
    {
        var map = Shape.Flatten(layer.Positions, geometry);
        ReceptiveFields.Save(folder.PathOf(name), map.X, map.Y, layer.Weights, layer.Units, new ReceptiveFieldStyle
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"Receptive fields after {seconds} s of waves: {layer.Formed} of {layer.Units} units formed{map.Words}{suffix}"),
            Threshold = layer.Options.FieldThreshold,
            FormedBelow = layer.Options.FormedBelow,
            PeriodX = map.PeriodX,
            PeriodY = map.PeriodY,
        });
    }

    /// <summary>The share of formed units over simulated time.</summary>
    public static void Formation(OutputFolder folder, IReadOnlyList<float> formed, int firstSecond, PoolingOptions options, string suffix = "")
    {
        if (formed.Count == 0)
            return;
        var percent = formed.Select(f => 100 * f).ToList();
        float[] x = [.. Enumerable.Range(firstSecond, percent.Count).Select(s => (float)s)];
        CurvePlot.Save(folder.PathOf("formation.png"), [new Curve("units formed", x, [.. percent], Markers: percent.Count < 3)], new CurveStyle
        {
            Title = $"How the pooling layer forms{suffix}",
            Subtitle = $"a unit is formed when fewer than {options.FormedBelow} nodes feed it",
            XLabel = "simulated time (s)",
            YLabel = "units formed (%)",
            XMin = firstSecond > 1 ? null : 0,
            YMin = 0,
            YMax = 100,
            Criterion = 100 * options.FormedFraction,
            CriterionLabel = "growth ends",
        });
    }
}
