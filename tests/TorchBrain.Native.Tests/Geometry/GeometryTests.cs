using CsCheck;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

public class GeometryTests
{
    [Test]
    public void Distances_are_symmetric_zero_on_themselves_and_obey_the_triangle_inequality() =>
        Gen.Select(Shapes.All, Gen.ULong).Sample((geometry, seed) =>
        {
            var p = GeometrySampler.Sample(geometry, 12, seed, Shapes.Stream);
            var scale = geometry.MaxX - geometry.MinX + geometry.MaxY - geometry.MinY;
            foreach (var a in p)
            {
                Assert.That(geometry.Distance(a, a), Is.Zero);
                foreach (var b in p)
                {
                    var d = geometry.Distance(a, b);
                    Assert.That(BitConverter.DoubleToInt64Bits(geometry.Distance(b, a)), Is.EqualTo(BitConverter.DoubleToInt64Bits(d)));
                    Assert.That(a == b || d > 0);
                    foreach (var c in p)
                        Assert.That(d, Is.LessThanOrEqualTo(geometry.Distance(a, c) + geometry.Distance(c, b) + 1e-6 * scale));
                }
            }
        }, iter: 300);

    [Test]
    public void Distances_are_bounded_by_the_shape() =>
        Gen.Select(Shapes.All, Gen.ULong).Sample((geometry, seed) =>
        {
            double w = geometry.MaxX - geometry.MinX, h = geometry.MaxY - geometry.MinY;
            var bound = geometry switch
            {
                Torus => 0.5 * Math.Sqrt(w * w + h * h),
                Sphere s => Math.PI * s.Radius,
                Disc d => 2 * d.Radius,
                Annulus a => 2 * a.OuterRadius,
                _ => Math.Sqrt(w * w + h * h),
            };
            var p = GeometrySampler.Sample(geometry, 30, seed, Shapes.Stream);
            foreach (var a in p)
                foreach (var b in p)
                    Assert.That(geometry.Distance(a, b), Is.LessThanOrEqualTo(bound * (1 + 1e-15)));
        }, iter: 300);

    [Test]
    public void A_torus_does_not_change_under_translation() =>
        Gen.Select(Shapes.Tori, Gen.ULong, Gen.Double[-3, 3], Gen.Double[-3, 3]).Sample((torus, seed, u, v) =>
        {
            var p = GeometrySampler.Sample(torus, 15, seed, Shapes.Stream);
            double Wrap(double x, double period) => x - period * Math.Floor(x / period);
            var wrapped = p.Select(a => new Position((float)Wrap(a.X + u * torus.Width, torus.Width), (float)Wrap(a.Y + v * torus.Height, torus.Height), 0)).ToArray();
            var loose = p.Select(a => new Position((float)(a.X + u * torus.Width), (float)(a.Y + v * torus.Height), 0)).ToArray();
            for (var i = 0; i < p.Length; i++)
                for (var j = 0; j < p.Length; j++)
                {
                    var d = torus.Distance(p[i], p[j]);
                    Assert.That(torus.Distance(wrapped[i], wrapped[j]), Is.EqualTo(d).Within(1e-6 * (torus.Width + torus.Height)));
                    Assert.That(torus.Distance(loose[i], loose[j]), Is.EqualTo(d).Within(1e-6 * (torus.Width + torus.Height)));
                    // The same node before and after the shift by whole periods of one of the two.
                    Assert.That(torus.Distance(loose[i], wrapped[j]), Is.EqualTo(d).Within(1e-6 * (torus.Width + torus.Height)));
                }
        }, iter: 300);

    [Test]
    public void A_torus_distance_is_the_smallest_over_nine_images() =>
        Gen.Select(Shapes.Tori, Gen.ULong).Sample((torus, seed) =>
        {
            var p = GeometrySampler.Sample(torus, 2, seed, Shapes.Stream);
            var smallest = double.PositiveInfinity;
            for (var i = -1; i <= 1; i++)
                for (var j = -1; j <= 1; j++)
                {
                    double x = p[0].X - p[1].X + i * torus.Width, y = p[0].Y - p[1].Y + j * torus.Height;
                    smallest = Math.Min(smallest, Math.Sqrt(x * x + y * y));
                }
            Assert.That(torus.Distance(p[0], p[1]), Is.EqualTo(smallest).Within(1e-6 * (torus.Width + torus.Height)));
        });

