using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

/// <summary>A folder of its own for each test, and readers of what was drawn.</summary>
public abstract class PictureFixture
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("torchbrain-pictures-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(string name) => Path.Combine(Folder, name);

    protected static SKBitmap Decode(string path) => SKBitmap.Decode(path) ?? throw new InvalidDataException(path);

    /// <summary>Different colours in a rectangle of pixels.</summary>
    protected static int Colors(SKBitmap picture, int left, int top, int width, int height)
    {
        var seen = new HashSet<SKColor>();
        for (var y = top; y < top + height; y++)
            for (var x = left; x < left + width; x++)
                seen.Add(picture.GetPixel(x, y));
        return seen.Count;
    }

    /// <summary>How many pixels are near a colour.</summary>
    protected static int Near(SKBitmap picture, SKColor color, int tolerance = 6)
    {
        var found = 0;
        foreach (var pixel in picture.Pixels)
            if (Math.Abs(pixel.Red - color.Red) <= tolerance && Math.Abs(pixel.Green - color.Green) <= tolerance && Math.Abs(pixel.Blue - color.Blue) <= tolerance)
                found++;
        return found;
    }

    /// <summary>The picture decodes, is not blank, and its title area (2 pixels per point) carries letters.</summary>
    protected static void IsDrawn(SKBitmap picture, int scale = 2)
    {
        Assert.That(picture.Pixels.Distinct().Count(), Is.GreaterThan(20), "colours in the picture");
        Assert.That(Colors(picture, 0, 0, picture.Width, 28 * scale), Is.GreaterThan(10), "colours in the title area");
    }

    /// <summary>Saves twice and compares bytes; nothing but the two files may be left.</summary>
    protected void SameBytesTwice(Action<string> save)
    {
        save(At("one.png"));
        save(At("two.png"));
        Assert.That(File.ReadAllBytes(At("two.png")), Is.EqualTo(File.ReadAllBytes(At("one.png"))));
        Assert.That(Directory.GetFileSystemEntries(Folder), Has.Length.EqualTo(2));
    }

    /// <summary>The call fails with the code and leaves nothing behind.</summary>
    protected void Refuses(string code, Action save)
    {
        var error = Assert.Throws<TorchBrainException>(save)!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        Assert.That(Directory.GetFileSystemEntries(Folder), Is.Empty);
    }

    /// <summary>A lattice of side x side nodes, spacing 1.</summary>
    protected static (float[] X, float[] Y) Lattice(int side)
    {
        var x = new float[side * side];
        var y = new float[side * side];
        for (var i = 0; i < x.Length; i++)
            (x[i], y[i]) = (i % side, i / side);
        return (x, y);
    }
}
