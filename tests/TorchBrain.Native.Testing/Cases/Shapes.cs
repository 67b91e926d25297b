using CsCheck;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Random geometries for property tests.</summary>
static class Shapes
{
    internal const uint Stream = 77;

    static readonly Gen<double> Size = Gen.Double[-3, 3].Select(e => Math.Pow(10, e));

    static readonly Gen<Geometry> SquareGen = Size.Select(s => (Geometry)new Square(s));
    static readonly Gen<Geometry> DiscGen = Size.Select(s => (Geometry)new Disc(s));
    static readonly Gen<Geometry> TorusGen = Gen.Select(Size, Gen.Double[0.2, 5]).Select((s, a) => (Geometry)new Torus(s, s * a));
    static readonly Gen<Geometry> AnnulusGen = Gen.Select(Size, Gen.Double[0.01, 0.95]).Select((s, a) => (Geometry)new Annulus(s * a, s));
    static readonly Gen<Geometry> SphereGen = Size.Select(s => (Geometry)new Sphere(s));

    /// <summary>Star-shaped outlines with random radii, half of them with a hole of the same shape, moved away from the origin.</summary>
    internal static readonly Gen<Polygon> Polygons =
        Gen.Select(Gen.Double[0.35, 1].Array[4, 40], Size, Gen.Double[-5, 5], Gen.Double[-5, 5], Gen.Bool).Select((radii, size, x, y, hole) =>
        {
            var outline = Star(radii, size, x * size, y * size);
            return new Polygon(outline) { Holes = hole ? [Star(radii, size * 0.5, x * size, y * size)] : [] };
        });

    internal static readonly Gen<Geometry> All =
        Gen.OneOf(SquareGen, DiscGen, TorusGen, AnnulusGen, SphereGen, Polygons.Select(p => (Geometry)p));

    internal static readonly Gen<Torus> Tori = TorusGen.Select(t => (Torus)t);

    internal static Polygon LShape => new([new(0, 0), new(6, 0), new(6, 2), new(2, 2), new(2, 5), new(0, 5)]);

    internal static Polygon Frame => new([new(0, 0), new(8, 0), new(8, 6), new(0, 6)])
    {
        Holes = [[new(1, 1), new(3, 1), new(3, 5), new(1, 5)], [new(5, 2), new(7, 2), new(6, 4)]],
    };

    internal static Geometry[] Examples =>
        [new Square(28), new Disc(14), new Torus(30, 20), new Annulus(5, 14), new Sphere(9), LShape, Frame];

    static Point2[] Star(double[] radii, double size, double x, double y) =>
        [.. radii.Select((r, i) => new Point2(x + size * r * Math.Cos(2 * Math.PI * i / radii.Length), y + size * r * Math.Sin(2 * Math.PI * i / radii.Length)))];

    /// <summary>Every problem of a geometry, in one text.</summary>
    internal static string[] Problems(Geometry geometry)
    {
        var found = new List<string>();
        geometry.Validate((what, fix) =>
        {
            Assert.That(fix, Is.Not.Empty);
            found.Add(what);
        });
        return [.. found];
    }

    /// <summary>Distance of each node to its nearest other node.</summary>
    internal static double[] NearestNeighbours(Geometry geometry, Position[] nodes) =>
        [.. nodes.Select((a, i) => nodes.Where((_, j) => j != i).Min(b => geometry.Distance(a, b)))];

    internal static double Variation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) / mean;
    }

    /// <summary>Upper tail of chi-square, Wilson and Hilferty's approximation: accurate to a few percent of p at 1e-3 for 10 and more degrees.</summary>
    internal static double ChiSquareP(double chi2, int degrees)
    {
        var v = 2.0 / (9 * degrees);
        return NormalUpper((Math.Cbrt(chi2 / degrees) - (1 - v)) / Math.Sqrt(v));
    }

    static double NormalUpper(double z)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 60; i++)
        {
            var p = 0.5 * (low + high);
            if (NormalQuantile.Of(p) < z) low = p;
            else high = p;
        }
        return 1 - low;
    }
}
