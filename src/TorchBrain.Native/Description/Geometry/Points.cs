using System.Text;

namespace TorchBrain.Native;

/// <summary>
/// Nodes at given positions, measured by the metric of another geometry: for networks that grow, and for positions from elsewhere.
/// Area, extents, distance and what is inside are those of <see cref="Metric"/>.
/// </summary>
/// <param name="Positions">One per node, at least one, all finite and inside <see cref="Metric"/>; copied.</param>
public sealed record Points(IReadOnlyList<Position> Positions) : Geometry
{
    IReadOnlyList<(string What, string Fix)>? _problems;

    // The cached problems must not travel into a copy made by "with".
    Points(Points original) : base(original)
    {
        Positions = original.Positions;
        Metric = original.Metric;
    }

    /// <summary>One per node, in the order of the nodes.</summary>
    public IReadOnlyList<Position> Positions
    {
        get;
        init => field = Frozen.Copy(value);
    } = Frozen.Copy(Positions);

    /// <summary>The geometry that measures; not itself a <see cref="Points"/>.</summary>
    public required Geometry Metric { get; init; }

    /// <inheritdoc/>
    public override double Area => Metric.Area;

    /// <inheritdoc/>
    public override double MinX => Metric.MinX;

    /// <inheritdoc/>
    public override double MaxX => Metric.MaxX;

    /// <inheritdoc/>
    public override double MinY => Metric.MinY;

    /// <inheritdoc/>
    public override double MaxY => Metric.MaxY;

    /// <inheritdoc/>
    public override double MinZ => Metric.MinZ;

    /// <inheritdoc/>
    public override double MaxZ => Metric.MaxZ;

    /// <inheritdoc/>
    public override bool Contains(Position position) => Metric.Contains(position);

    /// <inheritdoc/>
    public override double Distance(in Position a, in Position b) => Metric.Distance(a, b);

    /// <summary>Equal positions in the same order, and an equal metric.</summary>
    public bool Equals(Points? other) =>
        other is not null && base.Equals(other) && Equals(Metric, other.Metric) && Frozen.Same(Positions, other.Positions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Metric, Frozen.Hash(Positions));

    private protected override void Check(Action<string, string> report)
    {
        if (_problems is null)
        {
            var found = new List<(string, string)>();
            Find((what, fix) => found.Add((what, fix)));
            _problems = found;
        }
        foreach (var (what, fix) in _problems) report(what, fix);
    }

    void Find(Action<string, string> report)
    {
        var metricUsable = false;
        if (Metric is null)
            report("Metric is null.", "Set Metric to the geometry that measures distances, for example new Square(28).");
        else if (Metric is Points)
            report("Metric is itself a Points.", "Use the Metric of that one.");
        else
        {
            metricUsable = true;
            Metric.Validate((what, fix) =>
            {
                metricUsable = false;
                report("Metric: " + what, fix);
            });
        }
        if (Positions is null || Positions.Count == 0)
        {
            report("Positions is empty; allowed is at least one position.", "Give one position per node.");
            return;
        }
        int bad = 0, firstBad = -1, outside = 0, firstOutside = -1;
        for (var i = 0; i < Positions.Count; i++)
        {
            var p = Positions[i];
            if (!(float.IsFinite(p.X) && float.IsFinite(p.Y) && float.IsFinite(p.Z)))
            {
                if (bad++ == 0) firstBad = i;
            }
            else if (metricUsable && !Metric!.Contains(p) && outside++ == 0)
                firstOutside = i;
        }
        if (bad > 0)
            report($"{bad} of {Positions.Count} positions are NaN or infinite; the first is Positions[{firstBad}].", "Give every node a finite position.");
        if (outside > 0)
            report($"{outside} of {Positions.Count} positions lie outside Metric; the first is Positions[{firstOutside}] = {Positions[firstOutside]}.",
                "Move them inside, or use a larger Metric.");
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append("Positions = ").Append(Positions?.Count ?? 0).Append(", Metric = ").Append(Metric);
        return true;
    }
}
