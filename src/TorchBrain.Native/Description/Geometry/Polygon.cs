using System.Text;

namespace TorchBrain.Native;

/// <summary>A sheet with a free outline and, if wanted, holes; straight-line distance, also across holes and bays.</summary>
/// <param name="Outline">
/// The corners in order, either sense, without repeating the first at the end; 3 to 10000 together with those of the holes. Copied.
/// </param>
public sealed record Polygon(IReadOnlyList<Point2> Outline) : Geometry
{
    /// <summary>How many corners outline and holes may have together.</summary>
    public const int MaxCorners = 10_000;

    PolygonShape? _shape;
    IReadOnlyList<(string What, string Fix)>? _problems;

    // What is cached must not travel into a copy made by "with".
    Polygon(Polygon original) : base(original)
    {
        Outline = original.Outline;
        Holes = original.Holes;
    }

    /// <summary>The corners in order, in sheet units.</summary>
    public IReadOnlyList<Point2> Outline
    {
        get;
        init => field = Frozen.Copy(value);
    } = Frozen.Copy(Outline);

    /// <summary>Outlines of parts cut out: inside the outline and apart from each other. None unless set; copied.</summary>
    public IReadOnlyList<IReadOnlyList<Point2>> Holes
    {
        get;
        init => field = value is null ? null! : Array.AsReadOnly(value.Select(Frozen.Copy).ToArray());
    } = [];

    /// <summary>Area of the outline less that of the holes, in square sheet units.</summary>
    public override double Area => Shape.Area;

    /// <inheritdoc/>
    public override double MinX => Shape.MinX;

    /// <inheritdoc/>
    public override double MaxX => Shape.MaxX;

    /// <inheritdoc/>
    public override double MinY => Shape.MinY;

    /// <inheritdoc/>
    public override double MaxY => Shape.MaxY;

    /// <summary>Edges and trapezoids, made at first use.</summary>
    internal PolygonShape Shape => _shape ??= new PolygonShape(Outline, Holes);

    /// <summary>Whether a position is inside the outline and in no hole; exactly on an edge it can be either.</summary>
    public override bool Contains(Position position) => Shape.Contains(position.X, position.Y);

    /// <inheritdoc/>
    public override double Distance(in Position a, in Position b) => Straight(a, b);

    /// <summary>Equal corners in the same order, in the outline and in each hole.</summary>
    public bool Equals(Polygon? other)
    {
        if (other is null || !base.Equals(other) || !Frozen.Same(Outline, other.Outline)) return false;
        if (Holes is null || other.Holes is null) return ReferenceEquals(Holes, other.Holes);
        return Holes.Count == other.Holes.Count && Holes.Zip(other.Holes).All(pair => Frozen.Same(pair.First, pair.Second));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Frozen.Hash(Outline), Holes?.Count);

    private protected override void Check(Action<string, string> report)
    {
        if (_problems is null)
        {
            var found = new List<(string, string)>();
            PolygonCheck.Run(this, (what, fix) => found.Add((what, fix)));
            _problems = found;
        }
        foreach (var (what, fix) in _problems) report(what, fix);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        base.PrintMembers(builder);
        builder.Append(", Outline = ").Append(Outline?.Count ?? 0).Append(" corners, Holes = ").Append(Holes?.Count ?? 0);
        return true;
    }
}
