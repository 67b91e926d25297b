namespace TorchBrain.Native.Cuda;

/// <summary>Where each of some pieces that lie one behind the other begins, and the end of the last.</summary>
static class Offsets
{
    /// <summary>Of pieces of given lengths.</summary>
    public static long[] Of(IEnumerable<int> lengths) => Summed([0, .. lengths.Select(length => (long)length)]);

    /// <summary>Counts, each one place ahead, become starts in place.</summary>
    public static long[] Summed(long[] counts)
    {
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        return counts;
    }

    /// <summary>The longest piece; 0 where there is none.</summary>
    public static long Longest(long[] starts)
    {
        var longest = 0L;
        for (var i = 1; i < starts.Length; i++)
            longest = Math.Max(longest, starts[i] - starts[i - 1]);
        return longest;
    }
}
