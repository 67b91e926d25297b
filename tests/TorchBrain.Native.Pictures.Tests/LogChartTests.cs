using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class LogChartTests : PictureFixture
{
    static readonly SKColor Blue = new(0x00, 0x72, 0xB2);
    static readonly CurveStyle Style = new() { Title = "Scaling", XLabel = "neurons", YLabel = "us", XLog = true, YLog = true };

    [Test]
    public void Bars_grow_by_the_same_length_for_the_same_factor()
    {
        int Ink(double value)
        {
            LogBars.Save(At("b.png"), [("a", value), ("least", 0.0015), ("most", 90)], "Bars", "RTF");
            using var picture = Decode(At("b.png"));
            IsDrawn(picture);
            return Near(picture, Blue, 0);
        }
        var (one, ten, hundred) = (Ink(0.1), Ink(1), Ink(10));
        Assert.That(ten - one, Is.Positive);
        Assert.That(hundred - ten, Is.EqualTo(ten - one).Within(3).Percent);
    }

    [Test]
    public void Bars_are_the_same_bytes_twice() => SameBytesTwice(path => LogBars.Save(path, [("a", 1e-9), ("b", 1e9)], "Bars", "RTF", "sub", 1, "life"));

    [Test]
    public void Bars_refuse_what_has_no_logarithm()
    {
        Refuses(ErrorCode.WrongLength, () => LogBars.Save(At("b.png"), [], "Bars", "RTF"));
        Refuses(ErrorCode.NumberOutOfRange, () => LogBars.Save(At("b.png"), [("a", 0)], "Bars", "RTF"));
        Refuses(ErrorCode.NumberOutOfRange, () => LogBars.Save(At("b.png"), [("a", double.NaN)], "Bars", "RTF"));
        Refuses(ErrorCode.NumberOutOfRange, () => LogBars.Save(At("b.png"), [("a", 1)], "Bars", "RTF", mark: -1));
    }

    [Test]
    public void A_power_law_is_a_straight_line_on_logarithmic_axes()
    {
        float[] x = [1, 10, 100, 1000, 10_000];
        CurvePlot.Save(At("c.png"), [new Curve("a", x, x, Markers: true)], Style);
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
        // Both axes run over the same limits, so the middle of the line is the middle of the area: points 78 to 694 across, 46 to 430 down.
        var (middleX, middleY) = (2 * (78 + 694) / 2, 2 * (46 + 430) / 2);
        Assert.That(picture.GetPixel(middleX, middleY), Is.EqualTo(Blue));
    }

    [Test]
    public void One_point_is_drawn_on_logarithmic_axes()
    {
        CurvePlot.Save(At("c.png"), [new Curve("a", [5], [7])], Style);
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
    }

    [Test]
    public void Logarithmic_axes_refuse_what_has_no_logarithm()
    {
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [0, 1], [1, 2])], Style));
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1, 2], [1, -2])], Style));
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1, 2], [1, 2])], Style with { YMin = 0 }));
    }
}