    [Test]
    public void A_torus_sees_across_its_seam()
    {
        var torus = new Torus(10, 6);
        Assert.That(torus.Distance(new(0.5f, 1, 0), new(9.5f, 1, 0)), Is.EqualTo(1));
        Assert.That(torus.Distance(new(2, 0.25f, 0), new(2, 5.75f, 0)), Is.EqualTo(0.5));
        Assert.That(torus.Distance(new(0, 0, 0), new(5, 3, 0)), Is.EqualTo(Math.Sqrt(34)));
        Assert.That(torus.Distance(new(1, 1, 0), new(31, -11, 2)), Is.EqualTo(2), "three and two periods away, 2 above");
    }

    [Test]
    public void Great_circles_have_their_known_lengths()
    {
        var sphere = new Sphere(2);
        Assert.That(sphere.Distance(new(2, 0, 0), new(0, 2, 0)), Is.EqualTo(Math.PI).Within(1e-15));
        Assert.That(sphere.Distance(new(0, 0, 2), new(0, 0, -2)), Is.EqualTo(2 * Math.PI).Within(1e-15));
        Assert.That(sphere.Distance(new(2, 0, 0), new(1.9999f, 0.02f, 0)), Is.EqualTo(2 * Math.Atan2(0.02f, 1.9999f)).Within(1e-9), "near");
        Assert.That(sphere.Distance(new(2, 0, 0), new(-1.9999f, 0.02f, 0)), Is.EqualTo(2 * (Math.PI - Math.Atan2(0.02f, 1.9999f))).Within(1e-9), "nearly opposite");
    }

    [Test]
    public void Great_circles_agree_with_the_arc_tangent_of_the_library() =>
        Gen.ULong.Sample(seed =>
        {
            var p = GeometrySampler.Sample(new Sphere(1), 2, seed, Shapes.Stream);
            double ax = p[0].X, ay = p[0].Y, az = p[0].Z, bx = p[1].X, by = p[1].Y, bz = p[1].Z;
            double cx = ay * bz - az * by, cy = az * bx - ax * bz, cz = ax * by - ay * bx;
            var expected = Math.Atan2(Math.Sqrt(cx * cx + cy * cy + cz * cz), ax * bx + ay * by + az * bz);
            Assert.That(new Sphere(1).Distance(p[0], p[1]), Is.EqualTo(expected).Within(2e-7));
        }, iter: 2000);

    [Test]
    public void Height_above_a_sheet_counts_in_the_distance_but_not_for_being_inside()
    {
        foreach (var g in (Geometry[])[new Square(10), new Disc(9), new Annulus(1, 9), new Torus(10, 10), Shapes.LShape])
        {
            Assert.That(g.Distance(new(1, 1, 0), new(1, 1, 3)), Is.EqualTo(3));
            Assert.That(g.Contains(new(1.5f, 1.5f, 3)));
        }
    }

    [Test]
    public void Nothing_is_inside_at_NaN()
    {
        foreach (var g in Shapes.Examples)
        {
            Assert.That(g.Contains(new(float.NaN, 1, 0)), Is.False);
            Assert.That(g.Contains(new(1, float.NaN, 0)), Is.False);
            Assert.That(g.Contains(new(float.NegativeInfinity, 1, 0)), Is.False);
            Assert.That(g.Contains(new(1, float.PositiveInfinity, 0)), Is.False);
        }
    }

    [Test]
    public void A_polygon_excludes_its_holes()
    {
        Assert.That(Shapes.Frame.Contains(new(0.5f, 0.5f, 0)));
        Assert.That(Shapes.Frame.Contains(new(4, 3, 0)));
        Assert.That(Shapes.Frame.Contains(new(2, 3, 0)), Is.False);
        Assert.That(Shapes.Frame.Contains(new(6, 3, 0)), Is.False);
        Assert.That(Shapes.Frame.Area, Is.EqualTo(48 - 8 - 2).Within(1e-12));
        foreach (var placement in Enum.GetValues<NodePlacement>())
            foreach (var p in GeometrySampler.Sample(Shapes.Frame with { Placement = placement }, 3000, 5, Shapes.Stream))
            {
                Assert.That(p.X > 1 && p.X < 3 && p.Y > 1 && p.Y < 5, Is.False, $"{p} is in the first hole");
                Assert.That(p.Y > 2 && p.Y < 2 + 2 * Math.Min(p.X - 5, 7 - p.X), Is.False, $"{p} is in the second hole");
            }
    }

