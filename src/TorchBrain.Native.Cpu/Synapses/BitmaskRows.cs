using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Who sends to whom in one bit a pair: for synapses that share a weight and a delay, and reach one target in 32 or more. A row holds the bits of one source and the targets of one thread, in blocks of
/// 512 bits: target 16 b + l of a block is bit b of its 32-bit lane l, so that a vector operation finds neighbouring targets in neighbouring lanes. The second synapse of a pair has no bit and is left to
/// <see cref="SparseRows"/>.
/// </summary>
sealed class BitmaskRows : IDisposable
{
    /// <summary>Targets of a block, and its lanes: the words of a row that it takes.</summary>
    public const int Block = 512, Lanes = 16;

    // From here on a row is no longer than 4 bytes a synapse are.
    const double LeastDensity = 1.0 / 32;

    readonly int[] _starts, _rowWords;
    readonly AlignedBuffer<int>[] _words;

    public BitmaskRows(ProjectionPlan plan, CpuPopulation target)
    {
        _starts = target.Starts;
        _rowWords = [.. Enumerable.Range(0, _starts.Length - 1).Select(t => (_starts[t + 1] - _starts[t] + Block - 1) / Block * Lanes)];
        _words = [.. _rowWords.Select(words => new AlignedBuffer<int>((long)plan.Source.Count * words, target.HugePages))];
    }

    /// <summary>Whether a projection is stored this way.</summary>
    public static bool Include(ProjectionPlan p) =>
        p.Storage == SynapseStorage.SparseInt16 && p.SharedWeight is not null && p.MinDelay == p.MaxDelay && p.Source.Elements == p.Source.Count && !p.Target.Channels[p.Channel].Wide
        && p.SynapseCount >= LeastDensity * p.Source.Count * p.Target.Count;

    /// <summary>Words of a row of a thread.</summary>
    public int RowWords(int thread) => _rowWords[thread];

    /// <summary>Where the row of a source lies among those of a thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowPlace Place(int thread, int source) => new((long)source * _rowWords[thread], _rowWords[thread]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int At(int thread, RowPlace place) => ref _words[thread].At(place.Cursor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int thread, RowPlace place)
    {
        for (var line = 0; line < place.Lines; line++)
            _words[thread].Prefetch(place.Cursor + line * Lanes);
    }

    /// <summary>Takes the synapses of a source to some targets, and moves those whose pair has one already to the front; returns how many these are. A source is taken once, on any thread.</summary>
    public int Take(int source, Span<int> targets)
    {
        var left = 0;
        foreach (var target in targets)
        {
            var thread = 0;
            while (target >= _starts[thread + 1])
                thread++;
            var (block, at) = Math.DivRem(target - _starts[thread], Block);
            ref var word = ref _words[thread].At((long)source * _rowWords[thread] + block * Lanes + at % Lanes);
            var bit = 1 << at / Lanes;
            if ((word & bit) != 0)
                targets[left++] = target;
            word |= bit;
        }
        return left;
    }

    public void Dispose()
    {
        foreach (var words in _words)
            words.Dispose();
    }
}
