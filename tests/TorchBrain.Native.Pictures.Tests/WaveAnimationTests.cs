using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using SkiaSharp;

namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class WaveAnimationTests : PictureFixture
{
    sealed record Chunk(string Type, byte[] Data);

    static List<Chunk> Chunks(byte[] file)
    {
        Assert.That(file[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        var chunks = new List<Chunk>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var crc = Crc32.HashToUInt32(file.AsSpan(at + 4, length + 4));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)), Is.EqualTo(crc));
            chunks.Add(new Chunk(System.Text.Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        return chunks;
    }

    static uint Number(byte[] data, int at) => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));

    static WaveFrame[] Moving(int side, int count, bool potential = false) => [.. Enumerable.Range(0, count).Select(f =>
    {
        var intensity = new float[side * side];
        for (var i = 0; i < intensity.Length; i++)
            intensity[i] = Math.Max(0f, 1f - Math.Abs(i % side - f % side) / 3f);
        return new WaveFrame(2 * f, intensity, potential ? [.. intensity.Select((_, i) => -80f + (i + f) % 30)] : null);
    })];

    [TestCase(false)]
    [TestCase(true)]
    public void The_container_is_an_animated_png(bool potential)
    {
        var (x, y) = Lattice(16);
        WaveAnimation.Save(At("w.png"), x, y, Moving(16, 30, potential), new WaveStyle { FramesPerSecond = 25 });
        var chunks = Chunks(File.ReadAllBytes(At("w.png")));
        Assert.That(chunks[..6].Select(chunk => chunk.Type), Is.EqualTo(new[] { "IHDR", "acTL", "PLTE", "tRNS", "fcTL", "IDAT" }));
        Assert.That(chunks[^1].Type, Is.EqualTo("IEND"));
        Assert.That(chunks[6..^1].Select(chunk => chunk.Type), Is.EqualTo(Enumerable.Repeat(new[] { "fcTL", "fdAT" }, 29).SelectMany(pair => pair)));
        Assert.That((Number(chunks[1].Data, 0), Number(chunks[1].Data, 4)), Is.EqualTo((30u, 0u)), "frames, plays");
        Assert.That(chunks[2].Data, Has.Length.LessThanOrEqualTo(768));
        var sequence = chunks.Where(chunk => chunk.Type is "fcTL" or "fdAT").Select(chunk => Number(chunk.Data, 0));
        Assert.That(sequence, Is.EqualTo(Enumerable.Range(0, 59).Select(k => (uint)k)));
        var (width, height) = (Number(chunks[0].Data, 0), Number(chunks[0].Data, 4));
        foreach (var control in chunks.Where(chunk => chunk.Type == "fcTL"))
        {
            Assert.That(control.Data, Has.Length.EqualTo(26));
            Assert.That(Number(control.Data, 12) + Number(control.Data, 4), Is.LessThanOrEqualTo(width));
            Assert.That(Number(control.Data, 16) + Number(control.Data, 8), Is.LessThanOrEqualTo(height));
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(control.Data.AsSpan(22)), Is.EqualTo(25));
        }
    }

    [Test]
    public void Frames_laid_over_each_other_give_what_a_film_that_starts_there_shows()
    {
        var (x, y) = Lattice(12);
        var frames = Moving(12, 9);
        WaveAnimation.Save(At("film.png"), x, y, frames);
        var film = Replay(At("film.png"));
        for (var f = 0; f < frames.Length; f++)
        {
            WaveAnimation.Save(At("single.png"), x, y, [frames[f]]);
            Assert.That(film[f], Is.EqualTo(Replay(At("single.png"))[0]), $"frame {f}");
            Assert.That(film[f], Has.None.EqualTo((byte)0), "every pixel painted");
        }
    }

    static List<byte[]> Replay(string path)
    {
        var chunks = Chunks(File.ReadAllBytes(path));
        var (width, height) = ((int)Number(chunks[0].Data, 0), (int)Number(chunks[0].Data, 4));
        var canvas = new byte[width * height];
        var shown = new List<byte[]>();
        for (var c = 4; c < chunks.Count - 1; c += 2)
        {
            var control = chunks[c].Data;
            var (w, h, left, top) = ((int)Number(control, 4), (int)Number(control, 8), (int)Number(control, 12), (int)Number(control, 16));
            using var zip = new ZLibStream(new MemoryStream(chunks[c + 1].Type == "IDAT" ? chunks[c + 1].Data : chunks[c + 1].Data[4..]), CompressionMode.Decompress);
            using var lines = new MemoryStream();
            zip.CopyTo(lines);
            var data = lines.ToArray();
            Assert.That(data, Has.Length.EqualTo(h * (w + 1)));
            for (var row = 0; row < h; row++)
                for (var column = 0; column < w; column++)
                    if (data[row * (w + 1) + 1 + column] is var index and > 0)
                        canvas[(top + row) * width + left + column] = index;
            shown.Add([.. canvas]);
        }
        return shown;
    }

    [Test]
    public void Viewers_without_animation_show_the_first_frame()
    {
        var (x, y) = Lattice(16);
        WaveAnimation.Save(At("w.png"), x, y, Moving(16, 5));
        using var picture = Decode(At("w.png"));
        Assert.That(picture.Width, Is.EqualTo(360));
        IsDrawn(picture, scale: 1);
        Assert.That(Near(picture, new SKColor(0x86, 0x08, 0x3F), 8), Is.GreaterThan(100));
        Assert.That(Near(picture, new SKColor(0xDD, 0xE1, 0xE6), 4), Is.GreaterThan(1000));
    }

    [Test]
    public void Two_hundred_frames_of_1500_nodes_stay_below_three_megabytes()
    {
        var random = new Random(1);
        var x = Enumerable.Range(0, 1500).Select(_ => 28f * random.NextSingle()).ToArray();
        var y = Enumerable.Range(0, 1500).Select(_ => 28f * random.NextSingle()).ToArray();
        var times = Enumerable.Range(0, 20_000).Select(_ => 400 * random.NextDouble()).ToArray();
        var ids = times.Select(time => Nearest(x, y, 14 + 10 * Math.Sin(time / 40), 14 + 10 * Math.Cos(time / 30), random)).ToArray();
        WaveAnimation.Save(At("w.png"), x, y, FiringTrail.FromSpikes(1500, times, ids, [.. Enumerable.Range(0, 200).Select(f => 2.0 * f)]));
        Assert.That(new FileInfo(At("w.png")).Length, Is.InRange(50_000, 3_000_000));

        static int Nearest(float[] x, float[] y, double centreX, double centreY, Random random)
        {
            var (atX, atY) = (centreX + 5 * random.NextDouble() - 2.5, centreY + 5 * random.NextDouble() - 2.5);
            return Enumerable.Range(0, x.Length).MinBy(i => (x[i] - atX) * (x[i] - atX) + (y[i] - atY) * (y[i] - atY));
        }
    }

    [Test]
    public void A_still_film_has_frames_of_one_pixel()
    {
        var (x, y) = Lattice(4);
        WaveAnimation.Save(At("w.png"), x, y, [new WaveFrame(7, new float[16]), new WaveFrame(7, new float[16])]);
        var controls = Chunks(File.ReadAllBytes(At("w.png"))).Where(chunk => chunk.Type == "fcTL").ToArray();
        Assert.That((Number(controls[1].Data, 4), Number(controls[1].Data, 8)), Is.EqualTo((1u, 1u)));
    }

    [Test]
    public void Same_input_gives_the_same_bytes()
    {
        var (x, y) = Lattice(12);
        SameBytesTwice(path => WaveAnimation.Save(path, x, y, Moving(12, 6)));
    }

    [Test]
    public void Refuses_what_does_not_fit()
    {
        var (x, y) = Lattice(2);
        WaveFrame[] good = [new WaveFrame(0, new float[4])];
        Refuses(ErrorCode.WrongLength, () => WaveAnimation.Save(At("w.png"), x, y.AsSpan(1), good));
        Refuses(ErrorCode.WrongLength, () => WaveAnimation.Save(At("w.png"), x, y, []));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveAnimation.Save(At("w.png"), x, y, good, new WaveStyle { FramesPerSecond = 0 }));
        Refuses(ErrorCode.NumberOutOfRange, () => WaveAnimation.Save(At("w.png"), x, y, good, new WaveStyle { AnimationSide = 10 }));
    }
}
