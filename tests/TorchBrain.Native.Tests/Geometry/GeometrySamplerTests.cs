using CsCheck;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

public class GeometrySamplerTests
{
    static readonly Gen<int> Counts = Gen.OneOf(Gen.Int[1, 12], Gen.Int[13, 400]);

    [Test]
    public void Every_node_is_inside_and_there_are_as_many_as_asked() =>
        Gen.Select(Shapes.All, Counts, Gen.ULong, Gen.Enum<NodePlacement>()).Sample((shape, count, seed, placement) =>
        {
            var geometry = shape with { Placement = placement };
            Assert.That(Shapes.Problems(geometry), Is.Empty);
            var p = GeometrySampler.Sample(geometry, count, seed, Shapes.Stream);
            Assert.That(p, Has.Length.EqualTo(count));
            foreach (var node in p) Assert.That(geometry.Contains(node), $"{node} is outside {geometry}");
            if (placement == NodePlacement.Lattice) Assert.That(p.Distinct().Count(), Is.EqualTo(count), "no two nodes in one place");
        }, iter: 1500);

    [Test]
    public void A_node_is_the_same_whatever_the_count() =>
        Gen.Select(Shapes.All, Gen.Int[1, 60], Gen.Int[61, 200], Gen.ULong).Sample((geometry, few, many, seed) =>
        {
            var long_ = GeometrySampler.Sample(geometry, many, seed, Shapes.Stream);
            Assert.That(GeometrySampler.Sample(geometry, few, seed, Shapes.Stream), Is.EqualTo(long_[..few]));
            Assert.That(GeometrySampler.SampleNode(geometry, few, seed, Shapes.Stream), Is.EqualTo(long_[few]));
            Assert.That(GeometrySampler.Sample(geometry, few, seed, Shapes.Stream + 1), Is.Not.EqualTo(long_[..few]));
            Assert.That(GeometrySampler.Sample(geometry, few, seed + 1, Shapes.Stream), Is.Not.EqualTo(long_[..few]));
        }, iter: 200);

    [Test]
    public void Positions_are_the_recorded_ones()
    {
        // Guards the promise that a seed means the same network in every version and on every machine.
        var hash = new System.IO.Hashing.XxHash64();
        foreach (var shape in Shapes.Examples)
            foreach (var placement in Enum.GetValues<NodePlacement>())
                foreach (var p in GeometrySampler.Sample(shape with { Placement = placement }, 101, 2024, Shapes.Stream))
                {
                    hash.Append(BitConverter.GetBytes(p.X));
                    hash.Append(BitConverter.GetBytes(p.Y));
                    hash.Append(BitConverter.GetBytes(p.Z));
                }
        Assert.That(hash.GetCurrentHashAsUInt64().ToString("x16"), Is.EqualTo("1471602d3ae3d5f3"));
    }

    /// <summary>Cells of equal area for each shape: a number from 0 to below 64.</summary>
    static IEnumerable<TestCaseData> Cells()
    {
        static int Cut(double share, int parts) => Math.Clamp((int)(share * parts), 0, parts - 1);
        static double Turn(Position p) => Math.Atan2(p.Y, p.X) / (2 * Math.PI) + 0.5;
        static TestCaseData Case(Geometry g, Func<Position, int> cell, int cells) => new TestCaseData(g, cell, cells).SetArgDisplayNames(g.ToString());
        yield return Case(new Square(28), p => Cut(p.X / 28, 8) * 8 + Cut(p.Y / 28, 8), 64);
        yield return Case(new Torus(30, 20), p => Cut(p.X / 30, 8) * 8 + Cut(p.Y / 20, 8), 64);
        yield return Case(new Disc(3), p => Cut((p.X * p.X + p.Y * p.Y) / 9, 8) * 8 + Cut(Turn(p), 8), 64);
        yield return Case(new Annulus(2, 3), p => Cut((p.X * p.X + p.Y * p.Y - 4) / 5, 8) * 8 + Cut(Turn(p), 8), 64);
        yield return Case(new Sphere(2), p => Cut((p.Z / 2 + 1) / 2, 8) * 8 + Cut(Turn(p), 8), 64);
        yield return Case(Shapes.LShape, p => Cut(p.Y / 5, 5) * 6 + Cut(p.X / 6, 6), 30); // unit squares, 12 of them outside
        yield return Case(new Polygon([new(-3, 1), new(3, 1), new(0, 7)]), p => // similar triangles: area shares are squares of heights
            Cut((7 - p.Y) * (7 - p.Y) / 36, 8) * 8 + Cut((p.X / ((7 - p.Y) / 6) + 3) / 6, 8), 64);
    }

