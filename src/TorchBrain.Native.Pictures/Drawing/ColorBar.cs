using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>The key of a colour scale.</summary>
static class ColorBar
{
    /// <summary>Upright, numbers at the right, the label running upwards beside them.</summary>
    internal static void Upright(Page page, Func<float, SKColor> color, SKRect area, double min, double max, string label)
    {
        for (var i = 0f; i <= area.Height - 1f; i += 0.5f)
            page.Tile(area.Left, area.Bottom - i - 1f, area.Width, 1f, color(i / area.Height));
        page.Frame(area.Left, area.Top, area.Width, area.Height, Ink.Spine, 0.75f);
        var step = Axes.Step(max - min, area.Height / 36);
        var widest = 0f;
        for (var k = Math.Ceiling(min / step - 1e-6); k * step <= max + step * 1e-6; k++)
        {
            var y = (float)(area.Bottom - (k * step - min) / (max - min) * area.Height);
            var text = Words.Tick(k * step, step);
            page.Line(area.Right, y, area.Right + 3f, y, Ink.Spine);
            page.Text(text, area.Right + 6f, y + 3.5f, Page.Small, Ink.Quiet);
            widest = Math.Max(widest, page.Measure(text, Page.Small));
        }
        page.Upward(label, area.Right + widest + 16f, area.MidY, Page.Small, Ink.Text);
    }

    /// <summary>Lying, a word at each end.</summary>
    internal static void Lying(Page page, Func<float, SKColor> color, SKRect area, string left, string right)
    {
        for (var i = 0f; i <= area.Width - 1f; i += 0.5f)
            page.Tile(area.Left + i, area.Top, 1f, area.Height, color(i / area.Width));
        page.Frame(area.Left, area.Top, area.Width, area.Height, Ink.Spine, 0.75f);
        page.Text(left, area.Left - 7f, area.MidY + 3.5f, Page.Small, Ink.Quiet, SKTextAlign.Right);
        page.Text(right, area.Right + 7f, area.MidY + 3.5f, Page.Small, Ink.Quiet);
    }
}