    [Test]
    public void The_area_of_a_polygon_is_that_of_a_Monte_Carlo_estimate() =>
        Gen.Select(Shapes.Polygons, Gen.ULong).Sample((polygon, seed) =>
        {
            const int Draws = 20_000;
            double w = polygon.MaxX - polygon.MinX, h = polygon.MaxY - polygon.MinY;
            var random = new RandomSequence(seed, Shapes.Stream);
            var hits = 0;
            for (var i = 0; i < Draws; i++)
                if (polygon.Contains(new((float)(polygon.MinX + w * random.NextUniform()), (float)(polygon.MinY + h * random.NextUniform()), 0)))
                    hits++;
            var share = polygon.Area / (w * h);
            Assert.That((double)hits / Draws, Is.EqualTo(share).Within(5.5 * Math.Sqrt(share * (1 - share) / Draws)));
        }, iter: 100);

    [Test]
    public void Areas_and_extents_are_those_of_the_shapes()
    {
        Assert.That(new Square(3).Area, Is.EqualTo(9));
        Assert.That(new Torus(3, 4).Area, Is.EqualTo(12));
        Assert.That(new Disc(2).Area, Is.EqualTo(4 * Math.PI).Within(1e-14));
        Assert.That(new Annulus(1, 2).Area, Is.EqualTo(3 * Math.PI).Within(1e-14));
        Assert.That(new Sphere(2).Area, Is.EqualTo(16 * Math.PI).Within(1e-13));
        Assert.That(Shapes.LShape.Area, Is.EqualTo(18));
        foreach (var g in Shapes.Examples)
            foreach (var p in GeometrySampler.Sample(g, 500, 1, Shapes.Stream))
            {
                Assert.That(p.X, Is.InRange(g.MinX, g.MaxX));
                Assert.That(p.Y, Is.InRange(g.MinY, g.MaxY));
                Assert.That(p.Z, Is.InRange(g.MinZ, g.MaxZ));
            }
    }

    [Test]
    public void Geometries_with_equal_content_are_equal_and_copies_forget_what_was_cached()
    {
        Assert.That(new Square(2) { Placement = NodePlacement.Lattice }, Is.Not.EqualTo(new Square(2)));
        Polygon frame = Shapes.Frame, twin = Shapes.Frame;
        Assert.That(frame, Is.EqualTo(twin));
        Assert.That(frame.GetHashCode(), Is.EqualTo(twin.GetHashCode()));
        Assert.That(Shapes.Problems(frame), Is.Empty);
        Assert.That(frame.Area, Is.EqualTo(38).Within(1e-12));
        Assert.That((frame with { Holes = [] }).Area, Is.EqualTo(48));
        Assert.That(frame with { Holes = [] }, Is.Not.EqualTo(frame));
        Assert.That(Shapes.Problems(frame with { Outline = [new(0, 0), new(1, 1)] }), Is.Not.Empty);
        Assert.That(frame, Is.EqualTo(twin), "caches do not count");

        Position[] list = [new(1, 1, 0), new(2, 2, 0)];
        var points = new Points(list) { Metric = new Square(5) };
        Assert.That(points, Is.EqualTo(new Points([.. list]) { Metric = new Square(5) }));
        Assert.That(Shapes.Problems(points), Is.Empty);
        Assert.That(Shapes.Problems(points with { Metric = new Square(1.5) }), Has.Length.EqualTo(1));
        list[0] = new(9, 9, 0);
        Assert.That(points.Positions[0], Is.EqualTo(new Position(1, 1, 0)), "the list was copied");
    }

    [Test]
    public void Text_shows_the_description_only()
    {
        Assert.That(new Square(28).ToString(), Is.EqualTo("Square { Placement = UniformRandom, Side = 28 }"));
        Assert.That(Shapes.Frame.ToString(), Is.EqualTo("Polygon { Placement = UniformRandom, Outline = 4 corners, Holes = 2 }"));
        Assert.That(new Points([new(1, 1, 0)]) { Metric = new Disc(4) }.ToString(),
            Is.EqualTo("Points { Positions = 1, Metric = Disc { Placement = UniformRandom, Radius = 4 } }"));
    }
}
