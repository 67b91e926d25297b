namespace TorchBrain.Native;

/// <summary>A square sheet with open borders, X and Y from 0 to <paramref name="Side"/>; straight-line distance.</summary>
/// <param name="Side">Length of a side in sheet units, 1e-9 to 1e9.</param>
public sealed record Square(double Side) : Geometry
{
    /// <inheritdoc/>
    public override double Area => Side * Side;

    /// <inheritdoc/>
    public override double MinX => 0;

    /// <inheritdoc/>
    public override double MaxX => Side;

    /// <inheritdoc/>
    public override double MinY => 0;

    /// <inheritdoc/>
    public override double MaxY => Side;

    /// <inheritdoc/>
    public override bool Contains(Position position) =>
        position.X >= 0 && position.X <= Side && position.Y >= 0 && position.Y <= Side;

    /// <inheritdoc/>
    public override double Distance(in Position a, in Position b) => Straight(a, b);

    private protected override void Check(Action<string, string> report) => CheckSize(nameof(Side), Side, report);
}
