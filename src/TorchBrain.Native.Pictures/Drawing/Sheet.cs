namespace TorchBrain.Native.Pictures;

/// <summary>Node positions scaled into a box with equal axes; the second coordinate grows upwards. The box begins at (0, 0).</summary>
sealed class Sheet
{
    readonly float minX, maxY, offsetX, offsetY;

    internal Sheet(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float side)
    {
        Check.NotEmpty("x", x.Length);
        Check.SameLength("y", y.Length, "x", x.Length);
        Check.Finite("x", x);
        Check.Finite("y", y);
        float maxX = float.MinValue, minY = float.MaxValue;
        (minX, maxY) = (float.MaxValue, float.MinValue);
        for (var i = 0; i < x.Length; i++)
        {
            (minX, maxX) = (Math.Min(minX, x[i]), Math.Max(maxX, x[i]));
            (minY, maxY) = (Math.Min(minY, y[i]), Math.Max(maxY, y[i]));
        }
        (MinX, MinY) = (minX, minY);
        (ExtentX, ExtentY) = (maxX - minX, maxY - minY);
        var longest = Math.Max(Math.Max(ExtentX, ExtentY), 1e-20f);
        if (float.IsInfinity(longest))
            Check.Finite("the extent of the sheet", longest);
        // The share of the box that a node takes, from the space there is per node.
        var space = MathF.Sqrt(Math.Max(ExtentX / longest, 0.05f) * Math.Max(ExtentY / longest, 0.05f) / x.Length);
        Radius = Math.Clamp(side * space * 0.40f, 0.35f, side * 0.03f);
        PointsPerUnit = (side - 2f * Radius) / longest;
        Width = Math.Max(ExtentX * PointsPerUnit + 2f * Radius, side * 0.25f);
        Height = Math.Max(ExtentY * PointsPerUnit + 2f * Radius, side * 0.25f);
        offsetX = (Width - ExtentX * PointsPerUnit) / 2;
        offsetY = (Height - ExtentY * PointsPerUnit) / 2;
        X = new float[x.Length];
        Y = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
            (X[i], Y[i]) = (ToX(x[i]), ToY(y[i]));
    }

    internal int Count => X.Length;
    internal float[] X { get; }
    internal float[] Y { get; }
    internal float Width { get; }
    internal float Height { get; }
    /// <summary>Radius of a node's disc, points.</summary>
    internal float Radius { get; }
    internal float PointsPerUnit { get; }
    internal float MinX { get; }
    internal float MinY { get; }
    internal float ExtentX { get; }
    internal float ExtentY { get; }

    /// <summary>Area of the rectangle around all nodes, square sheet units.</summary>
    internal double Area => (double)ExtentX * ExtentY;

    internal float ToX(float x) => offsetX + (x - minX) * PointsPerUnit;

    internal float ToY(float y) => offsetY + (maxY - y) * PointsPerUnit;

    /// <summary>A bar of a round length in sheet units, its left end at (x, y).</summary>
    internal void ScaleBar(Page page, float x, float y)
    {
        if (ExtentX <= 0 && ExtentY <= 0)
            return;
        var units = Axes.Step(Math.Max(ExtentX, ExtentY), 6);
        var length = (float)(units * PointsPerUnit);
        page.Line(x, y, x + length, y, Ink.Text, 1.5f);
        page.Line(x, y - 3f, x, y + 3f, Ink.Text, 1.2f);
        page.Line(x + length, y - 3f, x + length, y + 3f, Ink.Text, 1.2f);
        var text = Words.Tick(units, units) + (units == 1 ? " sheet unit" : " sheet units");
        page.Text(text, x + length + 7f, y + 3.5f, Page.Small, Ink.Quiet);
    }
}
