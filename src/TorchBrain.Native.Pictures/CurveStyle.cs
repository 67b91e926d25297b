namespace TorchBrain.Native.Pictures;

/// <summary>Words and limits of <see cref="CurvePlot"/>. A limit that is null follows from the data, with some room.</summary>
public sealed record CurveStyle
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>A second line; null leaves it out.</summary>
    public string? Subtitle { get; init; }

    /// <summary>Quantity and unit of the first coordinate, for example <c>simulated time (s)</c>.</summary>
    public required string XLabel { get; init; }

    /// <summary>Quantity and unit of the second coordinate.</summary>
    public required string YLabel { get; init; }

    /// <summary>Shaded areas behind the lines.</summary>
    public IReadOnlyList<CurveBand> Bands { get; init; } = [];

    /// <summary>Left end of the axis.</summary>
    public double? XMin { get; init; }

    /// <summary>Right end of the axis.</summary>
    public double? XMax { get; init; }

    /// <summary>Lower end of the axis; by default 0 where no value is negative.</summary>
    public double? YMin { get; init; }

    /// <summary>Upper end of the axis.</summary>
    public double? YMax { get; init; }

    /// <summary>True for a logarithmic first axis; all first coordinates must be above 0.</summary>
    public bool XLog { get; init; }

    /// <summary>True for a logarithmic second axis; all second coordinates, error bars included, must be above 0.</summary>
    public bool YLog { get; init; }

    /// <summary>Height of a dashed horizontal line, for example a criterion; null draws none.</summary>
    public double? Criterion { get; init; }

    /// <summary>Words above the dashed line; empty writes none.</summary>
    public string CriterionLabel { get; init; } = "";
}
