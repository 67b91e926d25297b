namespace TorchBrain.Native.Cpu;

/// <summary>
/// Where a part of a row begins, and how many cache lines of it are read next, in 48 bits: so that it can be fetched whole and in time before any of it is known.
/// </summary>
readonly record struct RowPlace(ulong Value)
{
    public const int Bits = 48;

    const int LineBits = 6, WordsPerLine = 64 / sizeof(uint);

    /// <param name="cursor">The cursor of its first word.</param>
    /// <param name="words">Words that are read next.</param>
    public RowPlace(long cursor, long words) : this((ulong)cursor << LineBits | (ulong)Math.Min((1 << LineBits) - 1, (cursor % WordsPerLine + words + WordsPerLine - 1) / WordsPerLine)) { }

    /// <summary>The cursor of the first word.</summary>
    public long Cursor => (long)(Value >> LineBits);

    /// <summary>Cache lines to fetch, at most 63.</summary>
    public int Lines => (int)(Value & ((1 << LineBits) - 1));
}
