using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

/// <summary>Small files in the MNIST format, and the way to the real ones.</summary>
static class TestFiles
{
    public static byte[] Images(int count, int rows, int columns, ulong seed = 1)
    {
        var bytes = new byte[16 + count * rows * columns];
        BinaryPrimitives.WriteInt32BigEndian(bytes, IdxFile.ImageMagic);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), rows);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), columns);
        var random = new RandomSequence(seed, 1);
        for (var i = 16; i < bytes.Length; i++) bytes[i] = (byte)random.NextUInt32();
        return bytes;
    }

    public static byte[] Labels(int count, int highest = 9)
    {
        var bytes = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(bytes, IdxFile.LabelMagic);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
        for (var i = 0; i < count; i++) bytes[8 + i] = (byte)(i % (highest + 1));
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(bytes);
        return target.ToArray();
    }

    /// <summary>Four small files with the names of MNIST.</summary>
    public static void WriteSet(string folder, bool gzip, int train = 12, int test = 5, int side = 28)
    {
        Directory.CreateDirectory(folder);
        byte[][] contents = [Images(train, side, side), Labels(train), Images(test, side, side, 2), Labels(test)];
        for (var i = 0; i < 4; i++)
            File.WriteAllBytes(Path.Combine(folder, MnistFiles.Canonical[i].Name + (gzip ? ".gz" : "")), gzip ? Gzip(contents[i]) : contents[i]);
    }

    /// <summary>The folder of the real data, or the end of the test with the reason.</summary>
    public static string RealData()
    {
        var folder = Environment.GetEnvironmentVariable(DigitSource.Variable);
        if (string.IsNullOrEmpty(folder)) Assert.Ignore($"{DigitSource.Variable} is not set: no real MNIST to test on.");
        return folder!;
    }

    public static string Code(Action action) => Assert.Throws<TorchBrainException>(action)!.Code;
}
