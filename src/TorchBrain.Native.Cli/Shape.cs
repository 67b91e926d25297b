namespace TorchBrain.Native.Cli;

enum ShapeChoice
{
    Square,
    Disc,
    Torus,
    Annulus,
    Sphere,
}

/// <summary>The shapes of --geometry, all of the same area, and how their nodes lie on a flat picture.</summary>
static class Shape
{
    const double InnerShare = 0.4;

    /// <summary>The shape with the area of a square of the given side, so that the density of nodes, on which the waves depend, stays the same.</summary>
    public static Geometry Of(ShapeChoice shape, double side) => shape switch
    {
        ShapeChoice.Square => new Square(side),
        ShapeChoice.Disc => new Disc(side / Math.Sqrt(Math.PI)),
        ShapeChoice.Torus => new Torus(side, side),
        ShapeChoice.Annulus => Ring(side / Math.Sqrt(Math.PI * (1 - InnerShare * InnerShare))),
        _ => new Sphere(side / Math.Sqrt(4 * Math.PI)),
    };

    static Annulus Ring(double outer) => new(InnerShare * outer, outer);

    /// <summary>Positions for pictures. A sphere is shown as Lambert's cylindrical map, which keeps areas: longitude along the equator, height above it.</summary>
    public static SheetMap Flatten(IReadOnlyList<Position> nodes, Geometry geometry)
    {
        float[] x = [.. nodes.Select(p => p.X)], y = [.. nodes.Select(p => p.Y)];
        switch (geometry)
        {
            case Torus torus:
                return new SheetMap(x, y, (float)torus.Width, (float)torus.Height, ", torus");
            case Sphere sphere:
                for (var i = 0; i < x.Length; i++)
                    (x[i], y[i]) = ((float)(sphere.Radius * Math.Atan2(nodes[i].Y, nodes[i].X)), nodes[i].Z);
                return new SheetMap(x, y, (float)(2 * Math.PI * sphere.Radius), null, ", sphere as an equal-area map");
            default:
                return new SheetMap(x, y, null, null, geometry is Square ? "" : geometry is Disc ? ", disc" : ", annulus");
        }
    }
}

/// <summary>Nodes on paper, and the lengths after which the paper closes on itself.</summary>
sealed record SheetMap(float[] X, float[] Y, float? PeriodX, float? PeriodY, string Words);
