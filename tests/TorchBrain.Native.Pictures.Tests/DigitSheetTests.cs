using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class DigitSheetTests : PictureFixture
{
    static readonly SKColor Red = new(0xC6, 0x1A, 0x1A);

    [Test]
    public void Pixels_appear_where_they_belong()
    {
        var pixels = new byte[2 * 784];
        pixels[784 + 14 * 28 + 14] = 255; // the middle of the second image
        DigitSheet.Save(At("d.png"), pixels, [1, 2], [], columns: 2);
        using var picture = Decode(At("d.png"));
        IsDrawn(picture);
        SKColor Ink(int image, double x, double y) => picture.GetPixel((int)(2 * (20 + image * 68 + x / 28 * 58)), (int)(2 * (58 + y / 28 * 58)));
        Assert.That(Ink(1, 14.5, 14.5), Is.EqualTo(SKColors.Black));
        Assert.That(Ink(0, 14.5, 14.5), Is.EqualTo(SKColors.White));
        Assert.That(Ink(1, 20, 14.5), Is.EqualTo(SKColors.White));
        Assert.That(Near(picture, Red, 2), Is.Zero);
    }

    [Test]
    public void A_mistake_is_red()
    {
        DigitSheet.Save(At("d.png"), new byte[25 * 784], new int[25], [.. Enumerable.Range(0, 25).Select(i => i == 3 ? 7 : 0)]);
        using var picture = Decode(At("d.png"));
        IsDrawn(picture);
        Assert.That(Near(picture, Red, 2), Is.GreaterThan(800));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((1420, 652)));
    }

    [Test]
    public void Same_input_gives_the_same_bytes() => SameBytesTwice(path => DigitSheet.Save(path, new byte[784], [3], [4]));

    [Test]
    public void Refuses_what_does_not_fit()
    {
        Refuses(ErrorCode.WrongLength, () => DigitSheet.Save(At("d.png"), new byte[783], [1], []));
        Refuses(ErrorCode.WrongLength, () => DigitSheet.Save(At("d.png"), [], [], []));
        Refuses(ErrorCode.WrongLength, () => DigitSheet.Save(At("d.png"), new byte[784], [1], [1, 2]));
        Refuses(ErrorCode.NumberOutOfRange, () => DigitSheet.Save(At("d.png"), new byte[784], [-1], []));
        Refuses(ErrorCode.NumberOutOfRange, () => DigitSheet.Save(At("d.png"), new byte[784], [1], [], columns: 0));
        Refuses(ErrorCode.TooLarge, () => DigitSheet.Save(At("d.png"), new byte[2000 * 784], new int[2000], [], columns: 1));
    }
}
