using NUnit.Framework;

namespace TorchBrain.Native.Tests;

public class GeometryValidationTests
{
    static readonly double[] BadSizes = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, -1, 1e-300, 1e300];

    [Test]
    public void Usable_geometries_have_no_problems()
    {
        foreach (var g in Shapes.Examples) Assert.That(Shapes.Problems(g), Is.Empty, g.ToString());
        foreach (var size in (double[])[Geometry.MinSize, Geometry.MaxSize])
            foreach (var g in (Geometry[])[new Square(size), new Disc(size), new Torus(size, size), new Sphere(size)])
            {
                Assert.That(Shapes.Problems(g), Is.Empty, g.ToString());
                foreach (var placement in Enum.GetValues<NodePlacement>())
                    Assert.That(GeometrySampler.Sample(g with { Placement = placement }, 17, 1, 1), Is.All.Matches<Position>(g.Contains));
            }
    }

    [TestCaseSource(nameof(BadSizes))]
    public void Bad_sizes_are_found(double bad)
    {
        Assert.That(Shapes.Problems(new Square(bad)), Has.Length.EqualTo(1).And.All.StartsWith("Side is"));
        Assert.That(Shapes.Problems(new Disc(bad)), Has.Length.EqualTo(1));
        Assert.That(Shapes.Problems(new Sphere(bad)), Has.Length.EqualTo(1));
        Assert.That(Shapes.Problems(new Torus(bad, bad)), Has.Length.EqualTo(2), "both at once");
        Assert.That(Shapes.Problems(new Torus(1, bad)), Has.Length.EqualTo(1).And.All.StartsWith("Height is"));
        Assert.That(Shapes.Problems(new Annulus(bad, bad)), Has.Length.EqualTo(2));
        Assert.That(Shapes.Problems(new Annulus(1, bad)), Has.Length.EqualTo(1).And.All.StartsWith("OuterRadius is"));
        Assert.That(Shapes.Problems(new Square(bad) { Placement = (NodePlacement)9 }), Has.Length.EqualTo(2));
        Assert.That(Shapes.Problems(new Points([new(1, 1, 0)]) { Metric = new Square(bad) }), Has.Length.EqualTo(1).And.All.StartsWith("Metric: Side is"));
        Assert.That(() => GeometrySampler.Sample(new Torus(bad, bad), 4, 1, 1),
            Throws.TypeOf<NetworkValidationException>().With.Property("Code").EqualTo(ErrorCode.GeometryInvalid).And.Property("Problems").Count.EqualTo(2));
    }

    [Test]
    public void Radii_in_the_wrong_order_are_found()
    {
        Assert.That(Shapes.Problems(new Annulus(2, 1)), Has.Length.EqualTo(1).And.All.Contains("not smaller"));
        Assert.That(Shapes.Problems(new Annulus(2, 2)), Has.Length.EqualTo(1).And.All.Contains("not smaller"));
        Assert.That(Shapes.Problems(new Annulus(2, 2.000001)), Has.Length.EqualTo(1).And.All.Contains("too thin"));
    }

    static IEnumerable<TestCaseData> BadOutlines()
    {
        static TestCaseData Case(string name, string expected, params Point2[] outline) => new TestCaseData(outline, expected).SetArgDisplayNames(name);
        yield return Case("none", "0 corners");
        yield return Case("two corners", "2 corners", new(0, 0), new(1, 1));
        yield return Case("NaN", "Outline[1]", new(0, 0), new(double.NaN, 0), new(1, 1));
        yield return Case("infinite", "Outline[2]", new(0, 0), new(1, 0), new(1, double.PositiveInfinity));
        yield return Case("far out", "Outline[2]", new(0, 0), new(1, 0), new(1, 1e10));
        yield return Case("on a line", "no area", new(0, 0), new(1, 1), new(2, 2));
        yield return Case("bow tie", "crosses", new(0, 0), new(3, 3), new(3, 0), new(0, 2));
        yield return Case("pentagram", "4 more such pairs", new(0, 3), new(2, -3), new(-3, 1), new(3, 1), new(-2, -3));
        yield return Case("touches itself in a corner", "crosses or touches", new(0, 0), new(2, 2), new(4, 0), new(4, 4), new(2, 2), new(0, 4));
        yield return Case("spike", "crosses or touches", new(0, 0), new(4, 0), new(4, 4), new(4, 6), new(4, 4), new(0, 4));
        yield return Case("spike at the start", "crosses or touches", new(0, 0), new(2, 0), new(2, 2), new(0, 2), new(0, -2));
        yield return Case("closed by hand", "Outline[0] repeats Outline[3]", new(0, 0), new(2, 0), new(2, 2), new(0, 0));
        yield return Case("far from the origin", "too thin", new(1e8, 1e8), new(1e8 + 1, 1e8), new(1e8, 1e8 + 1));
        yield return Case("sliver", "too thin", new(0, 0), new(1000, 0), new(1000, 1e-3));
    }

    [TestCaseSource(nameof(BadOutlines))]
    public void Bad_outlines_are_found(Point2[] outline, string expected)
    {
        var polygon = new Polygon(outline);
        Assert.That(Shapes.Problems(polygon), Has.Some.Contains(expected));
        Assert.That(() => GeometrySampler.Sample(polygon, 4, 1, 1), Throws.TypeOf<NetworkValidationException>());
        Assert.That(Shapes.Problems(new Polygon([.. outline.Reverse()])), Is.Not.Empty, "the other way round");
    }

    [Test]
    public void Missing_lists_are_found()
    {
        Assert.That(Shapes.Problems(new Polygon(null!)), Has.Length.EqualTo(1).And.All.Contains("0 corners"));
        Assert.That(Shapes.Problems(Shapes.LShape with { Holes = null! }), Has.Length.EqualTo(1));
        Assert.That(Shapes.Problems(Shapes.LShape with { Holes = [null!] }), Has.Length.EqualTo(1).And.All.StartsWith("Holes[0]"));
        Assert.That(Shapes.Problems(new Points(null!) { Metric = null! }), Has.Length.EqualTo(2));
    }

    [Test]
    public void Bad_holes_are_found()
    {
        static Point2[] Box(double x, double y, double size) => [new(x, y), new(x + size, y), new(x + size, y + size), new(x, y + size)];
        static string[] With(params Point2[][] holes) => Shapes.Problems(new Polygon(Box(0, 0, 10)) { Holes = holes });

        Assert.That(With(Box(1, 1, 2), Box(5, 5, 2)), Is.Empty);
        Assert.That(With(Box(20, 20, 2)), Has.Length.EqualTo(1).And.All.Contains("not wholly inside"), "outside");
        Assert.That(With(Box(9, 9, 2)), Has.Length.EqualTo(1).And.All.Contains("not wholly inside"), "across");
        Assert.That(With(Box(0, 2, 2)), Has.Length.EqualTo(1).And.All.Contains("not wholly inside"), "touching");
        Assert.That(With(Box(-1, -1, 20)), Has.Length.EqualTo(1).And.All.Contains("not wholly inside"), "around");
        Assert.That(With(Box(0, 0, 10)), Has.Length.EqualTo(1).And.All.Contains("not wholly inside"), "the same");
        Assert.That(With(Box(1, 1, 3), Box(2, 2, 4)), Has.Length.EqualTo(1).And.All.Contains("overlap"));
        Assert.That(With(Box(1, 1, 6), Box(2, 2, 1)), Has.Length.EqualTo(1).And.All.Contains("overlap"), "nested");
        Assert.That(With(Box(1, 1, 2), Box(1, 1, 2)), Has.Length.EqualTo(1).And.All.Contains("overlap"), "the same twice");
        Assert.That(With([new(1, 1), new(2, 2)], [new(3, 3), new(4, 4), new(5, 5)]), Has.Length.EqualTo(3), "each broken hole");
    }

    [Test]
    public void Too_many_corners_are_found_in_time()
    {
        static Point2[] Circle(int corners, double radius) =>
            [.. Enumerable.Range(0, corners).Select(i => new Point2(radius * Math.Cos(2 * Math.PI * i / corners), radius * Math.Sin(2 * Math.PI * i / corners)))];
        Assert.That(Shapes.Problems(new Polygon(Circle(Polygon.MaxCorners + 1, 10))), Has.Length.EqualTo(1).And.All.Contains("10001 corners"));
        Assert.That(Shapes.Problems(new Polygon(Circle(6000, 10)) { Holes = [Circle(4001, 5)] }), Has.Length.EqualTo(1).And.All.Contains("10001 corners"));
        var large = new Polygon(Circle(3000, 10)) { Holes = [Circle(2000, 5)] };
        Assert.That(Shapes.Problems(large), Is.Empty);
        Assert.That(GeometrySampler.Sample(large, 2000, 1, 1), Is.All.Matches<Position>(large.Contains));
    }

    [Test]
    public void Bad_positions_are_found()
    {
        var square = new Square(5);
        Assert.That(Shapes.Problems(new Points([]) { Metric = square }), Has.Length.EqualTo(1).And.All.Contains("empty"));
        Assert.That(Shapes.Problems(new Points([new(1, 1, 0), new(float.NaN, 1, 0), new(6, 1, 0), new(1, 1, float.PositiveInfinity)]) { Metric = square }),
            Has.Length.EqualTo(2).And.Some.Contains("2 of 4").And.Some.Contains("Positions[2]"));
        Assert.That(Shapes.Problems(new Points([new(1, 1, 1)]) { Metric = new Sphere(5) }), Has.Length.EqualTo(1).And.All.Contains("outside"));
        Assert.That(Shapes.Problems(new Points([new(1, 1, 0)]) { Metric = new Points([new(1, 1, 0)]) { Metric = square } }),
            Has.Length.EqualTo(1).And.All.Contains("itself"));
    }

    [Test]
    public void Bad_counts_are_refused()
    {
        foreach (var count in (int[])[0, -1, int.MinValue])
            Assert.That(() => GeometrySampler.Sample(new Square(1), count, 1, 1),
                Throws.TypeOf<TorchBrainException>().With.Property("Code").EqualTo(ErrorCode.EmptyPopulation));
        var points = new Points([new(1, 1, 0), new(1, 2, 0)]) { Metric = new Square(5) };
        Assert.That(GeometrySampler.Sample(points, 2, 1, 1), Is.EqualTo(points.Positions));
        Assert.That(() => GeometrySampler.Sample(points, 3, 1, 1), Throws.TypeOf<TorchBrainException>().With.Property("Code").EqualTo(ErrorCode.IndexOutOfRange));
        Assert.That(() => GeometrySampler.SampleNode(points, 2, 1, 1), Throws.TypeOf<TorchBrainException>().With.Property("Code").EqualTo(ErrorCode.IndexOutOfRange));
        Assert.That(() => GeometrySampler.SampleNode(new Square(1), -1, 1, 1), Throws.TypeOf<TorchBrainException>());
        Assert.That(() => GeometrySampler.Sample(null!, 3, 1, 1), Throws.ArgumentNullException);
    }
}
