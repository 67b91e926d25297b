namespace TorchBrain.Native;

/// <summary>Finds what is wrong with the corners of a polygon.</summary>
static class PolygonCheck
{
    internal static void Run(Polygon polygon, Action<string, string> report)
    {
        var sound = CheckRing("Outline", polygon.Outline, report);
        if (polygon.Holes is null)
        {
            report("Holes is null.", "Leave Holes out when there are none.");
            return;
        }
        var holes = polygon.Holes;
        for (var i = 0; i < holes.Count; i++) sound &= CheckRing($"Holes[{i}]", holes[i], report);
        if (!sound) return; // areas and nesting of broken rings mean nothing

        for (var i = 0; i < holes.Count; i++)
        {
            if (Meet(holes[i], polygon.Outline) || !Inside(holes[i][0], polygon.Outline))
            {
                sound = false;
                report($"Holes[{i}] is not wholly inside Outline.", "Move or shrink the hole; to cut a bay, change Outline instead.");
            }
            for (var j = 0; j < i; j++)
                if (Meet(holes[i], holes[j]) || Inside(holes[i][0], holes[j]) || Inside(holes[j][0], holes[i]))
                {
                    sound = false;
                    report($"Holes[{i}] and Holes[{j}] overlap or touch.", "Join them into one hole, or move them apart.");
                }
        }
        if (sound) CheckWidth(polygon, report);
    }

    static bool CheckRing(string name, IReadOnlyList<Point2> ring, Action<string, string> report)
    {
        if (ring is null || ring.Count < 3)
        {
            report($"{name} has {ring?.Count ?? 0} corners; allowed are at least 3.", $"Give {name} its corners in order.");
            return false;
        }
        if (ring.Count > Polygon.MaxCorners)
        {
            report($"{name} has {ring.Count} corners; allowed are at most {Polygon.MaxCorners}, all rings together.", "Leave out corners that lie nearly on a line.");
            return false;
        }
        var sound = true;
        for (var i = 0; i < ring.Count; i++)
            if (!(Math.Abs(ring[i].X) <= Geometry.MaxSize && Math.Abs(ring[i].Y) <= Geometry.MaxSize))
            {
                sound = false;
                report($"{name}[{i}] is ({ring[i].X}, {ring[i].Y}); allowed are coordinates from {-Geometry.MaxSize} to {Geometry.MaxSize}.",
                    "Give every corner finite coordinates.");
            }
        if (!sound) return false;
        for (var i = 0; i < ring.Count; i++)
        {
            var next = (i + 1) % ring.Count;
            if (ring[i] != ring[next]) continue;
            sound = false;
            report($"{name}[{next}] repeats {name}[{i}].", "Give each corner once; the outline closes by itself.");
        }
        if (!sound) return false;
        var size = Math.Max(ring.Max(p => p.X) - ring.Min(p => p.X), ring.Max(p => p.Y) - ring.Min(p => p.Y));
        if (PolygonShape.RingArea(ring) <= 1e-12 * size * size)
        {
            report($"{name} encloses no area.", "Its corners must not lie on one line.");
            sound = false;
        }
        int crossings = 0, a = 0, b = 0;
        for (var i = 0; i < ring.Count; i++)
            for (var j = i + 1; j < ring.Count; j++)
                if (EdgesClash(ring, i, j) && crossings++ == 0)
                    (a, b) = (i, j);
        if (crossings > 0)
        {
            sound = false;
            report($"{name} crosses or touches itself: the edge after corner {a} meets the edge after corner {b}"
                + (crossings > 1 ? $", and {crossings - 1} more such pairs." : "."), "Give the corners in order around the shape.");
        }
        return sound;
    }

    /// <summary>Positions are single precision: the sheet must be wide against the rounding of its own coordinates.</summary>
    static void CheckWidth(Polygon polygon, Action<string, string> report)
    {
        var corners = polygon.Outline.Count + polygon.Holes.Sum(h => h.Count);
        if (corners > Polygon.MaxCorners)
            report($"Outline and Holes have {corners} corners; allowed are at most {Polygon.MaxCorners}, all rings together.",
                "Leave out corners that lie nearly on a line.");
        var size = Math.Max(polygon.MaxX - polygon.MinX, polygon.MaxY - polygon.MinY);
        if (size < Geometry.MinSize)
            report($"The polygon is {size} wide; allowed are {Geometry.MinSize} to {Geometry.MaxSize} sheet units.", "Use a larger outline.");
        var reach = Math.Max(Math.Max(Math.Abs(polygon.MinX), Math.Abs(polygon.MaxX)), Math.Max(Math.Abs(polygon.MinY), Math.Abs(polygon.MaxY)));
        if (polygon.Area / size < Geometry.MinRelativeWidth * reach)
            report($"The polygon (area {polygon.Area}, longest side {size}) is too thin for single-precision positions at coordinates up to {reach}.",
                "Move it nearer to the origin, or make it wider.");
    }

    static bool EdgesClash(IReadOnlyList<Point2> ring, int i, int j)
    {
        var n = ring.Count;
        Point2 a = ring[i], b = ring[(i + 1) % n], c = ring[j], d = ring[(j + 1) % n];
        if (j == i + 1) return Cross(a, b, d) == 0 && Dot(b, a, d) > 0; // neighbours clash only when the second runs back over the first
        if (i == 0 && j == n - 1) return Cross(c, a, b) == 0 && Dot(a, c, b) > 0;
        return SegmentsMeet(a, b, c, d);
    }

    static bool Meet(IReadOnlyList<Point2> first, IReadOnlyList<Point2> second)
    {
        for (var i = 0; i < first.Count; i++)
            for (var j = 0; j < second.Count; j++)
                if (SegmentsMeet(first[i], first[(i + 1) % first.Count], second[j], second[(j + 1) % second.Count]))
                    return true;
        return false;
    }

    static bool Inside(Point2 p, IReadOnlyList<Point2> ring)
    {
        var inside = false;
        for (var i = 0; i < ring.Count; i++)
        {
            Point2 a = ring[i], b = ring[(i + 1) % ring.Count];
            if (a.Y > b.Y) (a, b) = (b, a);
            if (a.Y <= p.Y && p.Y < b.Y && Cross(a, b, p) > 0) inside = !inside;
        }
        return inside;
    }

    static bool SegmentsMeet(Point2 a, Point2 b, Point2 c, Point2 d)
    {
        if (Math.Max(a.X, b.X) < Math.Min(c.X, d.X) || Math.Max(c.X, d.X) < Math.Min(a.X, b.X)
            || Math.Max(a.Y, b.Y) < Math.Min(c.Y, d.Y) || Math.Max(c.Y, d.Y) < Math.Min(a.Y, b.Y))
            return false;
        return Math.Sign(Cross(a, b, c)) * Math.Sign(Cross(a, b, d)) <= 0 && Math.Sign(Cross(c, d, a)) * Math.Sign(Cross(c, d, b)) <= 0;
    }

    static double Cross(Point2 o, Point2 a, Point2 b) => (a.X - o.X) * (b.Y - o.Y) - (a.Y - o.Y) * (b.X - o.X);

    static double Dot(Point2 o, Point2 a, Point2 b) => (a.X - o.X) * (b.X - o.X) + (a.Y - o.Y) * (b.Y - o.Y);
}
