namespace TorchBrain.Native.Mnist;

/// <summary>
/// Measures of the waves on a sheet, over all recorded steps. A wave frame is a step with more than <see cref="ActiveNodes"/> nodes firing; the radius of a frame is the 80th
/// percentile of the distance of its firing nodes to their centroid (on a torus or sphere: to the firing node with the smallest sum of distances).
/// </summary>
public sealed record WaveStatistics
{
    /// <summary>A frame with more firing nodes than this is part of a wave.</summary>
    public const int ActiveNodes = 30;

    /// <summary>Wave frames at most this many steps apart belong to one wave.</summary>
    public const int GapSteps = 10;

    /// <summary>Mean rate of all nodes, Hz.</summary>
    public required double MeanRateHz { get; init; }
    /// <summary>Mean number of firing nodes in wave frames.</summary>
    public required double ActivePerFrame { get; init; }
    /// <summary>Mean radius of wave frames, sheet units; NaN without waves.</summary>
    public required double Radius { get; init; }
    /// <summary>Fraction of steps that are wave frames.</summary>
    public required double WaveFraction { get; init; }
    /// <summary>Waves per second: runs of wave frames, gaps up to <see cref="GapSteps"/> bridged.</summary>
    public required double WavesPerSecond { get; init; }
    /// <summary>Time of the first wave frame, ms; NaN without waves.</summary>
    public required double FirstWaveMs { get; init; }
    /// <summary>Steps examined.</summary>
    public required long Steps { get; init; }

    /// <summary>Measures a raster.</summary>
    /// <param name="raster">Spikes of the sheet (batch 1).</param>
    /// <param name="positions">Positions of the nodes.</param>
    /// <param name="metric">The geometry that measures distances.</param>
    public static WaveStatistics Of(SpikeRaster raster, IReadOnlyList<Position> positions, Geometry metric)
    {
        ArgumentNullException.ThrowIfNull(raster);
        double radius = 0;
        long frames = 0, active = 0, waves = 0, lastWave = -1, first = -1;
        for (var i = 0; i < raster.Count;)
        {
            var step = raster.Steps[i];
            var begin = i;
            while (i < raster.Count && raster.Steps[i] == step)
                i++;
            if (i - begin <= ActiveNodes)
                continue;
            var firing = new Position[i - begin];
            for (var k = 0; k < firing.Length; k++)
                firing[k] = positions[raster.Elements[begin + k]];
            frames++;
            active += firing.Length;
            radius += FrameRadius(firing, metric);
            if (lastWave < 0 || step > lastWave + GapSteps)
                waves++;
            if (first < 0)
                first = step;
            lastWave = step;
        }
        var steps = raster.EndStep - Math.Max(0, raster.FirstStep);
        return new WaveStatistics
        {
            MeanRateHz = raster.MeanRateHz,
            ActivePerFrame = frames > 0 ? (double)active / frames : 0,
            Radius = frames > 0 ? radius / frames : double.NaN,
            WaveFraction = steps > 0 ? (double)frames / steps : 0,
            WavesPerSecond = steps > 0 ? waves / (steps * raster.TimeStepMs * 1e-3) : 0,
            FirstWaveMs = first < 0 ? double.NaN : (first + 1) * raster.TimeStepMs,
            Steps = steps,
        };
    }

    static double FrameRadius(Position[] firing, Geometry metric)
    {
        var flat = metric is not (Torus or Sphere or Points { Metric: Torus or Sphere });
        var centre = flat ? Centroid(firing) : Medoid(firing, metric);
        var distances = new double[firing.Length];
        for (var k = 0; k < firing.Length; k++)
            distances[k] = metric.Distance(firing[k], centre);
        Array.Sort(distances);
        var at = 0.8 * (distances.Length - 1);
        var low = (int)at;
        return distances[low] + (at - low) * (distances[Math.Min(low + 1, distances.Length - 1)] - distances[low]);
    }

    static Position Centroid(Position[] firing)
    {
        double x = 0, y = 0, z = 0;
        foreach (var p in firing)
        {
            x += p.X;
            y += p.Y;
            z += p.Z;
        }
        return new Position((float)(x / firing.Length), (float)(y / firing.Length), (float)(z / firing.Length));
    }

    static Position Medoid(Position[] firing, Geometry metric)
    {
        var best = firing[0];
        var bestSum = double.PositiveInfinity;
        foreach (var candidate in firing)
        {
            double sum = 0;
            foreach (var other in firing)
                sum += metric.Distance(candidate, other);
            if (sum < bestSum)
                (best, bestSum) = (candidate, sum);
        }
        return best;
    }
}
