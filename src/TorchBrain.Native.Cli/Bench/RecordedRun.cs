namespace TorchBrain.Native.Cli;

/// <summary>Runs a simulation in parts and takes the recorded spikes of all populations after each.</summary>
sealed class RecordedRun(Simulation simulation, int part, CancellationToken cancellation)
{
    readonly (SpikeRecorder Recorder, SpikeRaster Raster)[] _recordings =
        [.. simulation.Plan.Recordings.Select(r => SpikeRecorder.Open(simulation, r.Population.Name)).Select(r => (r, r.NewRaster()))];

    /// <summary>Runs; false if it was stopped on the way. When it returns, all spikes are on the host: nothing of the work is left out of a time taken around it.</summary>
    public bool Go(long steps, Action<double> progress)
    {
        for (var done = 0L; done < steps;)
        {
            if (cancellation.IsCancellationRequested)
                return false;
            var next = Math.Min(part, steps - done);
            simulation.Run(next);
            foreach (var (recorder, raster) in _recordings)
            {
                raster.Clear();
                recorder.Drain(raster);
            }
            done += next;
            progress(done / (double)steps);
        }
        return simulation.SpikeHash.Length > 0;
    }
}
