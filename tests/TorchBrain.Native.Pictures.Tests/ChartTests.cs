using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class ChartTests : PictureFixture
{
    static readonly SKColor Blue = new(0x00, 0x72, 0xB2);
    static readonly CurveStyle Style = new() { Title = "Growth", XLabel = "time (s)", YLabel = "share" };

    static int[] Confusion(int classes)
    {
        var counts = new int[classes * classes];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = i / classes == i % classes ? 90 : i % 7;
        return counts;
    }

    [Test]
    public void Confusion_has_dark_blue_on_the_diagonal_only()
    {
        int[] counts = [50, 0, 0, 0, 50, 0, 5, 0, 45];
        ConfusionMatrixPlot.Save(At("c.png"), counts, 3, "Test");
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
        SKColor Corner(int row, int column) => picture.GetPixel((int)(2 * (74 + (column + 0.1) * 460 / 3)), (int)(2 * (96 + (row + 0.1) * 460 / 3)));
        Assert.That(Corner(0, 0), Is.EqualTo(new SKColor(0x08, 0x40, 0x7A)));
        Assert.That(Corner(1, 1), Is.EqualTo(new SKColor(0x08, 0x40, 0x7A)));
        Assert.That(Corner(0, 1), Is.EqualTo(SKColors.White));
        Assert.That(Corner(2, 0), Is.EqualTo(new SKColor(0xA9, 0x43, 0x00)), "the most frequent mistake");
    }

    [Test]
    public void Confusion_of_ten_classes_and_of_empty_rows_is_drawn()
    {
        ConfusionMatrixPlot.Save(At("c.png"), Confusion(10), 10);
        ConfusionMatrixPlot.Save(At("d.png"), [0, 0, 0, 1], 2, labels: ["no", "yes"]);
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1292, 1164)));
    }

    [Test]
    public void Confusion_refuses_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => ConfusionMatrixPlot.Save(At("c.png"), new int[99], 10));
        Refuses(ErrorCode.WrongLength, () => ConfusionMatrixPlot.Save(At("c.png"), Confusion(2), 2, labels: ["a"]));
        Refuses(ErrorCode.NumberOutOfRange, () => ConfusionMatrixPlot.Save(At("c.png"), [1, 0, -1, 0], 2));
        Refuses(ErrorCode.NumberOutOfRange, () => ConfusionMatrixPlot.Save(At("c.png"), new int[4], 2));
        Refuses(ErrorCode.NumberOutOfRange, () => ConfusionMatrixPlot.Save(At("c.png"), [1], 1));
    }

    [Test]
    public void A_longer_bar_has_more_ink_and_the_highlighted_one_is_blue()
    {
        AccuracyBars.Save(At("low.png"), [new("a", 20, 0, true), new("b", 50)], "Bars");
        AccuracyBars.Save(At("high.png"), [new("a", 80, 0, true), new("b", 50)], "Bars");
        using var low = Decode(At("low.png"));
        using var high = Decode(At("high.png"));
        IsDrawn(low);
        Assert.That(Near(high, Blue, 0), Is.EqualTo(4 * Near(low, Blue, 0)).Within(5).Percent);
    }

    [Test]
    public void Bars_with_everything_are_drawn()
    {
        AccuracyBars.Save(At("b.png"), [new("a", 100, 3), new(new string('n', 200), 79.9, 2, true), new("", 0)], "Bars", "sub", 80, 90);
        using var picture = Decode(At("b.png"));
        IsDrawn(picture);
        Assert.That(picture.Width, Is.EqualTo(1520));
    }

    [Test]
    public void Bars_refuse_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => AccuracyBars.Save(At("b.png"), [], "Bars"));
        Refuses(ErrorCode.NumberOutOfRange, () => AccuracyBars.Save(At("b.png"), [new("a", double.NaN)], "Bars"));
        Refuses(ErrorCode.NumberOutOfRange, () => AccuracyBars.Save(At("b.png"), [new("a", 101)], "Bars"));
        Refuses(ErrorCode.NumberOutOfRange, () => AccuracyBars.Save(At("b.png"), [new("a", 50)], "Bars", fromPercent: 100));
    }

    [Test]
    public void A_marked_point_lies_where_its_numbers_say()
    {
        CurvePlot.Save(At("c.png"), [new Curve("c", [5], [5], Markers: true)], Style with { XMin = 0, XMax = 10, YMin = 0, YMax = 10 });
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1440, 960)));
        Assert.That(picture.GetPixel(78 + 694, 46 + 430), Is.EqualTo(Blue));
    }

    [Test]
    public void Curves_with_gaps_bands_and_errors_are_drawn()
    {
        float[] x = [1, 2, 3, 4];
        CurvePlot.Save(At("c.png"), [new Curve("a", x, [1, float.NaN, 3, 4], [0.1f, 0, 0.2f, 0.3f]), new Curve("b", x, [-1, 0, 1, 2], Markers: true)],
            Style with { Subtitle = "sub", Bands = [new CurveBand("expected", [1, 4], [0, 1], [2, 5])], Criterion = 3, CriterionLabel = "enough" });
        using var picture = Decode(At("c.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, new SKColor(0xD5, 0x5E, 0x00), 1), Is.GreaterThan(500));
    }

    [Test]
    public void Curves_refuse_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => CurvePlot.Save(At("c.png"), [], Style));
        Refuses(ErrorCode.WrongLength, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1], [1, 2])], Style));
        Refuses(ErrorCode.WrongLength, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1], [1], [1, 2])], Style));
        Refuses(ErrorCode.WrongLength, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1], [float.NaN])], Style));
        Refuses(ErrorCode.WrongLength, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1], [1])], Style with { Bands = [new("b", [1, 2], [1], [1, 2])] }));
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [float.NaN], [1])], Style));
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1], [float.PositiveInfinity])], Style));
        Refuses(ErrorCode.NumberOutOfRange, () => CurvePlot.Save(At("c.png"), [new Curve("a", [1, 2], [1, 2])], Style with { XMin = 3 }));
    }

    [Test]
    public void Confusion_gives_the_same_bytes() => SameBytesTwice(path => ConfusionMatrixPlot.Save(path, Confusion(10), 10));

    [Test]
    public void Bars_give_the_same_bytes() => SameBytesTwice(path => AccuracyBars.Save(path, [new("a", 42, 1, true)], "Bars"));

    [Test]
    public void Curves_give_the_same_bytes() => SameBytesTwice(path => CurvePlot.Save(path, [new Curve("a", [1, 2], [1, 2])], Style));
}
