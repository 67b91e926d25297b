namespace TorchBrain.Native.Pictures;

/// <summary>What counts as a receptive field, and how <see cref="ReceptiveFields"/> shows it.</summary>
public sealed record ReceptiveFieldStyle
{
    /// <summary>The heading; null writes one with the numbers of units and nodes.</summary>
    public string? Title { get; init; }

    /// <summary>A node belongs to the field of a unit where the weight is at least this; finite.</summary>
    public float Threshold { get; init; } = 0.1f;

    /// <summary>
    /// A unit counts as formed where its field has fewer nodes than this (and at least one); null takes 2/15 of the nodes,
    /// 200 of 1500. Units not formed are counted in the words, but not drawn.
    /// </summary>
    public int? FormedBelow { get; init; }

    /// <summary>Rows and columns of example fields, 1 to 10.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>Length of the sheet in the first direction where it closes on itself (torus), sheet units; null where it does not.</summary>
    public float? PeriodX { get; init; }

    /// <summary>Length of the sheet in the second direction where it closes on itself; null where it does not.</summary>
    public float? PeriodY { get; init; }
}
