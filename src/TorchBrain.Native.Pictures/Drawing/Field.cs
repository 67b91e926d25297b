namespace TorchBrain.Native.Pictures;

/// <summary>The receptive field of one unit: its nodes, its centre of weight and the outline of its nodes.</summary>
/// <param name="Unit">Index of the unit.</param>
/// <param name="Size">Number of nodes.</param>
/// <param name="X">Centre, sheet units.</param>
/// <param name="Y">Centre, sheet units.</param>
/// <param name="Hull">Corners of the convex hull, sheet units, in order; on a torus they may lie beyond the sheet.</param>
sealed record Field(int Unit, int Size, float X, float Y, (float X, float Y)[] Hull)
{
    internal static int Count(ReadOnlySpan<float> weights, float threshold)
    {
        var count = 0;
        foreach (var weight in weights)
            if (weight >= threshold)
                count++;
        return count;
    }

    internal static Field Of(int unit, ReadOnlySpan<float> weights, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReceptiveFieldStyle style)
    {
        var centreX = Centre(weights, x, style.Threshold, style.PeriodX);
        var centreY = Centre(weights, y, style.Threshold, style.PeriodY);
        var nodes = new List<(float X, float Y)>();
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] >= style.Threshold)
                nodes.Add((centreX + Offset(x[i] - centreX, style.PeriodX), centreY + Offset(y[i] - centreY, style.PeriodY)));
        return new Field(unit, nodes.Count, centreX, centreY, Outline(nodes));
    }

    internal static float Offset(float difference, float? period) =>
        period is { } length ? difference - length * MathF.Round(difference / length) : difference;

    /// <summary>The mean place, weighted; on a circle the direction of the mean vector.</summary>
    static float Centre(ReadOnlySpan<float> weights, ReadOnlySpan<float> at, float threshold, float? period)
    {
        double sum = 0, total = 0, cosine = 0, sine = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= threshold))
                continue;
            // A threshold at or below 0 may let weights of 0 through; each node then counts a little.
            var weight = Math.Max(weights[i], 1e-6);
            total += weight;
            sum += weight * at[i];
            if (period is not { } length)
                continue;
            var (s, c) = Math.SinCos(2 * Math.PI * at[i] / length);
            (cosine, sine) = (cosine + weight * c, sine + weight * s);
        }
        if (period is not { } circle)
            return (float)(sum / total);
        var turn = Math.Atan2(sine, cosine) / (2 * Math.PI);
        // Of all equal places the one nearest to the plain mean, so that it lies on the sheet wherever that begins.
        var guess = turn * circle;
        return (float)(guess + circle * Math.Floor((NearStart(at, circle) - guess) / circle + 1));
    }

    static double NearStart(ReadOnlySpan<float> at, double circle)
    {
        var (low, high) = (float.MaxValue, float.MinValue);
        foreach (var value in at)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        // The sheet covers one period; the gap that the nodes leave is shared by both ends.
        return low - Math.Max(circle - (high - low), 0) / 2;
    }

    /// <summary>Convex hull, monotone chain.</summary>
    static (float X, float Y)[] Outline(List<(float X, float Y)> nodes)
    {
        nodes.Sort();
        if (nodes.Count < 3)
            return [.. nodes];
        var hull = new List<(float X, float Y)>();
        for (var side = 0; side < 2; side++)
        {
            var start = hull.Count;
            foreach (var node in nodes)
            {
                while (hull.Count >= start + 2 && Cross(hull[^2], hull[^1], node) <= 0)
                    hull.RemoveAt(hull.Count - 1);
                hull.Add(node);
            }
            hull.RemoveAt(hull.Count - 1);
            nodes.Reverse();
        }
        return [.. hull];

        static float Cross((float X, float Y) o, (float X, float Y) a, (float X, float Y) b) =>
            (a.X - o.X) * (b.Y - o.Y) - (a.Y - o.Y) * (b.X - o.X);
    }

    /// <summary>
    /// Up to <paramref name="wanted"/> fields spread over the sheet: each next one is the farthest from those chosen.
    /// Returned from top to bottom in rows of <paramref name="perRow"/>, each from left to right.
    /// </summary>
    internal static Field[] Spread(IReadOnlyList<Field> fields, int wanted, int perRow, float? periodX, float? periodY)
    {
        var nearest = new double[fields.Count];
        Array.Fill(nearest, double.MaxValue);
        var chosen = new List<Field>();
        for (var next = 0; next < fields.Count && chosen.Count < wanted;)
        {
            chosen.Add(fields[next]);
            nearest[next] = -1;
            var best = -1;
            for (var f = 0; f < fields.Count; f++)
            {
                if (nearest[f] < 0)
                    continue;
                var dx = Offset(fields[f].X - chosen[^1].X, periodX);
                var dy = Offset(fields[f].Y - chosen[^1].Y, periodY);
                nearest[f] = Math.Min(nearest[f], dx * dx + dy * dy);
                if (best < 0 || nearest[f] > nearest[best])
                    best = f;
            }
            if (best < 0)
                break;
            next = best;
        }
        return [.. chosen.OrderByDescending(field => field.Y).Chunk(perRow).SelectMany(row => row.OrderBy(field => field.X))];
    }
}
