using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace TorchBrain.Native.Pictures;

/// <summary>
/// An animated PNG with an indexed palette (PNG, third edition: acTL, fcTL, fdAT). Entry 0 of the palette is transparent:
/// frames after the first hold only the rectangle that changed, and in it only the pixels that changed.
/// </summary>
sealed class Apng : IDisposable
{
    readonly MemoryStream file = new();
    readonly int width, height, frames;
    readonly ushort framesPerSecond;
    readonly byte[] previous;
    uint sequence;
    int added;

    /// <param name="width">Width, pixels.</param>
    /// <param name="height">Height, pixels.</param>
    /// <param name="palette">Up to 256 colours, 0xBBGGRR; entry 0 stands for "as before" and is never painted.</param>
    /// <param name="frames">How many frames will follow; they repeat for ever.</param>
    /// <param name="framesPerSecond">Speed.</param>
    internal Apng(int width, int height, ReadOnlySpan<uint> palette, int frames, int framesPerSecond)
    {
        (this.width, this.height, this.frames, this.framesPerSecond) = (width, height, frames, (ushort)framesPerSecond);
        previous = new byte[width * height];
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per index
        header[9] = 3; // indexed
        Chunk("IHDR"u8, header);
        Span<byte> control = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(control, frames);
        Chunk("acTL"u8, control);
        var colors = new byte[palette.Length * 3];
        for (var i = 0; i < palette.Length; i++)
            (colors[3 * i], colors[3 * i + 1], colors[3 * i + 2]) = ((byte)palette[i], (byte)(palette[i] >> 8), (byte)(palette[i] >> 16));
        Chunk("PLTE"u8, colors);
        Chunk("tRNS"u8, [0]);
    }

    /// <summary>Adds a frame of width x height palette indices, none of them 0.</summary>
    internal void Add(ReadOnlySpan<byte> indices)
    {
        var (left, top, right, bottom) = added == 0 ? (0, 0, width, height) : Changed(indices);
        Control(left, top, right - left, bottom - top);
        using var packed = new MemoryStream();
        if (added > 0)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(number, sequence++);
            packed.Write(number);
        }
        using (var zip = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var line = new byte[1 + right - left]; // filter 0, then the indices
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var at = y * width + x;
                    line[1 + x - left] = indices[at] == previous[at] ? (byte)0 : indices[at];
                }
                zip.Write(line);
            }
        }
        Chunk(added == 0 ? "IDAT"u8 : "fdAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        indices.CopyTo(previous);
        added++;
    }

    /// <summary>Ends the file and returns it.</summary>
    internal byte[] Finish()
    {
        if (added != frames)
            throw new InvalidOperationException($"{frames} frames were announced, {added} added.");
        Chunk("IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The rectangle that changed; one pixel where nothing did, since a frame cannot be empty.</summary>
    (int Left, int Top, int Right, int Bottom) Changed(ReadOnlySpan<byte> indices)
    {
        var (left, top, right, bottom) = (width, height, 0, 0);
        for (var y = 0; y < height; y++)
        {
            var now = indices.Slice(y * width, width);
            var before = previous.AsSpan(y * width, width);
            var first = now.CommonPrefixLength(before);
            if (first == width)
                continue;
            var last = width - 1;
            while (now[last] == before[last])
                last--;
            (left, right, top, bottom) = (Math.Min(left, first), Math.Max(right, last + 1), Math.Min(top, y), y + 1);
        }
        return right == 0 ? (0, 0, 1, 1) : (left, top, right, bottom);
    }

    public void Dispose() => file.Dispose();

    void Control(int left, int top, int frameWidth, int frameHeight)
    {
        Span<byte> control = stackalloc byte[26];
        BinaryPrimitives.WriteUInt32BigEndian(control, sequence++);
        BinaryPrimitives.WriteInt32BigEndian(control[4..], frameWidth);
        BinaryPrimitives.WriteInt32BigEndian(control[8..], frameHeight);
        BinaryPrimitives.WriteInt32BigEndian(control[12..], left);
        BinaryPrimitives.WriteInt32BigEndian(control[16..], top);
        BinaryPrimitives.WriteUInt16BigEndian(control[20..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(control[22..], framesPerSecond);
        control[24] = 0; // leave the frame in place
        control[25] = added == 0 ? (byte)0 : (byte)1; // source, then over
        Chunk("fcTL"u8, control);
    }

    void Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
