namespace TorchBrain.Native;

/// <summary>
/// Puts nodes on a <see cref="Geometry"/>. Uses IEEE arithmetic and <see cref="RandomSequence"/> only, so the positions are the same, bit for
/// bit, on every machine.
/// </summary>
public static class GeometrySampler
{
    // A draw fails for a disc in 21 % of cases and otherwise only by rounding, so reaching this means that nothing fits.
    const int MaxTries = 1000;

    /// <summary>Positions of all nodes, in the order of the nodes; every one is inside the geometry.</summary>
    /// <param name="geometry">Where; its <see cref="Geometry.Placement"/> says how. <see cref="Points"/> gives its own positions.</param>
    /// <param name="count">How many nodes, at least 1; for <see cref="Points"/> the number of its positions.</param>
    /// <param name="seed">The network's seed; a lattice does not depend on it.</param>
    /// <param name="stream">Names the purpose, see <see cref="RandomStream"/>; a lattice does not depend on it.</param>
    /// <exception cref="NetworkValidationException">The geometry is not valid; lists every problem.</exception>
    /// <exception cref="TorchBrainException">The count is not allowed, or the shape is too thin for single-precision positions.</exception>
    public static Position[] Sample(Geometry geometry, int count, ulong seed, uint stream)
    {
        ThrowIfInvalid(geometry);
        if (count < 1)
            throw new TorchBrainException(ErrorCode.EmptyPopulation, $"A count of {count} nodes was asked for; allowed is at least 1.", "Ask for at least one node.");
        if (count > Array.MaxLength)
            throw new TorchBrainException(ErrorCode.TooLarge, $"A count of {count} nodes was asked for; allowed are at most {Array.MaxLength}.", "Ask for fewer nodes.");
        if (geometry is Points points)
        {
            if (points.Positions.Count != count)
                throw new TorchBrainException(ErrorCode.IndexOutOfRange, $"{count} nodes were asked for, but Points has {points.Positions.Count} positions.",
                    "Make the number of nodes that of the positions.");
            return [.. points.Positions];
        }
        if (geometry.Placement == NodePlacement.Lattice)
            return geometry switch
            {
                Square s => Rows(s, count),
                Torus t => Periodic(t, count),
                Disc d => Sunflower(d, 0, d.Radius, count),
                Annulus a => Sunflower(a, a.InnerRadius, a.OuterRadius, count),
                Sphere s => Fibonacci(s, count),
                Polygon p => Hexagonal(p, count),
                _ => throw new InvalidOperationException($"No lattice for {geometry.GetType().Name}."),
            };
        var result = new Position[count];
        for (var i = 0; i < count; i++) result[i] = Draw(geometry, seed, stream, i);
        return result;
    }

    /// <summary>The position that <see cref="Sample"/> gives to one node under uniform placement, whatever the count; the lattice setting is ignored.</summary>
    /// <param name="geometry">Where.</param>
    /// <param name="index">Which node, at least 0; for <see cref="Points"/> below the number of its positions.</param>
    /// <param name="seed">The network's seed.</param>
    /// <param name="stream">Names the purpose, see <see cref="RandomStream"/>.</param>
    /// <exception cref="NetworkValidationException">The geometry is not valid; lists every problem.</exception>
    /// <exception cref="TorchBrainException">The index is not allowed, or the shape is too thin for single-precision positions.</exception>
    public static Position SampleNode(Geometry geometry, int index, ulong seed, uint stream)
    {
        ThrowIfInvalid(geometry);
        if (index < 0 || geometry is Points given && index >= given.Positions.Count)
            throw new TorchBrainException(ErrorCode.IndexOutOfRange, $"Node {index} was asked for, which the geometry does not have.",
                "Ask for an index from 0 to below the number of nodes.");
        return geometry is Points points ? points.Positions[index] : Draw(geometry, seed, stream, index);
    }

    static void ThrowIfInvalid(Geometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        List<Problem>? problems = null;
        geometry.Validate((what, fix) => (problems ??= []).Add(new Problem(ErrorCode.GeometryInvalid, geometry.GetType().Name, what, fix)));
        if (problems is not null) throw new NetworkValidationException(problems);
    }

