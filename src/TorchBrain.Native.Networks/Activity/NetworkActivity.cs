namespace TorchBrain.Native.Networks;

/// <summary>What a network does over a stretch of time.</summary>
/// <param name="Populations">The populations whose spikes are recorded, in the order of the network.</param>
/// <param name="Rasters">Their spikes.</param>
/// <param name="MeasuredMs">Length of the stretch, ms.</param>
public sealed record NetworkActivity(IReadOnlyList<PopulationActivity> Populations, IReadOnlyList<SpikeRaster> Rasters, double MeasuredMs)
{
    /// <summary>The activity of a population by its name.</summary>
    public PopulationActivity this[string population] => Populations.Single(p => p.Name == population);

    /// <summary>The coefficient of variation of a population's intervals, in stretches of a length in ms: <see cref="PopulationActivity.IsiCvOfStretches"/>.</summary>
    public double IsiCv(string population, double stretchMs) => PopulationActivity.IsiCvOfStretches(Rasters[Populations.TakeWhile(p => p.Name != population).Count()], stretchMs);

    /// <summary>Mean rate of all recorded neurons, Hz.</summary>
    public double RateHz => Populations.Sum(p => p.RateHz * p.Neurons) / Populations.Sum(p => p.Neurons);

    /// <summary>Runs a simulation and measures what is recorded.</summary>
    /// <param name="simulation">The simulation; every population to be measured has a <see cref="SpikeRecording"/>.</param>
    /// <param name="settleMs">Time that is run first and not measured, ms.</param>
    /// <param name="measureMs">Time that is measured, ms.</param>
    /// <param name="progress">Told the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Ends the run early; what was measured until then counts.</param>
    public static NetworkActivity Measure(Simulation simulation, double settleMs, double measureMs, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        SpikeRecorder[] recorders = [.. Recorded(simulation).Select(name => SpikeRecorder.Open(simulation, name))];
        if (recorders.Length == 0)
            throw new TorchBrainException(ErrorCode.NotInPlan, "The network records no spikes, so there is nothing to measure.", "Add a SpikeRecording of each population to network.Recordings.");
        SpikeRaster[] rasters = [.. recorders.Select(r => r.NewRaster())];
        var stepMs = simulation.Plan.TimeStepMs;
        long settle = (long)Math.Round(settleMs / stepMs), end = settle + Math.Max(1, (long)Math.Round(measureMs / stepMs)), done = 0;
        var window = recorders.Min(r => r.WindowSteps);
        while (done < end && !cancellation.IsCancellationRequested)
        {
            var part = Math.Min(window, (done < settle ? settle : end) - done);
            simulation.Run(part);
            for (var k = 0; k < recorders.Length; k++)
                recorders[k].Drain(done < settle ? recorders[k].NewRaster() : rasters[k]);
            done += part;
            progress?.Invoke(done / (double)end);
        }
        return new NetworkActivity([.. Recorded(simulation).Zip(rasters, PopulationActivity.Of)], rasters, Math.Max(0, done - settle) * stepMs);
    }

    static IEnumerable<string> Recorded(Simulation simulation) => simulation.Plan.Recordings.Where(r => r.Description is SpikeRecording).Select(r => r.Population.Name);
}
