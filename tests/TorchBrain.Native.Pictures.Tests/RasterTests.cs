using System.Diagnostics;
using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class RasterTests : PictureFixture
{
    static readonly SKColor Blue = new(0x00, 0x72, 0xB2);

    [Test]
    public void A_spike_is_inked_at_its_time_and_neuron_and_nowhere_else()
    {
        RasterPlot.Save(At("r.png"), [25.0], [7], 10, 0, 100);
        using var picture = Decode(At("r.png"));
        IsDrawn(picture);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1800, 1160)));
        // The raster spans x 74..876 and y 60..400 points, two pixels each; neuron 0 lies lowest.
        var column = (int)(2 * (74 + 0.25 * 802));
        var row = (int)(2 * (400 - 0.75 * 340));
        Assert.That(picture.GetPixel(column + 1, row), Is.EqualTo(Blue));
        Assert.That(picture.GetPixel(column + 100, row), Is.EqualTo(SKColors.White));
        Assert.That(picture.GetPixel(column + 1, row + 100), Is.EqualTo(SKColors.White));
    }

    [Test]
    public void Spikes_outside_the_window_do_not_show()
    {
        RasterPlot.Save(At("none.png"), [], [], 10, 0, 100, new RasterStyle { Title = "x" });
        RasterPlot.Save(At("out.png"), [-1, 100, 1000], [0, 1, 2], 10, 0, 100, new RasterStyle { Title = "x" });
        Assert.That(File.ReadAllBytes(At("out.png")), Is.EqualTo(File.ReadAllBytes(At("none.png"))));
    }

    [Test]
    public void A_million_spikes_in_two_bands_take_seconds_at_most()
    {
        var random = new Random(1);
        var times = new double[1_000_000];
        var ids = new int[times.Length];
        for (var s = 0; s < times.Length; s++)
            (times[s], ids[s]) = (1000 * random.NextDouble(), random.Next(10_000));
        var watch = Stopwatch.StartNew();
        RasterPlot.Save(At("r.png"), times, ids, 10_000, 0, 1000, new RasterStyle { Bands = [new("excitatory", 0, 8000), new("inhibitory", 8000, 2000)] });
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(10));
        using var picture = Decode(At("r.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, Blue, 1), Is.GreaterThan(500));
        Assert.That(Near(picture, new SKColor(0xD5, 0x5E, 0x00), 1), Is.GreaterThan(500));
    }

    [Test]
    public void Same_input_gives_the_same_bytes() => SameBytesTwice(path => RasterPlot.Save(path, [1, 2, 3], [0, 1, 2], 3, 0, 5));

    [Test]
    public void Refuses_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => RasterPlot.Save(At("r.png"), [1], [], 1, 0, 1));
        Refuses(ErrorCode.IndexOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [1], 1, 0, 1));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [double.NaN], [0], 1, 0, 1));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [0], 0, 0, 1));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [0], 1, 1, 1));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [0], 1, 0, 1, new RasterStyle { RateBinMs = 0 }));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [0], 9, 0, 1, new RasterStyle { Bands = [new("a", 0, 10)] }));
        Refuses(ErrorCode.NumberOutOfRange, () => RasterPlot.Save(At("r.png"), [1], [0], 9, 0, 1, new RasterStyle { Bands = [new("a", 0, 5), new("b", 4, 2)] }));
    }
}
