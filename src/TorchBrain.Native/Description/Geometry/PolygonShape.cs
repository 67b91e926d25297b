namespace TorchBrain.Native;

/// <summary>
/// A polygon with holes, prepared for questions: edges for inside tests and scan lines, disjoint trapezoids for drawing by area.
/// Works for any corners; the answers are only meaningful for those that pass <see cref="PolygonCheck"/>.
/// </summary>
sealed class PolygonShape
{
    readonly Edge[] _edges;
    Trapezoid[]? _trapezoids;
    double[] _cumulative = [];

    internal PolygonShape(IReadOnlyList<Point2>? outline, IReadOnlyList<IReadOnlyList<Point2>>? holes)
    {
        outline ??= [];
        MinX = outline.Count == 0 ? 0 : outline.Min(p => p.X);
        MaxX = outline.Count == 0 ? 0 : outline.Max(p => p.X);
        MinY = outline.Count == 0 ? 0 : outline.Min(p => p.Y);
        MaxY = outline.Count == 0 ? 0 : outline.Max(p => p.Y);
        Area = RingArea(outline);
        var edges = new List<Edge>();
        AddEdges(outline, edges);
        foreach (var hole in holes ?? [])
        {
            if (hole is null) continue;
            Area -= RingArea(hole);
            AddEdges(hole, edges);
        }
        _edges = [.. edges.OrderBy(e => e.LowY)];
    }

    internal double Area { get; }
    internal double MinX { get; }
    internal double MaxX { get; }
    internal double MinY { get; }
    internal double MaxY { get; }

    /// <summary>Area inside one closed ring of corners, at least 0.</summary>
    internal static double RingArea(IReadOnlyList<Point2> ring)
    {
        var twice = 0.0;
        for (var i = 1; i + 1 < ring.Count; i++) // relative to corner 0, so that a far-away polygon loses no digits
            twice += (ring[i].X - ring[0].X) * (ring[i + 1].Y - ring[0].Y) - (ring[i + 1].X - ring[0].X) * (ring[i].Y - ring[0].Y);
        return Math.Abs(twice) / 2;
    }

    /// <summary>Whether an odd number of edges lies to the right.</summary>
    internal bool Contains(double x, double y)
    {
        var inside = false;
        foreach (var edge in _edges)
        {
            if (edge.LowY > y) break; // edges are ordered
            if (y < edge.HighY && x < edge.At(y)) inside = !inside;
        }
        return inside && double.IsFinite(x);
    }

    /// <summary>
    /// Where a horizontal line meets the edges, ascending. A position on the line is inside exactly when it is at or right of an even-numbered
    /// entry and left of the next: the same arithmetic as <see cref="Contains"/>.
    /// </summary>
    internal void Crossings(double y, List<double> result)
    {
        result.Clear();
        foreach (var edge in _edges)
        {
            if (edge.LowY > y) break;
            if (y < edge.HighY) result.Add(edge.At(y));
        }
        result.Sort();
    }

    /// <summary>A point uniform by area from three uniform numbers in (0, 1). May leave the polygon by a rounding.</summary>
    internal Point2 Pick(double which, double up, double along)
    {
        var trapezoids = _trapezoids ?? Decompose();
        var index = Array.BinarySearch(_cumulative, which * _cumulative[^1]);
        if (index < 0) index = ~index;
        var t = trapezoids[Math.Min(index, trapezoids.Length - 1)];
        double low = t.Width(t.LowY), high = t.Width(t.HighY);
        // Inverse of the cumulative area of a trapezoid, in the form that loses no digits when both widths are equal.
        var part = up * (low + high) / (low + Math.Sqrt(low * low + up * (high * high - low * low)));
        var y = t.LowY + part * (t.HighY - t.LowY);
        var left = t.Left.At(y);
        return new Point2(left + along * (t.Right.At(y) - left), y);
    }

    /// <summary>
    /// Cuts the polygon at the heights of all corners. Between two heights no edges meet, so that sorted edges bound trapezoids in pairs;
    /// a pair that continues into the next slab continues its trapezoid, which keeps the number of trapezoids near that of the corners.
    /// </summary>
    Trapezoid[] Decompose()
    {
        var heights = _edges.SelectMany(e => new[] { e.LowY, e.HighY }).Distinct().Order().ToArray();
        var result = new List<Trapezoid>();
        var open = new Dictionary<(Edge, Edge), int>();
        var active = new List<Edge>();
        var next = 0;
        for (var k = 0; k + 1 < heights.Length; k++)
        {
            double low = heights[k], high = heights[k + 1], middle = 0.5 * (low + high);
            active.RemoveAll(e => e.HighY <= low);
            while (next < _edges.Length && _edges[next].LowY <= low) active.Add(_edges[next++]);
            active.Sort((a, b) => a.At(middle).CompareTo(b.At(middle)));
            var continued = new Dictionary<(Edge, Edge), int>();
            for (var i = 0; i + 1 < active.Count; i += 2)
            {
                var pair = (active[i], active[i + 1]);
                if (open.TryGetValue(pair, out var index))
                    result[index] = result[index] with { HighY = high };
                else
                {
                    index = result.Count;
                    result.Add(new Trapezoid(pair.Item1, pair.Item2, low, high));
                }
                continued[pair] = index;
            }
            open = continued;
        }
        var total = 0.0;
        _cumulative = [.. result.Select(t => total += Math.Max(0, 0.5 * (t.Width(t.LowY) + t.Width(t.HighY)) * (t.HighY - t.LowY)))];
        return _trapezoids = [.. result];
    }

    static void AddEdges(IReadOnlyList<Point2> ring, List<Edge> edges)
    {
        for (var i = 0; i < ring.Count; i++)
        {
            Point2 a = ring[i], b = ring[(i + 1) % ring.Count];
            if (a.Y > b.Y) (a, b) = (b, a);
            if (a.Y < b.Y) edges.Add(new Edge(a.X, a.Y, b.Y, (b.X - a.X) / (b.Y - a.Y)));
        }
    }

    /// <summary>An edge that is not horizontal, from its lower to its upper end.</summary>
    readonly record struct Edge(double LowX, double LowY, double HighY, double Slope)
    {
        internal double At(double y) => LowX + (y - LowY) * Slope;
    }

    readonly record struct Trapezoid(Edge Left, Edge Right, double LowY, double HighY)
    {
        internal double Width(double y) => Math.Max(0, Right.At(y) - Left.At(y));
    }
}
