namespace TorchBrain.Native.Cuda;

/// <summary>What a device can do at most, measured with kernels that do nothing else: the units in which the floor of a step is counted.</summary>
/// <param name="AdditionsPerNs">Integer additions to scattered 32-bit sums.</param>
/// <param name="WideAdditionsPerNs">The same to 64-bit sums.</param>
/// <param name="MemoryGBps">Rows read from memory, 1e9 bytes a second.</param>
/// <param name="NodeUs">A node of a graph that waits for the one before it.</param>
/// <param name="BarrierUs">A barrier of one block per multiprocessor; null where the device has no cooperative launch.</param>
public sealed record CudaCeilings(double AdditionsPerNs, double WideAdditionsPerNs, double MemoryGBps, double NodeUs, double? BarrierUs)
{
    /// <summary>The measurements of <see cref="CudaMicroBenchmarks"/> that they come from.</summary>
    public static IReadOnlyList<string> Needs { get; } = ["atomics", "graph", "barrier", "rows"];

    /// <summary>Of the figures of a device.</summary>
    /// <param name="figures">What <see cref="CudaMicroBenchmarks.Measure"/> gave for each name of <see cref="Needs"/>.</param>
    /// <exception cref="KeyNotFoundException">A measurement is missing.</exception>
    public static CudaCeilings Of(IReadOnlyDictionary<string, IReadOnlyList<CudaMeasurement>> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        // Atomics: narrow, wide. Rows: few, many. Barriers: of one block a multiprocessor, of four.
        return new CudaCeilings(figures["atomics"][0].Value, figures["atomics"][1].Value, figures["rows"][1].Value, figures["graph"][0].Value, figures["barrier"] is [var barrier, ..] ? barrier.Value : null);
    }
}
