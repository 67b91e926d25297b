namespace TorchBrain.Native.Networks;

/// <summary>What the spikes of one population show over a stretch of time.</summary>
/// <param name="Name">The population.</param>
/// <param name="Neurons">Its neurons.</param>
/// <param name="RateHz">Mean rate, Hz.</param>
/// <param name="IsiCv">Coefficient of variation of the intervals between spikes, mean over the neurons with at least three spikes; NaN if there are none.</param>
/// <param name="SilentFraction">Part of the neurons without a spike.</param>
/// <param name="PeakHz">Where the power of the population's rate is largest, between 5 Hz and half the sampling rate; resolution 1 Hz (or one over the length, if shorter than a second).</param>
public sealed record PopulationActivity(string Name, int Neurons, double RateHz, double IsiCv, double SilentFraction, double PeakHz)
{
    const double LeastPeakHz = 5, MostPeakHz = 500, BinMs = 1;

    /// <summary>Measures a raster. Spikes of all instances of a batch count as neurons of their own.</summary>
    public static PopulationActivity Of(string name, SpikeRaster raster)
    {
        ArgumentNullException.ThrowIfNull(raster);
        var (cv, silent) = Intervals(raster, long.MinValue, long.MaxValue);
        return new PopulationActivity(name, raster.ElementCount, raster.MeanRateHz, cv, silent, Peak(raster));
    }

    /// <summary>
    /// The coefficient of variation as <see cref="IsiCv"/> has it, of each whole stretch of a raster, mean over the stretches. That of a whole raster grows with its length, because long intervals do
    /// not fit into short ones, so a published value holds for the length that it was found with.
    /// </summary>
    /// <param name="raster">The spikes.</param>
    /// <param name="stretchMs">Length of a stretch, ms; where the raster is shorter, all of it is one.</param>
    public static double IsiCvOfStretches(SpikeRaster raster, double stretchMs)
    {
        ArgumentNullException.ThrowIfNull(raster);
        ArgumentOutOfRangeException.ThrowIfLessThan(stretchMs, raster.TimeStepMs);
        long first = Math.Max(0, raster.FirstStep), length = (long)Math.Round(stretchMs / raster.TimeStepMs), stretches = Math.Max(1, (raster.EndStep - first) / length);
        var total = 0.0;
        for (var k = 0L; k < stretches; k++)
            total += Intervals(raster, first + k * length, first + (k + 1) * length).Cv;
        return total / stretches;
    }

    static (double Cv, double Silent) Intervals(SpikeRaster raster, long begin, long end)
    {
        var last = new long[raster.ElementCount];
        var count = new int[raster.ElementCount];
        double[] sum = new double[raster.ElementCount], squares = new double[raster.ElementCount];
        for (var i = 0; i < raster.Count; i++)
        {
            var (step, e) = (raster.Steps[i], raster.Elements[i]);
            if (step < begin || step >= end)
                continue;
            if (count[e]++ > 0)
            {
                double interval = step - last[e];
                sum[e] += interval;
                squares[e] += interval * interval;
            }
            last[e] = step;
        }
        double total = 0;
        var (neurons, silent) = (0, 0);
        for (var e = 0; e < count.Length; e++)
        {
            silent += count[e] == 0 ? 1 : 0;
            if (count[e] < 3)
                continue;
            var (mean, square) = (sum[e] / (count[e] - 1), squares[e] / (count[e] - 1));
            total += Math.Sqrt(Math.Max(0, square - mean * mean)) / mean;
            neurons++;
        }
        return (neurons > 0 ? total / neurons : double.NaN, (double)silent / count.Length);
    }

    // Mean power over stretches of a second, windowed after von Hann, by the transform's definition: a few hundred frequencies do not need a fast one.
    static double Peak(SpikeRaster raster)
    {
        var bins = (int)Math.Floor((raster.EndStep - Math.Max(0, raster.FirstStep)) * raster.TimeStepMs / BinMs);
        if (bins < 20)
            return double.NaN;
        var counts = new double[bins];
        for (var i = 0; i < raster.Count; i++)
            if ((int)((raster.Steps[i] - raster.FirstStep) * raster.TimeStepMs / BinMs) is var bin && bin < bins)
                counts[bin]++;
        var length = Math.Min(bins, (int)(1000 / BinMs));
        var (best, peak) = (double.NegativeInfinity, double.NaN);
        for (var k = (int)Math.Ceiling(LeastPeakHz * length * BinMs / 1000); k <= MostPeakHz * length * BinMs / 1000; k++)
        {
            var power = 0.0;
            for (var start = 0; start + length <= bins; start += length)
                power += Power(counts.AsSpan(start, length), k);
            if (power > best)
                (best, peak) = (power, k * 1000.0 / (length * BinMs));
        }
        return peak;
    }

    static double Power(ReadOnlySpan<double> counts, int cycles)
    {
        double mean = 0, cosine = 0, sine = 0;
        foreach (var c in counts)
            mean += c / counts.Length;
        for (var n = 0; n < counts.Length; n++)
        {
            var angle = 2 * Math.PI * n / counts.Length;
            var value = (counts[n] - mean) * 0.5 * (1 - Math.Cos(angle));
            cosine += value * Math.Cos(cycles * angle);
            sine += value * Math.Sin(cycles * angle);
        }
        return cosine * cosine + sine * sine;
    }
}