    [TestCaseSource(nameof(Cells))]
    public void Random_nodes_are_uniform_by_area(Geometry geometry, Func<Position, int> cell, int cells)
    {
        const int Nodes = 64_000;
        var counts = new int[cells];
        foreach (var p in GeometrySampler.Sample(geometry, Nodes, 99, Shapes.Stream)) counts[cell(p)]++;
        var used = counts.Where(c => c > 0).ToArray();
        if (geometry is Polygon { Outline.Count: 6 }) Assert.That(used, Has.Length.EqualTo(18));
        else Assert.That(used, Has.Length.EqualTo(cells));
        var expected = (double)Nodes / used.Length;
        var chi2 = used.Sum(c => (c - expected) * (c - expected) / expected);
        Assert.That(Shapes.ChiSquareP(chi2, used.Length - 1), Is.InRange(1e-3, 1 - 1e-3), $"chi-square {chi2} of {used.Length} cells");
    }

    [Test]
    public void Random_nodes_of_a_polygon_with_holes_are_uniform_by_area()
    {
        // Cells of a fine raster that are wholly inside must be hit alike; those on an edge are left out.
        const int Nodes = 100_000;
        var frame = Shapes.Frame;
        var counts = new int[16, 12];
        foreach (var p in GeometrySampler.Sample(frame, Nodes, 3, Shapes.Stream)) counts[(int)(p.X * 2), (int)(p.Y * 2)]++;
        double chi2 = 0, expected = Nodes * 0.25 / frame.Area;
        var cells = 0;
        for (var x = 0; x < 16; x++)
            for (var y = 0; y < 12; y++)
            {
                if (Enumerable.Range(0, 25).Any(k => !frame.Contains(new((x + 0.002f + k % 5 * 0.249f) / 2, (y + 0.002f + k / 5 * 0.249f) / 2, 0)))) continue;
                cells++;
                chi2 += (counts[x, y] - expected) * (counts[x, y] - expected) / expected;
            }
        Assert.That(cells, Is.GreaterThan(120));
        Assert.That(Shapes.ChiSquareP(chi2, cells), Is.InRange(1e-3, 1 - 1e-3));
    }

    static IEnumerable<TestCaseData> Evenness()
    {
        foreach (var count in (int[])[50, 64, 97, 300, 997, 1500])
        {
            yield return new(new Square(28), count, 0.12);
            yield return new(new Torus(30, 20), count, 1e-5);
            yield return new(new Torus(1, 7), count, 1e-5);
            yield return new(new Disc(14), count, 0.10);
            yield return new(new Annulus(5, 14), count, 0.10);
            yield return new(new Sphere(9), count, 0.10);
            yield return new(Shapes.LShape, count, 0.10);
            yield return new(Shapes.Frame, count, 0.10);
        }
    }

