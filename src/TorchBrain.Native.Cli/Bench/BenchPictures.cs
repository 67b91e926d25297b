using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary>Pictures of benches.</summary>
static class BenchPictures
{
    /// <summary>The real-time factor of each network.</summary>
    public static void Factors(OutputFolder folder, BenchPart bench)
    {
        if (bench.Networks.Count == 0)
            return;
        LogBars.Save(folder.PathOf("bench.png"), [.. bench.Networks.Select(n => (n.Name, n.RealTimeFactor))], "How fast networks run", "time that passes per simulated time (logarithmic; shorter is faster)",
            (bench.Emulated ? "emulated device: its times mean nothing" : bench.Device ?? bench.Processor), 1, "as fast as life");
    }

    /// <summary>Time of a step against what grows; a chart per quantity that takes more than one value.</summary>
    public static void Scaling(OutputFolder folder, ScalingPart scaling)
    {
        Chart("neurons", "neurons", r => r.Network.Neurons, "neurons");
        Chart("synapses", "synapses", r => r.Network.Synapses, "synapses");
        Chart("rate", "rate of the sources (Hz)", r => r.RateHz ?? 0, "the rate");
        Chart("threads", "threads", r => r.Network.Threads ?? 0, "threads");

        void Chart(string name, string label, Func<ScalingRow, double> x, string words)
        {
            var curves = scaling.Rows.Where(r => r.Against.Contains(name) && x(r) > 0).GroupBy(r => r.Series)
                .Select(g => g.OrderBy(x).ToArray()).Select(g => new Curve(g[0].Series, [.. g.Select(r => (float)x(r))], [.. g.Select(r => (float)r.Network.StepUs)], Markers: true)).ToArray();
            if (curves.Length > 0)
                CurvePlot.Save(folder.PathOf($"scaling-{name}.png"), curves, new CurveStyle
                {
                    Title = $"Time of a step against {words}",
                    Subtitle = scaling.Processor,
                    XLabel = label,
                    YLabel = "time of a step (us)",
                    XLog = true,
                    YLog = true,
                });
        }
    }
}
