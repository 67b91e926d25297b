using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class ReceptiveFieldTests : PictureFixture
{
    const int Side = 20;

    /// <summary>Units whose weights are bumps spread over a lattice that may close on itself.</summary>
    static float[] Bumps(int units, bool torus = false)
    {
        var random = new Random(4);
        var weights = new float[units * Side * Side];
        for (var unit = 0; unit < units; unit++)
        {
            var (cx, cy) = (Side * random.NextSingle(), Side * random.NextSingle());
            for (var i = 0; i < Side * Side; i++)
            {
                var (dx, dy) = (i % Side - cx, i / Side - cy);
                if (torus)
                    (dx, dy) = (dx - Side * MathF.Round(dx / Side), dy - Side * MathF.Round(dy / Side));
                weights[unit * Side * Side + i] = 10f * MathF.Exp(-(dx * dx + dy * dy) / 2f);
            }
        }
        return weights;
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Three_panels_are_drawn(bool torus)
    {
        var (x, y) = Lattice(Side);
        ReceptiveFields.Save(At("f.png"), x, y, Bumps(60, torus), 60, torus ? new ReceptiveFieldStyle { PeriodX = Side, PeriodY = Side } : null);
        using var picture = Decode(At("f.png"));
        IsDrawn(picture);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((2548, 1100)));
        Assert.That(Colors(picture, 36, 176, 800, 800), Is.GreaterThan(100), "tiling");
        Assert.That(Colors(picture, 1030, 176, 790, 800), Is.GreaterThan(50), "examples");
        Assert.That(Near(picture, new SKColor(0x00, 0x72, 0xB2), 1), Is.GreaterThan(2000), "bars of the histogram");
        Assert.That(Near(picture, new SKColor(0xD5, 0x5E, 0x00), 1), Is.GreaterThan(500), "outlines of the examples");
    }

    [Test]
    public void Units_that_never_formed_are_left_out_but_the_picture_stands()
    {
        var (x, y) = Lattice(Side);
        var full = new float[3 * Side * Side];
        Array.Fill(full, 2.5f);
        ReceptiveFields.Save(At("full.png"), x, y, full, 3);
        ReceptiveFields.Save(At("empty.png"), x, y, new float[3 * Side * Side], 3);
        using var picture = Decode(At("full.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, new SKColor(0xD5, 0x5E, 0x00), 1), Is.Zero);
    }

    [Test]
    public void Same_input_gives_the_same_bytes()
    {
        var (x, y) = Lattice(Side);
        SameBytesTwice(path => ReceptiveFields.Save(path, x, y, Bumps(20), 20));
    }

    [Test]
    public void Refuses_what_does_not_fit()
    {
        var (x, y) = Lattice(2);
        Refuses(ErrorCode.WrongLength, () => ReceptiveFields.Save(At("f.png"), x, y, new float[7], 2));
        Refuses(ErrorCode.WrongLength, () => ReceptiveFields.Save(At("f.png"), x, y.AsSpan(1), new float[8], 2));
        Refuses(ErrorCode.NumberOutOfRange, () => ReceptiveFields.Save(At("f.png"), x, y, new float[8], 0));
        Refuses(ErrorCode.NumberOutOfRange, () => ReceptiveFields.Save(At("f.png"), x, y, [0, 0, 0, 0, 0, 0, 0, float.NaN], 2));
        Refuses(ErrorCode.NumberOutOfRange, () => ReceptiveFields.Save(At("f.png"), x, y, new float[8], 2, new ReceptiveFieldStyle { PeriodX = 0 }));
        Refuses(ErrorCode.NumberOutOfRange, () => ReceptiveFields.Save(At("f.png"), x, y, new float[8], 2, new ReceptiveFieldStyle { Examples = 0 }));
    }
}
