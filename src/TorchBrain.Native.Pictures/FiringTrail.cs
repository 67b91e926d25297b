namespace TorchBrain.Native.Pictures;

/// <summary>Turns a list of spikes into the frames of a wave picture: a spike lights its node, which then fades.</summary>
public static class FiringTrail
{
    /// <summary>
    /// Frames at the given moments. A node whose last spike is <c>age</c> ms old has the intensity
    /// <c>1 - age / trailMs</c>, and 0 from <c>trailMs</c> on. Spikes after a frame do not show in it.
    /// </summary>
    /// <param name="nodes">Number of nodes of the sheet, at least 1.</param>
    /// <param name="spikeTimesMs">Times of the spikes, ms, in any order.</param>
    /// <param name="spikeIds">The node of each spike, 0 to <paramref name="nodes"/> - 1; as many as times.</param>
    /// <param name="frameTimesMs">Moments of the frames, ms, ascending.</param>
    /// <param name="trailMs">How long a spike stays visible, ms, above 0.</param>
    /// <exception cref="TorchBrainException">Lengths differ, an id is outside the sheet, a time is not finite or the moments do not ascend.</exception>
    public static WaveFrame[] FromSpikes(int nodes, ReadOnlySpan<double> spikeTimesMs, ReadOnlySpan<int> spikeIds,
        ReadOnlySpan<double> frameTimesMs, double trailMs = 12)
    {
        Check.Range(nameof(nodes), nodes, 1, int.MaxValue);
        Check.SameLength(nameof(spikeIds), spikeIds.Length, nameof(spikeTimesMs), spikeTimesMs.Length);
        Check.NotEmpty(nameof(frameTimesMs), frameTimesMs.Length);
        Check.Range(nameof(trailMs), trailMs, 1e-6, 1e12);
        var frames = new WaveFrame[frameTimesMs.Length];
        for (var f = 0; f < frames.Length; f++)
        {
            Check.Finite($"frameTimesMs[{f}]", frameTimesMs[f]);
            if (f > 0)
                Check.Range($"frameTimesMs[{f}]", frameTimesMs[f], frameTimesMs[f - 1], double.MaxValue);
            frames[f] = new WaveFrame(frameTimesMs[f], new float[nodes]);
        }
        for (var s = 0; s < spikeIds.Length; s++)
        {
            if ((uint)spikeIds[s] >= (uint)nodes)
                Check.Index($"spikeIds[{s}]", spikeIds[s], nodes);
            var time = spikeTimesMs[s];
            if (!double.IsFinite(time))
                Check.Finite($"spikeTimesMs[{s}]", time);
            for (var f = FirstAtOrAfter(frameTimesMs, time); f < frames.Length && frameTimesMs[f] - time < trailMs; f++)
            {
                ref var intensity = ref frames[f].Intensity[spikeIds[s]];
                intensity = Math.Max(intensity, (float)(1 - (frameTimesMs[f] - time) / trailMs));
            }
        }
        return frames;
    }

    static int FirstAtOrAfter(ReadOnlySpan<double> ascending, double value)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
