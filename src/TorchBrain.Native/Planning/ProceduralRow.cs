namespace TorchBrain.Native.Planning;

/// <summary>A row of <see cref="ProceduralRows"/>, and what it takes to make one. Reused from row to row; nothing is allocated after the first.</summary>
public sealed class ProceduralRow
{
    readonly int[] _targets, _delays;
    readonly short[] _weights;
    readonly uint[] _words;

    internal ProceduralRow(int longest)
    {
        (_targets, _delays, _weights) = (new int[longest], new int[longest], new short[longest]);
        _words = new uint[longest + 1];
    }

    /// <summary>Number of synapses.</summary>
    public int Count { get; internal set; }
    /// <summary>Target of each synapse.</summary>
    public Span<int> Targets => _targets.AsSpan(0, Count);
    /// <summary>Delay of each synapse in steps; not filled where all have one delay.</summary>
    public Span<int> Delays => _delays.AsSpan(0, Count);
    /// <summary>16-bit weight of each synapse; not filled where all have one weight.</summary>
    public Span<short> Weights => _weights.AsSpan(0, Count);

    /// <summary>Words of a sequence; the first is a multiple of 4.</summary>
    internal ReadOnlySpan<uint> Words(int first, int count, ulong seed, uint stream, int source)
    {
        var words = _words.AsSpan(0, count);
        PhiloxRow.Fill(seed, stream, (uint)source, words, (uint)first / 4);
        return words;
    }
}
