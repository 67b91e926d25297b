using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>A sheet on its own, and every spike of it.</summary>
sealed record WaveRun(SheetOptions Sheet, IReadOnlyList<Position> Nodes, SpikeRaster Spikes, string SpikeHash, string How)
{
    /// <summary>Runs a sheet, in parts so that it can be stopped; what ran is kept.</summary>
    public static WaveRun Of(SheetOptions sheet, double seconds, IBackend backend, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        const int part = 100;
        var steps = Math.Max(1, (long)Math.Round(seconds * 1000));
        using var simulation = Simulation.Create(sheet.Network(part), backend);
        var recorder = SpikeRecorder.Open(simulation, "retina");
        var spikes = recorder.NewRaster();
        while (simulation.StepNumber < steps && !cancellation.IsCancellationRequested)
        {
            recorder.Run(Math.Min(part, steps - simulation.StepNumber), spikes);
            progress?.Invoke(simulation.StepNumber / (double)steps);
        }
        return new WaveRun(sheet, simulation.Plan.Populations[0].Positions!, spikes, simulation.SpikeHash, simulation.Compiled.Describe());
    }

    /// <summary>Seconds that ran.</summary>
    public double Seconds => Spikes.EndStep * Spikes.TimeStepMs * 1e-3;

    /// <summary>Start, ms, of the window with the most spikes.</summary>
    public double BusiestMs(double windowMs)
    {
        var steps = Spikes.Steps;
        var (best, most) = (0L, 0);
        for (int first = 0, end = 0; first < steps.Count; first++)
        {
            while (end < steps.Count && steps[end] < steps[first] + windowMs / Spikes.TimeStepMs)
                end++;
            if (end - first > most)
                (best, most) = (steps[first], end - first);
        }
        return Math.Max(0, Math.Min(best * Spikes.TimeStepMs, Seconds * 1000 - windowMs));
    }

    /// <summary>Writes every spike as a line: step, node.</summary>
    public void WriteCsv(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("step,node");
        for (var s = 0; s < Spikes.Count; s++)
        {
            writer.Write(Spikes.Steps[s].ToString(CultureInfo.InvariantCulture));
            writer.Write(',');
            writer.WriteLine(Spikes.Elements[s].ToString(CultureInfo.InvariantCulture));
        }
    });
}
