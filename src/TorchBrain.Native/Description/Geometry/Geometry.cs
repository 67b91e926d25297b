using System.Text;

namespace TorchBrain.Native;

/// <summary>
/// The shape on which the nodes of a population lie, and how the distance between two nodes is measured. A closed union:
/// <see cref="Square"/>, <see cref="Disc"/>, <see cref="Torus"/>, <see cref="Annulus"/>, <see cref="Polygon"/>, <see cref="Sphere"/>,
/// <see cref="Points"/>. All lengths are in sheet units. Constructors accept anything; <see cref="Validate"/> lists what is wrong.
/// </summary>
public abstract record Geometry
{
    /// <summary>The smallest allowed size, in sheet units.</summary>
    public const double MinSize = 1e-9;

    /// <summary>The largest allowed size or coordinate, in sheet units.</summary>
    public const double MaxSize = 1e9;

    /// <summary>The thinnest part a shape may have, relative to its coordinates: below it, single precision could not tell inside from outside.</summary>
    internal const double MinRelativeWidth = 1e-5;

    private protected Geometry()
    {
    }

    /// <summary>How nodes are placed; <see cref="NodePlacement.UniformRandom"/> unless set. <see cref="Points"/> ignores it.</summary>
    public NodePlacement Placement { get; init; }

    /// <summary>The area, in square sheet units.</summary>
    public abstract double Area { get; }

    /// <summary>The smallest X of the shape, in sheet units.</summary>
    public abstract double MinX { get; }

    /// <summary>The largest X of the shape, in sheet units.</summary>
    public abstract double MaxX { get; }

    /// <summary>The smallest Y of the shape, in sheet units.</summary>
    public abstract double MinY { get; }

    /// <summary>The largest Y of the shape, in sheet units.</summary>
    public abstract double MaxY { get; }

    /// <summary>The smallest Z of the shape, in sheet units; 0 for planar shapes.</summary>
    public virtual double MinZ => 0;

    /// <summary>The largest Z of the shape, in sheet units; 0 for planar shapes.</summary>
    public virtual double MaxZ => 0;

    /// <summary>Whether a position is part of the shape. Planar shapes look at X and Y only; NaN is nowhere.</summary>
    public abstract bool Contains(Position position);

    /// <summary>
    /// The distance between two positions, in sheet units. Bit for bit the same with the positions exchanged and on every machine;
    /// exactly 0 from a position to itself. Any finite positions are allowed, also outside the shape.
    /// </summary>
    public abstract double Distance(in Position a, in Position b);

    /// <summary>Reports every problem of this geometry: first what was found and what is allowed, then what to do.</summary>
    /// <param name="report">Called once per problem; not called at all when the geometry can be used.</param>
    public void Validate(Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!Enum.IsDefined(Placement))
            report($"Placement is {(int)Placement}, which is no NodePlacement.", "Use NodePlacement.UniformRandom or NodePlacement.Lattice.");
        Check(report);
    }

    private protected abstract void Check(Action<string, string> report);

    /// <summary>Straight-line distance.</summary>
    private protected static double Straight(in Position a, in Position b)
    {
        double x = (double)a.X - b.X, y = (double)a.Y - b.Y, z = (double)a.Z - b.Z;
        return Math.Sqrt(x * x + y * y + z * z);
    }

    /// <summary>Reports a length that is NaN, infinite, not positive or out of range. True when the length is fine.</summary>
    private protected static bool CheckSize(string name, double value, Action<string, string> report)
    {
        if (value is >= MinSize and <= MaxSize) return true;
        report($"{name} is {value}; allowed are {MinSize} to {MaxSize} sheet units.", $"Give {name} a positive, finite length.");
        return false;
    }

    /// <summary>What ToString shows of every shape; the derived sizes are left out.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append("Placement = ").Append(Placement);
        return true;
    }
}
