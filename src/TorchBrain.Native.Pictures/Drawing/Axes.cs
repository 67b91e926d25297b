using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>A rectangle with linear or logarithmic axes: data to points, ticks at round numbers, grid, labels.</summary>
sealed class Axes
{
    readonly Page page;
    readonly bool xLog, yLog;

    internal Axes(Page page, SKRect area, double xMin, double xMax, double yMin, double yMax, bool xLog = false, bool yLog = false)
    {
        this.page = page;
        (this.xLog, this.yLog) = (xLog, yLog);
        Area = area;
        (XMin, XMax) = xMax > xMin ? (xMin, xMax) : (xMin - 0.5, xMin + 0.5);
        (YMin, YMax) = yMax > yMin ? (yMin, yMax) : (yMin - 0.5, yMin + 0.5);
    }

    internal SKRect Area { get; }
    internal double XMin { get; }
    internal double XMax { get; }
    internal double YMin { get; }
    internal double YMax { get; }

    internal float X(double value) => (float)(Area.Left + Part(value, XMin, XMax, xLog) * Area.Width);

    internal float Y(double value) => (float)(Area.Bottom - Part(value, YMin, YMax, yLog) * Area.Height);

    internal SKPoint Point(double x, double y) => new(X(x), Y(y));

    /// <summary>The distance between round tick marks (1, 2 or 5 times a power of ten) for about <paramref name="wanted"/> of them.</summary>
    internal static double Step(double range, double wanted)
    {
        var rough = Math.Max(range, 1e-300) / Math.Max(wanted, 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var lead = rough / power;
        return (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10) * power;
    }

    /// <summary>The next round number at or above <paramref name="value"/>, for an axis that begins at zero.</summary>
    internal static double RoundUp(double value)
    {
        var step = Step(Math.Max(value, 1e-12), 5);
        return Math.Ceiling(value / step - 1e-9) * step;
    }

    internal void Grid(bool vertical = true, bool horizontal = true)
    {
        if (vertical)
            foreach (var (at, _) in XTicks)
                page.Line(X(at), Area.Top, X(at), Area.Bottom, Ink.Grid);
        if (horizontal)
            foreach (var (at, _) in YTicks)
                page.Line(Area.Left, Y(at), Area.Right, Y(at), Ink.Grid);
    }

    /// <summary>Axis lines, tick marks, numbers and labels; a null label leaves out numbers and label.</summary>
    internal void Draw(string? xLabel, string? yLabel)
    {
        DrawBottom(xLabel);
        var widest = 0f;
        foreach (var (at, text) in YTicks)
        {
            page.Line(Area.Left - 4f, Y(at), Area.Left, Y(at), Ink.Spine);
            if (yLabel is null)
                continue;
            widest = Math.Max(widest, page.Measure(text, Page.Small));
            page.Text(text, Area.Left - 7f, Y(at) + 3.5f, Page.Small, Ink.Quiet, SKTextAlign.Right);
        }
        if (yLabel is not null)
            page.Upward(yLabel, Math.Max(Area.Left - widest - 21f, 9f), Area.MidY, Page.Body, Ink.Text);
    }

    /// <summary>Both axis lines, but marks and numbers only below.</summary>
    internal void DrawBottom(string? xLabel)
    {
        page.Line(Area.Left, Area.Bottom, Area.Right, Area.Bottom, Ink.Spine);
        page.Line(Area.Left, Area.Top, Area.Left, Area.Bottom, Ink.Spine);
        foreach (var (at, text) in XTicks)
        {
            page.Line(X(at), Area.Bottom, X(at), Area.Bottom + 4f, Ink.Spine);
            if (xLabel is not null)
                page.Text(text, X(at), Area.Bottom + 16f, Page.Small, Ink.Quiet, SKTextAlign.Center);
        }
        if (xLabel is not null)
            page.Text(xLabel, Area.MidX, Area.Bottom + 34f, Page.Body, Ink.Text, SKTextAlign.Center);
    }

    List<(double At, string Text)> XTicks => xLog ? LogTicks(XMin, XMax) : Ticks(XMin, XMax, XStep);

    List<(double At, string Text)> YTicks => yLog ? LogTicks(YMin, YMax) : Ticks(YMin, YMax, YStep);

    double XStep => Step(XMax - XMin, Math.Max(Area.Width / 85, 3));

    double YStep => Step(YMax - YMin, Math.Max(Area.Height / 42, 3));

    static double Part(double value, double min, double max, bool log) => log ? Math.Log(value / min) / Math.Log(max / min) : (value - min) / (max - min);

    /// <summary>Powers of ten, and twice and five times them where there are few.</summary>
    static List<(double At, string Text)> LogTicks(double min, double max)
    {
        var decades = Math.Log10(max / min);
        int[] leads = decades < 2.5 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)Math.Ceiling(decades / 10));
        var ticks = new List<(double, string)>();
        for (var power = (int)Math.Floor(Math.Log10(min)); power <= Math.Ceiling(Math.Log10(max)); power++)
            foreach (var lead in leads)
                if (power % every == 0 && lead * Math.Pow(10, power) is var at && at >= min * 0.999999 && at <= max * 1.000001)
                    ticks.Add((at, Words.Tick(at, at)));
        return ticks;
    }

    static List<(double At, string Text)> Ticks(double min, double max, double step)
    {
        var ticks = new List<(double, string)>();
        var last = Math.Floor(max / step + 1e-6);
        for (var k = Math.Ceiling(min / step - 1e-6); k <= last && ticks.Count < 100; k++)
            ticks.Add((k * step, Words.Tick(k * step, step)));
        return ticks;
    }
}
