using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native;

/// <summary>
/// A function from random words to whole numbers that never falls, or never rises, as the words at which it changes. Gives what the function gives, word for word, with nothing but comparisons, so
/// a device can do it too.
/// </summary>
public sealed class WordTable
{
    // An entry for every few bounds is not enough: where entries far outnumber bounds, most words need no comparison.
    const int FewBits = 12, ManyBits = 16, ManyBounds = 512;

    internal WordTable(Func<uint, int> function)
    {
        First = function(0);
        var last = function(uint.MaxValue);
        Direction = last < First ? -1 : 1;
        Bounds = new uint[Math.Abs((long)last - First)];
        var at = 0;
        Split(0, First, uint.MaxValue, last);
        IndexBits = Bounds.Length > ManyBounds ? ManyBits : FewBits;
        Index = new uint[(1 << IndexBits) + 1];
        at = 0;
        for (uint i = 0; i < 1 << IndexBits; i++)
        {
            while (at < Bounds.Length && Bounds[at] <= i << (32 - IndexBits))
                at++;
            Index[i] = (uint)at;
        }
        Index[^1] = (uint)Bounds.Length;

        // Where both ends give the same, so does everything in between.
        void Split(uint low, int ofLow, uint high, int ofHigh)
        {
            if (ofLow == ofHigh)
                return;
            if (high - low == 1)
            {
                for (var n = Math.Abs((long)ofHigh - ofLow); n > 0; n--)
                    Bounds[at++] = high;
                return;
            }
            var middle = low + (high - low) / 2;
            var ofMiddle = function(middle);
            if ((ofMiddle - First) * Direction < (ofLow - First) * Direction || (ofMiddle - First) * Direction > (ofHigh - First) * Direction)
                throw new InvalidOperationException("The function goes up and down.");
            Split(low, ofLow, middle, ofMiddle);
            Split(middle, ofMiddle, high, ofHigh);
        }
    }

    /// <summary>True if all words give <see cref="First"/>.</summary>
    public bool IsConstant => Bounds.Length == 0;

    /// <summary>Upper bits of a word that <see cref="Index"/> is entered with.</summary>
    public int IndexBits { get; }

    /// <summary>What word 0 gives.</summary>
    public int First { get; }

    /// <summary>1 where larger words give no less, -1 where they give no more.</summary>
    public int Direction { get; }

    /// <summary>Ascending; the value has gone one further in <see cref="Direction"/> for each bound that is at or below the word.</summary>
    public uint[] Bounds { get; }

    /// <summary>For each of the upper bits of a word the bounds that are at or below the least of its words, and at the end all bounds.</summary>
    public uint[] Index { get; }

    /// <summary>The value of a word.</summary>
    public int this[uint word]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Index), word >> (32 - IndexBits)); // has one entry more than its bits can name
            uint low = entry, high = Unsafe.Add(ref entry, 1);
            return First + Direction * (int)(low == high ? low : Search(word, low, high));
        }
    }

    uint Search(uint word, uint low, uint high)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Bounds[middle] <= word)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The values of words.</summary>
    internal void Fill(ReadOnlySpan<uint> words, Span<int> values)
    {
        for (var k = 0; k < values.Length; k++)
            values[k] = this[words[k]];
    }

    /// <summary>The values of words, where all fit 16 bits.</summary>
    internal void Fill(ReadOnlySpan<uint> words, Span<short> values)
    {
        for (var k = 0; k < values.Length; k++)
            values[k] = (short)this[words[k]];
    }

    /// <summary>Bytes of the table.</summary>
    public long Bytes => (Bounds.LongLength + Index.LongLength) * sizeof(uint);
}