    [TestCaseSource(nameof(Evenness))]
    public void Lattice_nodes_have_neighbours_at_even_distances(Geometry shape, int count, double band)
    {
        var nodes = GeometrySampler.Sample(shape with { Placement = NodePlacement.Lattice }, count, 0, 0);
        var nearest = Shapes.NearestNeighbours(shape, nodes);
        Assert.That(Shapes.Variation(nearest), Is.LessThan(band));
        // No grid is denser than the hexagonal one; random nodes would have a mean of 0.5 spacings.
        var spacing = Math.Sqrt(shape.Area / count);
        Assert.That(nearest.Average() / spacing, Is.InRange(0.78, 1.15));
        Assert.That(nearest.Min() / spacing, Is.GreaterThan(0.5));
    }

    [Test]
    public void A_torus_lattice_is_the_same_seen_from_each_node() =>
        Gen.Select(Shapes.Tori, Gen.Int[2, 300]).Sample((torus, count) =>
        {
            var nodes = GeometrySampler.Sample(torus with { Placement = NodePlacement.Lattice }, count, 0, 0);
            double[] Seen(Position from) => [.. nodes.Select(p => torus.Distance(from, p)).Order()];
            var first = Seen(nodes[0]);
            foreach (var node in nodes)
            {
                var seen = Seen(node);
                for (var i = 0; i < count; i++) Assert.That(seen[i], Is.EqualTo(first[i]).Within(2e-6 * (torus.Width + torus.Height)));
            }
        }, iter: 60);

    [Test]
    public void Torus_lattice_neighbours_across_the_seam_are_as_close_as_inside()
    {
        foreach (var (torus, count, rows) in ((Torus, int, int)[])[(new(30, 20), 600, 20), (new(16, 16), 256, 16), (new(40, 10), 400, 10)])
        {
            var nodes = GeometrySampler.Sample(torus with { Placement = NodePlacement.Lattice }, count, 0, 0);
            int columns = count / rows;
            for (var i = 0; i < count; i++)
            {
                int row = i / columns, column = i % columns;
                Assert.That(torus.Distance(nodes[i], nodes[row * columns + (column + 1) % columns]), Is.EqualTo(1).Within(1e-5), "right");
                Assert.That(torus.Distance(nodes[i], nodes[(row + 1) % rows * columns + column]), Is.EqualTo(1).Within(1e-5), "up");
            }
        }
    }

    [Test]
    public void A_square_number_on_a_square_is_a_square_grid()
    {
        var nodes = GeometrySampler.Sample(new Square(4) { Placement = NodePlacement.Lattice }, 16, 0, 0);
        for (var i = 0; i < 16; i++) Assert.That(nodes[i], Is.EqualTo(new Position(i % 4 + 0.5f, i / 4 + 0.5f, 0)));
    }

    [Test]
    public void One_node_is_in_the_middle()
    {
        Position One(Geometry g) => GeometrySampler.Sample(g with { Placement = NodePlacement.Lattice }, 1, 0, 0)[0];
        Assert.That(One(new Square(4)), Is.EqualTo(new Position(2, 2, 0)));
        Assert.That(One(new Disc(4)), Is.EqualTo(new Position(0, 0, 0)));
        Assert.That(One(new Polygon([new(0, 0), new(4, 0), new(4, 2), new(0, 2)])), Is.EqualTo(new Position(2, 1, 0)));
    }

    [Test]
    public void Every_count_up_to_200_fits_a_polygon()
    {
        foreach (var polygon in (Polygon[])[Shapes.LShape, Shapes.Frame])
            for (var count = 1; count <= 200; count++)
            {
                var nodes = GeometrySampler.Sample(polygon with { Placement = NodePlacement.Lattice }, count, 0, 0);
                Assert.That(nodes.Distinct().Count(), Is.EqualTo(count));
                Assert.That(nodes, Is.All.Matches<Position>(polygon.Contains));
            }
    }

    [Test]
    public void Large_counts_take_seconds_at_most()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var shape in Shapes.Examples)
            foreach (var placement in Enum.GetValues<NodePlacement>())
                Assert.That(GeometrySampler.Sample(shape with { Placement = placement }, 200_003, 1, 1), Has.Length.EqualTo(200_003));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }
}
