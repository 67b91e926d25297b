namespace TorchBrain.Native;

/// <summary>A round sheet with an open border, its centre at the origin; straight-line distance.</summary>
/// <param name="Radius">In sheet units, 1e-9 to 1e9.</param>
public sealed record Disc(double Radius) : Geometry
{
    /// <inheritdoc/>
    public override double Area => Math.PI * Radius * Radius;

    /// <inheritdoc/>
    public override double MinX => -Radius;

    /// <inheritdoc/>
    public override double MaxX => Radius;

    /// <inheritdoc/>
    public override double MinY => -Radius;

    /// <inheritdoc/>
    public override double MaxY => Radius;

    /// <inheritdoc/>
    public override bool Contains(Position position) =>
        (double)position.X * position.X + (double)position.Y * position.Y <= Radius * Radius;

    /// <inheritdoc/>
    public override double Distance(in Position a, in Position b) => Straight(a, b);

    private protected override void Check(Action<string, string> report) => CheckSize(nameof(Radius), Radius, report);
}
