using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class WaveTests : PictureFixture
{
    static readonly SKColor Silent = new(0xDD, 0xE1, 0xE6);

    static WaveFrame[] Frames(int side, int count) => [.. Enumerable.Range(0, count).Select(f =>
    {
        var intensity = new float[side * side];
        for (var i = 0; i < intensity.Length; i++)
            intensity[i] = Math.Max(0f, 1f - Math.Abs(i % side - f) / 3f);
        return new WaveFrame(10 * f, intensity);
    })];

    [Test]
    public void Trail_fades_with_age_and_ends()
    {
        var frames = FiringTrail.FromSpikes(3, [10, 4, 20], [0, 1, 2], [9, 10, 13, 16], trailMs: 8);
        Assert.That(frames.Select(frame => frame.TimeMs), Is.EqualTo(new double[] { 9, 10, 13, 16 }));
        Assert.That(frames.Select(frame => frame.Intensity[0]), Is.EqualTo(new[] { 0f, 1f, 0.625f, 0.25f }));
        Assert.That(frames.Select(frame => frame.Intensity[1]), Is.EqualTo(new[] { 0.375f, 0.25f, 0f, 0f }));
        Assert.That(frames.Select(frame => frame.Intensity[2]), Is.All.EqualTo(0f));
    }

    [Test]
    public void Trail_shows_the_latest_spike_of_a_node_whatever_the_order()
    {
        var frames = FiringTrail.FromSpikes(1, [9, 1, 5], [0, 0, 0], [10], trailMs: 10);
        Assert.That(frames[0].Intensity[0], Is.EqualTo(0.9f).Within(1e-6f));
    }

    [Test]
    public void Trail_refuses_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => FiringTrail.FromSpikes(3, [1, 2], [0], [1]));
        Refuses(ErrorCode.IndexOutOfRange, () => FiringTrail.FromSpikes(3, [1], [3], [1]));
        Refuses(ErrorCode.IndexOutOfRange, () => FiringTrail.FromSpikes(3, [1], [-1], [1]));
        Refuses(ErrorCode.NumberOutOfRange, () => FiringTrail.FromSpikes(3, [double.NaN], [0], [1]));
        Refuses(ErrorCode.NumberOutOfRange, () => FiringTrail.FromSpikes(3, [1], [0], [2, 1]));
        Refuses(ErrorCode.NumberOutOfRange, () => FiringTrail.FromSpikes(3, [1], [0], [1], trailMs: 0));
    }

    [Test]
    public void A_fired_node_is_dark_red_and_a_silent_one_grey_at_its_place()
    {
        var (x, y) = Lattice(2);
        WaveFrames.Save(At("w.png"), x, y, [new WaveFrame(5, [0, 0, 0, 1])]);
        using var picture = Decode(At("w.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, Silent, 1), Is.GreaterThan(200));
        Assert.That(Near(picture, new SKColor(0x86, 0x08, 0x3F), 1), Is.GreaterThan(200));
        // Node 3 has the largest coordinates: upper right, since the second one grows upwards.
        var (columns, rows) = (new List<int>(), new List<int>());
        for (var row = 130; row < picture.Height - 80; row++)
            for (var column = 0; column < picture.Width; column++)
                if (picture.GetPixel(column, row) == new SKColor(0x86, 0x08, 0x3F))
                {
                    columns.Add(column);
                    rows.Add(row);
                }
        Assert.That(columns.Average(), Is.GreaterThan(picture.Width / 2));
        Assert.That(rows.Average(), Is.LessThan(picture.Height / 2));
    }

    [Test]
    public void Twelve_panels_stand_in_four_columns()
    {
        var (x, y) = Lattice(20);
        WaveFrames.Save(At("w.png"), x, y, Frames(20, 12), new WaveStyle { TrailMs = 12 });
        using var picture = Decode(At("w.png"));
        IsDrawn(picture);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1668, 1510)));
    }

    [Test]
    public void Axes_are_equal_so_a_long_sheet_gives_flat_panels()
    {
        var x = Enumerable.Range(0, 400).Select(i => (float)(i % 40)).ToArray();
        var y = Enumerable.Range(0, 400).Select(i => (float)(i / 40)).ToArray();
        WaveFrames.Save(At("flat.png"), x, y, [new WaveFrame(0, new float[400])]);
        WaveFrames.Save(At("tall.png"), y, x, [new WaveFrame(0, new float[400])]);
        using var flat = Decode(At("flat.png"));
        using var tall = Decode(At("tall.png"));
        Assert.That(tall.Height - flat.Height, Is.GreaterThan(400));
    }

    [Test]
    public void Potentials_colour_silent_nodes()
    {
        var (x, y) = Lattice(10);
        WaveFrames.Save(At("p.png"), x, y, [new WaveFrame(0, new float[100], [.. Enumerable.Range(0, 100).Select(i => -80f + 0.3f * i)])]);
        using var picture = Decode(At("p.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, Silent, 0), Is.LessThan(50));
        Assert.That(Near(picture, new SKColor(0x5F, 0x8D, 0xB8), 3), Is.GreaterThan(50));
    }

    [Test]
    public void Same_input_gives_the_same_bytes()
    {
        var (x, y) = Lattice(12);
        SameBytesTwice(path => WaveFrames.Save(path, x, y, Frames(12, 6)));
    }

    [Test]
    public void One_node_and_coinciding_nodes_are_drawn()
    {
        WaveFrames.Save(At("one.png"), [3f], [4f], [new WaveFrame(0, [1f])]);
        WaveFrames.Save(At("same.png"), [3f, 3f], [4f, 4f], [new WaveFrame(0, [1f, 0f])]);
        using var picture = Decode(At("one.png"));
        IsDrawn(picture);
    }

    [Test]
    public void Refuses_what_does_not_fit()
    {
        var (x, y) = Lattice(2);
        var good = new WaveFrame(0, new float[4]);
        Refuses(ErrorCode.WrongLength, () => WaveFrames.Save(At("w.png"), x, y.AsSpan(1), [good]));
        Refuses(ErrorCode.WrongLength, () => WaveFrames.Save(At("w.png"), x, y, []));
        Refuses(ErrorCode.WrongLength, () => WaveFrames.Save(At("w.png"), [], [], [new WaveFrame(0, [])]));
        Refuses(ErrorCode.WrongLength, () => WaveFrames.Save(At("w.png"), x, y, [new WaveFrame(0, new float[3])]));
        Refuses(ErrorCode.WrongLength, () => WaveFrames.Save(At("w.png"), x, y, [new WaveFrame(0, new float[4], new float[5])]));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveFrames.Save(At("w.png"), x, y, [new WaveFrame(0, [0, 0, 0, float.NaN])]));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveFrames.Save(At("w.png"), x, y, [new WaveFrame(0, [0, 0, 0, 1.5f])]));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveFrames.Save(At("w.png"), [0, 1, 2, float.PositiveInfinity], y, [good]));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveFrames.Save(At("w.png"), x, y, [good], new WaveStyle { Columns = 0 }));
    }
}
