namespace TorchBrain.Native;

/// <summary>A ring-shaped sheet with open borders, its centre at the origin; straight-line distance, also across the hole.</summary>
/// <param name="InnerRadius">Radius of the hole in sheet units, 1e-9 to 1e9, smaller than the outer radius.</param>
/// <param name="OuterRadius">In sheet units, 1e-9 to 1e9; the ring is at least 1e-5 of it wide.</param>
public sealed record Annulus(double InnerRadius, double OuterRadius) : Geometry
{
    /// <inheritdoc/>
    public override double Area => Math.PI * (OuterRadius - InnerRadius) * (OuterRadius + InnerRadius);

    /// <inheritdoc/>
    public override double MinX => -OuterRadius;

    /// <inheritdoc/>
    public override double MaxX => OuterRadius;

    /// <inheritdoc/>
    public override double MinY => -OuterRadius;

    /// <inheritdoc/>
    public override double MaxY => OuterRadius;

    /// <inheritdoc/>
    public override bool Contains(Position position)
    {
        var square = (double)position.X * position.X + (double)position.Y * position.Y;
        return square >= InnerRadius * InnerRadius && square <= OuterRadius * OuterRadius;
    }

    /// <inheritdoc/>
    public override double Distance(in Position a, in Position b) => Straight(a, b);

    private protected override void Check(Action<string, string> report)
    {
        if (!(CheckSize(nameof(InnerRadius), InnerRadius, report) & CheckSize(nameof(OuterRadius), OuterRadius, report))) return;
        if (InnerRadius >= OuterRadius)
            report($"InnerRadius {InnerRadius} is not smaller than OuterRadius {OuterRadius}.", "Exchange the two radii or make the outer one larger.");
        else if (OuterRadius - InnerRadius < MinRelativeWidth * OuterRadius)
            report($"The ring from {InnerRadius} to {OuterRadius} is thinner than {MinRelativeWidth} of its radius, too thin for single-precision positions.",
                "Make InnerRadius smaller.");
    }
}
