using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>Lines over one quantity, with axes, a key, error bars and expected bands.</summary>
public static class CurvePlot
{
    /// <summary>Writes one PNG, 1440 x 960 pixels.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="curves">1 to 40 lines; colours repeat after seven.</param>
    /// <param name="style">Words, bands and limits.</param>
    /// <exception cref="TorchBrainException">Lengths differ, there is nothing to show, a number is out of range, or the file cannot be written.</exception>
    public static void Save(string path, IReadOnlyList<Curve> curves, CurveStyle style)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(style);
        Check.NotEmpty(nameof(curves), curves.Count);
        Check.Range("the number of curves", curves.Count, 1, 40);
        var extent = new Extent();
        foreach (var curve in curves)
            Include(curve, ref extent);
        foreach (var band in style.Bands)
            Include(band, ref extent);
        if (style.Criterion is { } level)
            extent.Add(extent.XMin, level);
        var (xMin, xMax, yMin, yMax) = extent.Limits(style);

        using var page = new Page(720f, 480f);
        page.Title(style.Title, style.Subtitle, 22f);
        var axes = new Axes(page, new SKRect(78f, style.Subtitle is null ? 46f : 62f, page.Width - 26f, page.Height - 50f), xMin, xMax, yMin, yMax, style.XLog, style.YLog);
        axes.Grid();
        axes.Draw(style.XLabel, style.YLabel);
        page.Canvas.Save();
        page.Canvas.ClipRect(SKRect.Inflate(axes.Area, 4f, 4f));
        for (var b = 0; b < style.Bands.Count; b++)
            Shade(page, axes, style.Bands[b], BandColor(b));
        if (style.Criterion is { } criterion)
        {
            page.Line(axes.Area.Left, axes.Y(criterion), axes.Area.Right, axes.Y(criterion), Ink.Quiet, 1.2f, dashed: true);
            page.Text(style.CriterionLabel, axes.Area.Left + 8f, axes.Y(criterion) - 5f, Page.Small, Ink.Quiet);
        }
        for (var c = 0; c < curves.Count; c++)
            Draw(page, axes, curves[c], Ink.Of(c));
        page.Canvas.Restore();
        Key(page, axes, curves, style.Bands);
        page.Save(path);
    }

    static SKColor BandColor(int band) => Ramp.Mix(band == 0 ? Ink.Spine : Ink.Of(band + 3), Ink.Paper, 0.72f);

    static void Include(Curve curve, ref Extent extent)
    {
        Check.NotEmpty($"curve '{curve.Name}'", curve.X.Length);
        Check.SameLength($"Y of curve '{curve.Name}'", curve.Y.Length, "its X", curve.X.Length);
        Check.SameLength($"PlusMinus of curve '{curve.Name}'", curve.PlusMinus?.Length ?? curve.X.Length, "its X", curve.X.Length);
        Check.Finite($"X of curve '{curve.Name}'", curve.X);
        for (var i = 0; i < curve.X.Length; i++)
        {
            if (float.IsNaN(curve.Y[i]))
                continue;
            Check.Finite($"Y[{i}] of curve '{curve.Name}'", curve.Y[i]);
            var error = curve.PlusMinus?[i] ?? 0f;
            Check.Range($"PlusMinus[{i}] of curve '{curve.Name}'", error, 0, float.MaxValue);
            extent.Add(curve.X[i], curve.Y[i] - (double)error);
            extent.Add(curve.X[i], curve.Y[i] + (double)error);
            extent.Marked |= curve.Markers;
        }
    }

    static void Include(CurveBand band, ref Extent extent)
    {
        Check.Range($"the length of band '{band.Name}'", band.X.Length, 2, int.MaxValue);
        Check.SameLength($"Low of band '{band.Name}'", band.Low.Length, "its X", band.X.Length);
        Check.SameLength($"High of band '{band.Name}'", band.High.Length, "its X", band.X.Length);
        Check.Finite($"X of band '{band.Name}'", band.X);
        Check.Finite($"Low of band '{band.Name}'", band.Low);
        Check.Finite($"High of band '{band.Name}'", band.High);
        for (var i = 0; i < band.X.Length; i++)
        {
            extent.Add(band.X[i], band.Low[i]);
            extent.Add(band.X[i], band.High[i]);
        }
    }

    static void Shade(Page page, Axes axes, CurveBand band, SKColor color)
    {
        var outline = new SKPoint[2 * band.X.Length];
        for (var i = 0; i < band.X.Length; i++)
        {
            outline[i] = axes.Point(band.X[i], band.High[i]);
            outline[^(i + 1)] = axes.Point(band.X[i], band.Low[i]);
        }
        page.Area(outline, color.WithAlpha(190));
    }

    static void Draw(Page page, Axes axes, Curve curve, SKColor color)
    {
        var points = new SKPoint[curve.X.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = axes.Point(curve.X[i], curve.Y[i]);
        page.Lines(points, color, 2f);
        for (var i = 0; i < points.Length; i++)
        {
            if (float.IsNaN(points[i].Y))
                continue;
            if (curve.PlusMinus is { } error && error[i] > 0)
            {
                var (high, low) = (axes.Y(curve.Y[i] + (double)error[i]), axes.Y(curve.Y[i] - (double)error[i]));
                page.Line(points[i].X, low, points[i].X, high, color, 1.2f);
                page.Line(points[i].X - 4f, low, points[i].X + 4f, low, color, 1.2f);
                page.Line(points[i].X - 4f, high, points[i].X + 4f, high, color, 1.2f);
            }
            // A point with gaps on both sides has no line; it is always marked.
            var lonely = (i == 0 || float.IsNaN(points[i - 1].Y)) && (i == points.Length - 1 || float.IsNaN(points[i + 1].Y));
            if (!curve.Markers && !lonely)
                continue;
            page.Disc(points[i].X, points[i].Y, 4.2f, Ink.Paper);
            page.Disc(points[i].X, points[i].Y, 3.3f, color);
        }
    }

    /// <summary>The key, in the corner of the axes where the fewest points lie.</summary>
    static void Key(Page page, Axes axes, IReadOnlyList<Curve> curves, IReadOnlyList<CurveBand> bands)
    {
        if (curves.Count + bands.Count == 1)
            return;
        const float line = 16f;
        var width = curves.Select(curve => curve.Name).Concat(bands.Select(band => band.Name)).Max(name => page.Measure(name, Page.Small)) + 40f;
        var height = (curves.Count + bands.Count) * line + 8f;
        var area = axes.Area;
        var (left, right, top, bottom) = (area.Left + 10f, area.Right - 6f - width, area.Top + 2f, area.Bottom - 8f - height);
        SKRect[] corners = [SKRect.Create(right, bottom, width, height), SKRect.Create(left, top, width, height),
            SKRect.Create(right, top, width, height), SKRect.Create(left, bottom, width, height)];
        var corner = corners.MinBy(rectangle => curves.Sum(curve => Inside(axes, rectangle, curve)));
        page.Fill(corner.Left, corner.Top, width, height, Ink.Paper.WithAlpha(215));
        var y = corner.Top + 4f + line / 2;
        for (var c = 0; c < curves.Count; c++, y += line)
        {
            page.Line(corner.Left + 6f, y, corner.Left + 28f, y, Ink.Of(c), 2f);
            if (curves[c].Markers)
                page.Disc(corner.Left + 17f, y, 3.3f, Ink.Of(c));
            page.Text(curves[c].Name, corner.Left + 34f, y + 3.5f, Page.Small, Ink.Text);
        }
        for (var b = 0; b < bands.Count; b++, y += line)
        {
            page.Fill(corner.Left + 6f, y - 5f, 22f, 10f, BandColor(b));
            page.Text(bands[b].Name, corner.Left + 34f, y + 3.5f, Page.Small, Ink.Text);
        }
    }

    /// <summary>How much of a curve lies under a rectangle, by samples along its pieces.</summary>
    static int Inside(Axes axes, SKRect rectangle, Curve curve)
    {
        const int samples = 8;
        var inside = 0;
        var stride = Math.Max(curve.X.Length / 4000, 1);
        for (var i = 0; i < curve.X.Length; i += stride)
        {
            var next = Math.Min(i + stride, curve.X.Length - 1);
            for (var k = 0; k < samples; k++)
            {
                var share = k / (double)samples;
                if (rectangle.Contains(axes.X(curve.X[i] + share * (curve.X[next] - curve.X[i])), axes.Y(curve.Y[i] + share * (curve.Y[next] - curve.Y[i]))))
                    inside++;
            }
        }
        return inside;
    }

    struct Extent
    {
        const double LogRoom = 1.25;

        internal double XMin = double.MaxValue;
        internal bool Marked = false;
        double xMax = double.MinValue, yMin = double.MaxValue, yMax = double.MinValue;

        public Extent()
        {
        }

        internal void Add(double x, double y)
        {
            (XMin, xMax) = (Math.Min(XMin, x), Math.Max(xMax, x));
            (yMin, yMax) = (Math.Min(yMin, y), Math.Max(yMax, y));
        }

        internal readonly (double XMin, double XMax, double YMin, double YMax) Limits(CurveStyle style)
        {
            if (yMax < yMin || xMax < XMin)
                throw new TorchBrainException(ErrorCode.WrongLength, "No curve has a point that is not NaN.", "A picture needs at least one value to show.");
            if (style.XLog)
                Check.Range("the least X on a logarithmic axis", XMin, double.Epsilon, double.MaxValue);
            if (style.YLog)
                Check.Range("the least Y on a logarithmic axis", yMin, double.Epsilon, double.MaxValue);
            var low = style.YMin ?? (style.YLog ? yMin / LogRoom : yMin >= 0 ? 0 : yMin - 0.05 * (yMax - yMin));
            var high = style.YMax ?? (style.YLog ? yMax * LogRoom : yMax > low ? yMax + 0.06 * (yMax - low) : low + 1);
            // Marks need room beside them; bare lines may run from edge to edge.
            var room = xMax <= XMin ? 0.5 : Marked ? 0.03 * (xMax - XMin) : 0;
            var (left, right) = (style.XMin ?? (style.XLog ? XMin / LogRoom : XMin - room), style.XMax ?? (style.XLog ? xMax * LogRoom : xMax + room));
            Check.Finite(nameof(CurveStyle.XMin), left);
            Check.Finite(nameof(CurveStyle.YMin), low);
            if (style.XLog)
                Check.Range(nameof(CurveStyle.XMin), left, double.Epsilon, double.MaxValue);
            if (style.YLog)
                Check.Range(nameof(CurveStyle.YMin), low, double.Epsilon, double.MaxValue);
            Check.Range(nameof(CurveStyle.XMax), right, Math.BitIncrement(left), double.MaxValue);
            Check.Range(nameof(CurveStyle.YMax), high, Math.BitIncrement(low), double.MaxValue);
            return (left, right, low, high);
        }
    }
}
