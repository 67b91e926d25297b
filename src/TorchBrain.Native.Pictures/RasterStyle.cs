namespace TorchBrain.Native.Pictures;

/// <summary>How <see cref="RasterPlot"/> shows spikes.</summary>
public sealed record RasterStyle
{
    /// <summary>The heading; null writes one with the numbers of neurons and spikes.</summary>
    public string? Title { get; init; }

    /// <summary>Width of a bin of the rate, ms; null chooses a round width for about 200 bins, at least 1 ms.</summary>
    public double? RateBinMs { get; init; }

    /// <summary>Populations in colours of their own, not overlapping; empty shows all neurons in one colour.</summary>
    public IReadOnlyList<RasterBand> Bands { get; init; } = [];
}