    static Position Draw(Geometry geometry, ulong seed, uint stream, int index)
    {
        var random = new RandomSequence(seed, stream, (uint)index);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var position = geometry switch
            {
                Square s => At(s.Side * random.NextUniform(), s.Side * random.NextUniform()),
                Torus t => At(t.Width * random.NextUniform(), t.Height * random.NextUniform()),
                Disc d => At(d.Radius * Signed(ref random), d.Radius * Signed(ref random)),
                Annulus a => OnRing(a, ref random),
                Sphere s => OnSphere(s.Radius, ref random),
                Polygon p => At(p.Shape.Pick(random.NextUniform(), random.NextUniform(), random.NextUniform())),
                _ => throw new InvalidOperationException($"No uniform placement for {geometry.GetType().Name}."),
            };
            if (geometry.Contains(position)) return position;
        }
        throw TooThin(geometry, MaxTries);
    }

    static TorchBrainException TooThin(Geometry geometry, int tries) =>
        new(ErrorCode.GeometryInvalid, $"No place for a node was found in {tries} tries on {geometry}.",
            "Make the shape wider or move it nearer to the origin: positions are single precision.");

    static double Signed(ref RandomSequence random) => 2 * random.NextUniform() - 1;

    /// <summary>A point of the unit disc; its squared radius is uniform in (0, 1) and independent of its direction.</summary>
    static (double A, double B, double Square) InUnitDisc(ref RandomSequence random)
    {
        while (true)
        {
            double a = Signed(ref random), b = Signed(ref random), square = a * a + b * b;
            if (square < 1) return (a, b, square);
        }
    }

    static Position OnRing(Annulus ring, ref RandomSequence random)
    {
        var (a, b, square) = InUnitDisc(ref random);
        double inner = ring.InnerRadius * ring.InnerRadius, outer = ring.OuterRadius * ring.OuterRadius;
        var scale = Math.Sqrt((inner + square * (outer - inner)) / square);
        return At(a * scale, b * scale);
    }

    /// <summary>Marsaglia 1972: the height on a sphere is uniform.</summary>
    static Position OnSphere(double radius, ref RandomSequence random)
    {
        var (a, b, square) = InUnitDisc(ref random);
        var scale = 2 * radius * Math.Sqrt(1 - square);
        return new Position((float)(a * scale), (float)(b * scale), (float)(radius * (1 - 2 * square)));
    }

    static Position At(double x, double y) => new((float)x, (float)y, 0);

    static Position At(Point2 p) => At(p.X, p.Y);

    /// <summary>A float coordinate below a period, whatever the rounding.</summary>
    static float Below(double value, double period)
    {
        var rounded = (float)value;
        return rounded < period ? rounded : MathF.BitDecrement(rounded);
    }

    /// <summary>The number of rows of a grid whose cells are nearest to squares, and how far from squares they are (1 = squares).</summary>
    static (int Rows, double Aspect) BestGrid(double width, double height, int count)
    {
        var best = (Rows: 1, Aspect: double.PositiveInfinity);
        for (var d = 1; (long)d * d <= count; d++)
        {
            if (count % d != 0) continue;
            foreach (var rows in (ReadOnlySpan<int>)[d, count / d])
            {
                var cell = width * rows / (height * (count / rows));
                var aspect = Math.Max(cell, 1 / cell);
                if (aspect < best.Aspect) best = (rows, aspect);
            }
        }
        return best;
    }

    static Position[] Grid(double width, double height, int rows, int count)
    {
        var columns = count / rows;
        var result = new Position[count];
        for (var i = 0; i < count; i++)
            result[i] = new Position(Below((i % columns + 0.5) / columns * width, width), Below((i / columns + 0.5) / rows * height, height), 0);
        return result;
    }

    /// <summary>A grid where the count allows one; otherwise rows whose numbers differ by one, each as high as its share of the nodes.</summary>
    static Position[] Rows(Square square, int count)
    {
        var (gridRows, aspect) = BestGrid(square.Side, square.Side, count);
        if (aspect <= 1.25) return Grid(square.Side, square.Side, gridRows, count);
        var rows = Math.Max(1, (int)Math.Round(Math.Sqrt(count)));
        var result = new Position[count];
        var first = 0;
        for (var row = 0; row < rows; row++)
        {
            var end = (int)((long)(row + 1) * count / rows);
            var y = square.Side * (first + end) / (2.0 * count);
            for (var i = first; i < end; i++) result[i] = At(square.Side * (i - first + 0.5) / (end - first), y);
            first = end;
        }
        return result;
    }

    /// <summary>
    /// A grid where the count factors well. Otherwise a lattice of rank one, node i at (i/n, frac(i g/n)): it is exactly periodic for every
    /// count, each node sees the same neighbourhood, and g is chosen so that neighbours are as far apart as possible.
    /// </summary>
    static Position[] Periodic(Torus torus, int count)
    {
        var (rows, aspect) = BestGrid(torus.Width, torus.Height, count);
        if (aspect <= 1.25) return Grid(torus.Width, torus.Height, rows, count);
        var generator = 0;
        var widest = -1.0;
        for (var g = 0; g <= count / 2; g++)
        {
            var shortest = ShortestSquare(torus.Width / count, torus.Height * g / count, torus.Height);
            if (shortest > widest) (widest, generator) = (shortest, g);
        }
        var result = new Position[count];
        for (var i = 0; i < count; i++)
            result[i] = new Position(
                Below((i + 0.5) / count * torus.Width, torus.Width),
                Below(((long)i * generator % count + 0.5) / count * torus.Height, torus.Height), 0);
        return result;
    }

    /// <summary>Squared length of the shortest vector of the lattice spanned by (x, y) and (0, period): Gauss's reduction.</summary>
    static double ShortestSquare(double x, double y, double period)
    {
        double ax = x, ay = y, bx = 0, by = period;
        double a = ax * ax + ay * ay, b = by * by;
        while (true)
        {
            if (a > b) (ax, ay, a, bx, by, b) = (bx, by, b, ax, ay, a);
            var times = Math.Round((ax * bx + ay * by) / a);
            if (times == 0) return a;
            bx -= times * ax;
            by -= times * ay;
            var reduced = bx * bx + by * by;
            if (reduced >= b) return a; // only rounding is left
            b = reduced;
        }
    }

    /// <summary>Vogel's spiral: each node turns by the golden angle and takes an equal share of the area.</summary>
    static Position[] Sunflower(Geometry geometry, double inner, double outer, int count)
    {
        var result = new Position[count];
        if (count == 1 && inner == 0) return result;
        var middle = 0.5 * (inner + outer);
        for (var i = 0; i < count; i++)
        {
            var (sin, cos) = SetupMath.SinCosTurns(i * SetupMath.GoldenTurn);
            var radius = Math.Sqrt(inner * inner + (i + 0.5) / count * ((outer - inner) * (outer + inner)));
            var position = At(radius * cos, radius * sin);
            for (var tries = 0; !geometry.Contains(position); tries++) // by a rounding at the border
            {
                if (tries == MaxTries) throw TooThin(geometry, tries);
                radius += 0.01 * (middle - radius);
                position = At(radius * cos, radius * sin);
            }
            result[i] = position;
        }
        return result;
    }

    /// <summary>The golden angle from node to node, at evenly spaced heights.</summary>
    static Position[] Fibonacci(Sphere sphere, int count)
    {
        var result = new Position[count];
        for (var i = 0; i < count; i++)
        {
            var (sin, cos) = SetupMath.SinCosTurns(i * SetupMath.GoldenTurn);
            var z = 1 - (2.0 * i + 1) / count;
            var radius = sphere.Radius * Math.Sqrt((1 - z) * (1 + z));
            result[i] = new Position((float)(radius * cos), (float)(radius * sin), (float)(sphere.Radius * z));
        }
        return result;
    }

    /// <summary>
    /// The widest hexagonal grid that has enough nodes inside, found by bisection; of some shifts of it, the one with the fewest too many, which
    /// are left out at equal steps.
    /// </summary>
    static Position[] Hexagonal(Polygon polygon, int count)
    {
        const int Shifts = 64;
        var enough = Math.Sqrt(polygon.Area * 2 / (Math.Sqrt(3) * count));
        var nodes = new List<Position>();
        var tooFew = enough;
        for (var tries = 0; Fill(polygon, tooFew, 0, nodes) >= count && tries < 100; tries++) tooFew *= 1.1;
        for (var tries = 0; Fill(polygon, enough, 0, nodes) < count; tries++)
        {
            // Finer than 1/100 of the expected spacing, single precision can no longer tell the nodes apart.
            if (tries == 45) throw TooThin(polygon, tries);
            tooFew = enough;
            enough *= 0.9;
        }
        for (var step = 0; step < 40 && tooFew > enough * (1 + 1e-7); step++)
        {
            var spacing = 0.5 * (enough + tooFew);
            if (Fill(polygon, spacing, 0, nodes) >= count) enough = spacing;
            else tooFew = spacing;
        }
        var best = new List<Position>();
        for (var shift = 0; shift < Shifts && best.Count != count; shift++)
        {
            Fill(polygon, enough, shift, nodes);
            if (nodes.Count >= count && (best.Count == 0 || nodes.Count < best.Count)) (best, nodes) = (nodes, best);
        }
        var result = new Position[count];
        for (var i = 0; i < count; i++) result[i] = best[(int)((2L * i + 1) * best.Count / (2L * count))];
        return result;
    }

    /// <summary>Lists the nodes of a hexagonal grid that are inside, row by row, and returns how many there are.</summary>
    static int Fill(Polygon polygon, double spacing, int shift, List<Position> nodes)
    {
        nodes.Clear();
        var shape = polygon.Shape;
        var crossings = new List<double>();
        var height = spacing * Math.Sqrt(3) / 2;
        // Shifts spread evenly over a cell: multiples of the plastic number's inverse and its square.
        double startX = 0.5 * (shape.MinX + shape.MaxX) + Fraction(shift * 0.7548776662466927) * spacing;
        double startY = 0.5 * (shape.MinY + shape.MaxY) + Fraction(shift * 0.5698402909980532) * height;
        var lastRow = (int)Math.Floor((shape.MaxY - startY) / height) + 1;
        for (var row = (int)Math.Ceiling((shape.MinY - startY) / height) - 1; row <= lastRow; row++)
        {
            var y = (float)(startY + row * height);
            var offset = startX + (row & 1) * 0.5 * spacing;
            shape.Crossings(y, crossings);
            for (var k = 0; k + 1 < crossings.Count; k += 2)
            {
                double left = crossings[k], right = crossings[k + 1];
                for (var column = (long)Math.Floor((left - offset) / spacing); ; column++)
                {
                    var x = (float)(offset + column * spacing);
                    if (x >= right) break;
                    if (x >= left) nodes.Add(new Position(x, y, 0));
                }
            }
        }
        return nodes.Count;
    }

    static double Fraction(double value) => value - Math.Floor(value);
}
