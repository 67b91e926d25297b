namespace TorchBrain.Native.Cpu;

/// <summary>A part of the local indices of one thread that 16 bits can name.</summary>
/// <param name="Thread">Its owner.</param>
/// <param name="First">Its first local index.</param>
/// <param name="Wide">True for 64-bit sums.</param>
readonly record struct SparseSlice(int Thread, int First, bool Wide);

/// <summary>
/// The static sparse synapses of the whole network in 4 bytes each. A row holds what one source sends to one slice, in all populations: runs of one delay and one shift,
/// delays ascending, and a word 0 as its end. A run is a head (delay - 1 in 12 bits, shift in 5, length in 15) and words of 16 bits of weight above 16 bits of local index. Long runs are
/// filled up with words of weight 0, so that whole fours are left to add.
/// </summary>
/// <param name="Slices">The slices; a thread's follow one another.</param>
/// <param name="Words">All rows.</param>
/// <param name="Starts">Where the row of a source begins, [source population][slice][source]: see <see cref="Start"/>; -1 for no row; null for a population without sparse synapses.</param>
sealed record SparseRows(SparseSlice[] Slices, RowStore Words, long[]?[]?[] Starts) : IDisposable
{
    public const int LongestSlice = 1 << 16, LongestRun = (1 << 15) - 4;

    const int DelayBits = 12, WorthFilling = 12;

    /// <summary>The start of a row as one number: its place and its first delay, so that a row is not touched before it is due.</summary>
    public static long Start(RowPlace place, int delay) => (long)place.Value << DelayBits | (uint)(delay - 1);

    public static RowPlace Place(long start) => new((ulong)start >> DelayBits);

    public static int FirstDelay(long start) => (int)(start & ((1 << DelayBits) - 1)) + 1;

    public static uint Head(int delay, int shift, int length) => (uint)(delay - 1) << 20 | (uint)shift << 15 | (uint)length;

    /// <summary>The words of a run of some synapses, with those that fill it up.</summary>
    public static int Filled(int synapses) => synapses < WorthFilling ? synapses : (synapses + 3) & ~3;

    public static int Delay(uint head) => (int)(head >> 20) + 1;

    public static int Shift(uint head) => (int)(head >> 15) & 31;

    public static int Length(uint head) => (int)head & 0x7FFF;

    public void Dispose() => Words.Dispose();
}
