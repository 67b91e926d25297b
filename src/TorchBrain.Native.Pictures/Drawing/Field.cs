namespace TorchBrain.Native.Pictures;

/// <summary>The receptive field of one unit: its nodes, and the centre and extent of its main lobe.</summary>
/// <param name="Unit">Index of the unit.</param>
/// <param name="Size">Number of nodes, in all lobes.</param>
/// <param name="X">Centre of the main lobe, sheet units.</param>
/// <param name="Y">Centre of the main lobe, sheet units.</param>
/// <param name="Rim">Points of an ellipse around the main lobe, sheet units, in order; on a torus they may lie beyond the sheet.</param>
sealed record Field(int Unit, int Size, float X, float Y, (float X, float Y)[] Rim)
{
    internal static int Count(ReadOnlySpan<float> weights, float threshold)
    {
        var count = 0;
        foreach (var weight in weights)
            if (weight >= threshold)
                count++;
        return count;
    }

    /// <param name="unit">Index of the unit.</param>
    /// <param name="weights">Its weights, one per node, at least one of them at the threshold.</param>
    /// <param name="x">Positions of the nodes.</param>
    /// <param name="y">Positions of the nodes.</param>
    /// <param name="sheet">The same nodes, for the extent of the sheet.</param>
    /// <param name="style">Threshold and periods.</param>
    internal static Field Of(int unit, ReadOnlySpan<float> weights, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Sheet sheet, ReceptiveFieldStyle style)
    {
        var nodes = new List<(float X, float Y, double Weight)>();
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] >= style.Threshold)
                nodes.Add((x[i], y[i], Math.Max(weights[i], 1e-6))); // a threshold at or below 0 lets weights of 0 through
        // One and a half times the radius of a disc with as many nodes: holds a lobe, not two of them.
        var reach = 1.5 * Math.Sqrt(nodes.Count * Math.Max(sheet.Area, 1e-12) / (weights.Length * Math.PI));
        var (centreX, centreY) = MainLobe(nodes, reach, style);
        for (var round = 0; round < 8; round++)
        {
            double sumX = 0, sumY = 0, total = 0;
            foreach (var node in nodes)
            {
                var (dx, dy) = (Offset(node.X - centreX, style.PeriodX), Offset(node.Y - centreY, style.PeriodY));
                if (dx * dx + dy * dy <= reach * reach)
                    (sumX, sumY, total) = (sumX + node.Weight * dx, sumY + node.Weight * dy, total + node.Weight);
            }
            if (total > 0)
                (centreX, centreY) = (centreX + (float)(sumX / total), centreY + (float)(sumY / total));
        }
        return new Field(unit, nodes.Count, Wrap(centreX, sheet.MinX, style.PeriodX), Wrap(centreY, sheet.MinY, style.PeriodY),
            Ellipse(nodes, Wrap(centreX, sheet.MinX, style.PeriodX), Wrap(centreY, sheet.MinY, style.PeriodY), reach, style));
    }

    /// <summary>The node with the most weight around it.</summary>
    static (float X, float Y) MainLobe(List<(float X, float Y, double Weight)> nodes, double reach, ReceptiveFieldStyle style)
    {
        var (most, at) = (0.0, 0);
        // Hundreds of candidates are enough, however large the field.
        var stride = Math.Max(1, nodes.Count / 500);
        for (var i = 0; i < nodes.Count; i += stride)
        {
            var around = 0.0;
            foreach (var node in nodes)
            {
                var (dx, dy) = (Offset(node.X - nodes[i].X, style.PeriodX), Offset(node.Y - nodes[i].Y, style.PeriodY));
                if (dx * dx + dy * dy <= reach * reach)
                    around += node.Weight;
            }
            if (around > most)
                (most, at) = (around, i);
        }
        return (nodes[at].X, nodes[at].Y);
    }

    internal static float Offset(float difference, float? period) =>
        period is { } length ? difference - length * MathF.Round(difference / length) : difference;

    static float Wrap(float at, float start, float? period) => period is { } length ? at - length * MathF.Floor((at - start) / length) : at;

    /// <summary>Twice the spread of the weights in every direction: for an even disc of weights exactly its rim.</summary>
    static (float X, float Y)[] Ellipse(List<(float X, float Y, double Weight)> nodes, float centreX, float centreY, double reach, ReceptiveFieldStyle style)
    {
        double xx = 0, xy = 0, yy = 0, total = 1e-12;
        foreach (var node in nodes)
        {
            var (dx, dy) = (Offset(node.X - centreX, style.PeriodX), Offset(node.Y - centreY, style.PeriodY));
            if (dx * dx + dy * dy > reach * reach)
                continue;
            xx += node.Weight * dx * dx;
            xy += node.Weight * dx * dy;
            yy += node.Weight * dy * dy;
            total += node.Weight;
        }
        (xx, xy, yy) = (xx / total, xy / total, yy / total);
        // Eigenvalues and direction of the 2 x 2 covariance.
        var (mean, half) = ((xx + yy) / 2, Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy));
        var (longest, shortest) = (2 * Math.Sqrt(mean + half), 2 * Math.Sqrt(Math.Max(mean - half, 0)));
        var (sine, cosine) = Math.SinCos(Math.Atan2(2 * xy, xx - yy) / 2);
        var rim = new (float X, float Y)[48];
        for (var k = 0; k < rim.Length; k++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * k / rim.Length);
            rim[k] = ((float)(centreX + longest * c * cosine - shortest * s * sine), (float)(centreY + longest * c * sine + shortest * s * cosine));
        }
        return rim;
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
