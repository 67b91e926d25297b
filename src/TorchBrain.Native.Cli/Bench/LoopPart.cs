namespace TorchBrain.Native.Cli;

/// <summary>What bench loop says in run.json. Latencies of an iteration - currents set, one step, spikes read - in microseconds.</summary>
sealed record LoopPart
{
    public required string Processor { get; init; }
    public required int Neurons { get; init; }
    public required long Synapses { get; init; }
    public required int Steps { get; init; }
    public required double MedianUs { get; init; }
    public required double P99Us { get; init; }
    public required double P999Us { get; init; }
    public required double MaxUs { get; init; }
    /// <summary>Managed memory that the whole process allocated in all iterations.</summary>
    public required long AllocatedBytes { get; init; }
    public required double SpikesPerStep { get; init; }
    public required string SpikeHash { get; init; }
    public required string How { get; init; }

    /// <summary>The least value that the given share of sorted values does not exceed.</summary>
    public static double Quantile(ReadOnlySpan<long> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
