namespace TorchBrain.Native;

/// <summary>
/// A rectangular sheet without borders: what leaves at one side enters at the opposite one. X runs from 0 to below
/// <paramref name="Width"/>, Y from 0 to below <paramref name="Height"/>; the distance is that to the nearest periodic image.
/// </summary>
/// <param name="Width">Period along X in sheet units, 1e-9 to 1e9.</param>
/// <param name="Height">Period along Y in sheet units, 1e-9 to 1e9.</param>
public sealed record Torus(double Width, double Height) : Geometry
{
    /// <inheritdoc/>
    public override double Area => Width * Height;

    /// <inheritdoc/>
    public override double MinX => 0;

    /// <inheritdoc/>
    public override double MaxX => Width;

    /// <inheritdoc/>
    public override double MinY => 0;

    /// <inheritdoc/>
    public override double MaxY => Height;

    /// <inheritdoc/>
    public override bool Contains(Position position) =>
        position.X >= 0 && position.X < Width && position.Y >= 0 && position.Y < Height;

    /// <summary>The straight distance to the nearest periodic image, at most half the diagonal of the sheet. Z does not wrap.</summary>
    public override double Distance(in Position a, in Position b)
    {
        double x = Math.Abs((double)a.X - b.X), y = Math.Abs((double)a.Y - b.Y), z = (double)a.Z - b.Z;
        x = x <= Width ? Math.Min(x, Width - x) : Math.Abs(Math.IEEERemainder(x, Width));
        y = y <= Height ? Math.Min(y, Height - y) : Math.Abs(Math.IEEERemainder(y, Height));
        return Math.Sqrt(x * x + y * y + z * z);
    }

    private protected override void Check(Action<string, string> report)
    {
        CheckSize(nameof(Width), Width, report);
        CheckSize(nameof(Height), Height, report);
    }
}
