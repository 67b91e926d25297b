using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace TorchBrain.Native.Mnist;

/// <summary>
/// One file of the IDX format in which MNIST is published: images (magic number 2051) or labels (2049), plain or gzip-compressed;
/// which of the two is seen from the content, not from the name. Nothing is allocated on the word of the header alone.
/// </summary>
public sealed class IdxFile
{
    /// <summary>The first four bytes (big-endian) of an image file.</summary>
    public const int ImageMagic = 2051;

    /// <summary>The first four bytes (big-endian) of a label file.</summary>
    public const int LabelMagic = 2049;

    /// <summary>The most content bytes a file may claim: 1 GiB, twenty times the largest file of MNIST.</summary>
    public const long LargestContent = 1L << 30;

    IdxFile(int count, int rows, int columns, byte[] data, string sha256)
    {
        Count = count;
        Rows = rows;
        Columns = columns;
        Data = data;
        Sha256 = sha256;
    }

    /// <summary>The number of images or labels, at least 1.</summary>
    public int Count { get; }

    /// <summary>Rows of an image in pixels; 1 for labels.</summary>
    public int Rows { get; }

    /// <summary>Columns of an image in pixels; 1 for labels.</summary>
    public int Columns { get; }

    /// <summary>The content: pixels [count x rows x columns] (0 background, 255 full ink) or labels [count].</summary>
    public byte[] Data { get; }

    /// <summary>SHA-256 of the uncompressed file, header included, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file, plain or gzip-compressed.</param>
    /// <exception cref="TorchBrainException">TBN4001: the file is absent or unreadable. TBN4002: it is not a complete, sound IDX image file.</exception>
    public static IdxFile ReadImages(string path) => ReadFile(path, ImageMagic);

    /// <summary>Reads a label file.</summary>
    /// <param name="path">The file, plain or gzip-compressed.</param>
    /// <exception cref="TorchBrainException">TBN4001: the file is absent or unreadable. TBN4002: it is not a complete, sound IDX label file.</exception>
    public static IdxFile ReadLabels(string path) => ReadFile(path, LabelMagic);

    /// <summary>Reads images from a stream that can seek.</summary>
    /// <param name="stream">The bytes of the file, plain or gzip-compressed, from the current position to the end.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="TorchBrainException">TBN4002: the bytes are not a complete, sound IDX image file.</exception>
    public static IdxFile ReadImages(Stream stream, string name) => Read(stream, name, ImageMagic);

    /// <summary>Reads labels from a stream that can seek.</summary>
    /// <param name="stream">The bytes of the file, plain or gzip-compressed, from the current position to the end.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="TorchBrainException">TBN4002: the bytes are not a complete, sound IDX label file.</exception>
    public static IdxFile ReadLabels(Stream stream, string name) => Read(stream, name, LabelMagic);

    static IdxFile ReadFile(string path, int magic)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = File.OpenRead(path);
            return Read(file, path, magic);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TorchBrainException(ErrorCode.DataMissing, $"{path}: there is no such file.",
                "Name a folder that holds the four MNIST files.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TorchBrainException(ErrorCode.DataMissing, $"{path}: the file cannot be read ({e.Message})",
                "Check the path and that it is a file you may read.", e);
        }
    }

    static IdxFile Read(Stream stream, string name, int magic)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var start = stream.Position;
        int first = stream.ReadByte(), second = stream.ReadByte();
        stream.Position = start;
        if (first < 0) throw Damaged(name, "the file is empty", magic);
        if (first != 0x1F || second != 0x8B) return ReadPlain(stream, name, magic);
        try
        {
            using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            var file = ReadPlain(gzip, name, magic);
            CheckEnd(stream, (uint)file.Data.Length + (magic == ImageMagic ? 16u : 8u));
            return file;
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, $"the gzip compression is corrupted ({e.Message})", magic, e);
        }
    }

    static IdxFile ReadPlain(Stream stream, string name, int magic)
    {
        var images = magic == ImageMagic;
        Span<byte> header = stackalloc byte[images ? 16 : 8];
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got >= 4 && BinaryPrimitives.ReadInt32BigEndian(header) is var found && found != magic)
            throw Damaged(name, found switch
            {
                ImageMagic => "this is an image file (magic number 2051) where labels (2049) belong",
                LabelMagic => "this is a label file (magic number 2049) where images (2051) belong",
                _ => $"the first four bytes are {Convert.ToHexString(header[..4])}, not those of an IDX file",
            }, magic);
        if (got < header.Length) throw Damaged(name, $"the file ends after {got} bytes, inside its header of {header.Length}", magic);

        uint count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]), rows = 1, columns = 1;
        if (images)
        {
            rows = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
            columns = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        }
        var size = (UInt128)count * rows * columns;
        if (size == 0 || size > (ulong)LargestContent)
            throw Damaged(name, $"the header claims {count} items of {rows} x {columns} bytes; allowed are 1 byte to {LargestContent} bytes in all", magic);

        var data = ReadContent(stream, (int)size, out var length, out var trailing);
        if (length < (int)size)
            throw Damaged(name, $"the file is truncated: the header promises {size} bytes of {(images ? "pixels" : "labels")}, {length} follow", magic);
        if (trailing) throw Damaged(name, $"bytes follow after the {size} that the header promises", magic);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(data);
        return new IdxFile((int)count, (int)rows, (int)columns, data, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Reads up to <paramref name="size"/> bytes; the buffer grows with the bytes that are really there.</summary>
    static byte[] ReadContent(Stream stream, int size, out int length, out bool trailing)
    {
        const int step = 1 << 20;
        var data = new byte[Math.Min(size, step)];
        length = 0;
        while (true)
        {
            length += stream.ReadAtLeast(data.AsSpan(length), data.Length - length, throwOnEndOfStream: false);
            if (length < data.Length || length == size) break;
            Array.Resize(ref data, (int)Math.Min(size, data.Length * 2L));
        }
        trailing = length == size && stream.ReadByte() >= 0;
        return data;
    }

    /// <summary>GZipStream accepts a file that lacks its last bytes, or has others behind them: there the length must be repeated.</summary>
    static void CheckEnd(Stream stream, uint length)
    {
        Span<byte> end = stackalloc byte[4];
        stream.Seek(-4, SeekOrigin.End);
        stream.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != length) throw new InvalidDataException("its end is missing, or bytes follow it");
    }

    static TorchBrainException Damaged(string name, string what, int magic, Exception? inner = null) =>
        new(ErrorCode.DataDamaged, $"{name}: {what}.",
            $"Expected is an IDX {(magic == ImageMagic ? "image" : "label")} file, plain or gzip-compressed; delete this one and fetch it again.", inner);
}
