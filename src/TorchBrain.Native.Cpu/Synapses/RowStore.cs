using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Where the words of rows lie: segments that are added as rows need them, so that nothing has to be known about their size. A cursor names a word: segment above, place in it
/// in the lower 32 bits, <see cref="CursorBits"/> in all. Writers take pieces; pieces never move.
/// </summary>
sealed class RowStore : IDisposable
{
    /// <summary>Bits of a cursor.</summary>
    public const int CursorBits = 42;

    const int MostSegments = 1 << (CursorBits - 32), ExpectedSegments = MostSegments / 4;
    const long LargeSegment = 1 << 24;

    readonly Lock _gate = new();
    readonly long _segmentWords;
    readonly bool _hugePages;
    AlignedBuffer<uint>[] _segments = [];
    long _used;

    /// <param name="expectedWords">About how many words there will be; decides nothing but the size of segments.</param>
    /// <param name="hugePages">Whether segments ask for huge pages.</param>
    public RowStore(double expectedWords, bool hugePages) => (_segmentWords, _hugePages) = ((long)Math.Max(Math.Clamp(expectedWords, 1 << 12, LargeSegment), expectedWords / ExpectedSegments), hugePages);

    /// <summary>Takes consecutive words and returns the cursor of the first.</summary>
    public long Take(long words)
    {
        lock (_gate)
        {
            if (_segments.Length == 0 || _used + words > _segments[^1].Length)
            {
                if (_segments.Length == MostSegments)
                    throw new InvalidOperationException("The rows of sparse synapses are several times as long as expected.");
                _segments = [.. _segments, new AlignedBuffer<uint>(Math.Max(words, _segmentWords), _hugePages, zeroed: false)];
                _used = 0;
            }
            var at = _used;
            _used += words;
            return (long)(_segments.Length - 1) << 32 | at;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref uint At(long cursor) => ref _segments[(int)(cursor >> 32)].At((uint)cursor);

    /// <summary>Asks the processor for the cache lines of a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(RowPlace place)
    {
        var segment = _segments[(int)(place.Cursor >> 32)];
        var lines = place.Lines;
        for (var line = 0; line < lines; line++)
            segment.Prefetch((uint)place.Cursor + line * 16L);
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }
}
