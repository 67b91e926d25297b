namespace TorchBrain.Native;

/// <summary>The surface of a ball, its centre at the origin; nodes are 3-D, the distance is that of the great circle.</summary>
/// <param name="Radius">In sheet units, 1e-9 to 1e9.</param>
public sealed record Sphere(double Radius) : Geometry
{
    /// <summary>How far from the surface a position may be and still be on it, relative to the radius: room for single-precision rounding.</summary>
    public const double Tolerance = 1e-5;

    /// <inheritdoc/>
    public override double Area => 4 * Math.PI * Radius * Radius;

    /// <inheritdoc/>
    public override double MinX => -Radius;

    /// <inheritdoc/>
    public override double MaxX => Radius;

    /// <inheritdoc/>
    public override double MinY => -Radius;

    /// <inheritdoc/>
    public override double MaxY => Radius;

    /// <inheritdoc/>
    public override double MinZ => -Radius;

    /// <inheritdoc/>
    public override double MaxZ => Radius;

    /// <summary>Whether a position is on the surface, to within <see cref="Tolerance"/>.</summary>
    public override bool Contains(Position position)
    {
        double x = position.X, y = position.Y, z = position.Z;
        return Math.Abs(Math.Sqrt(x * x + y * y + z * z) - Radius) <= Tolerance * Radius;
    }

    /// <summary>
    /// The length of the great circle, 0 to pi times the radius. Kahan's form, twice the arc tangent of |a-b| / |a+b|, is as exact for
    /// opposite positions as for neighbours. Positions off the surface are taken by their directions.
    /// </summary>
    public override double Distance(in Position a, in Position b)
    {
        double dx = (double)a.X - b.X, dy = (double)a.Y - b.Y, dz = (double)a.Z - b.Z;
        double sx = (double)a.X + b.X, sy = (double)a.Y + b.Y, sz = (double)a.Z + b.Z;
        return 2 * Radius * SetupMath.Angle(Math.Sqrt(dx * dx + dy * dy + dz * dz), Math.Sqrt(sx * sx + sy * sy + sz * sz));
    }

    private protected override void Check(Action<string, string> report) => CheckSize(nameof(Radius), Radius, report);
}
