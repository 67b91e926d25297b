namespace TorchBrain.Native.Planning;

/// <summary>
/// A rising function from random words to delays in steps as a table: the words at which the delay grows by one, and where to begin among them for each of the upper 12 bits. Gives
/// what the function gives, word for word.
/// </summary>
sealed class DelayTable
{
    const int IndexBits = 12;

    readonly int _least;
    readonly uint[] _bounds;
    readonly ushort[] _first = new ushort[1 << IndexBits];

    /// <param name="steps">Steps of a word; never falls.</param>
    public DelayTable(Func<uint, int> steps)
    {
        _least = steps(0);
        _bounds = new uint[steps(uint.MaxValue) - _least];
        for (var k = 0; k < _bounds.Length; k++)
            _bounds[k] = FirstWord(steps, _least + k + 1, k == 0 ? 0 : _bounds[k - 1]);
        var at = 0;
        for (uint i = 0; i < _first.Length; i++)
        {
            while (at < _bounds.Length && _bounds[at] <= i << (32 - IndexBits))
                at++;
            _first[i] = (ushort)at;
        }
    }

    // The smallest word from `low` on that gives at least so many steps.
    static uint FirstWord(Func<uint, int> steps, int atLeast, uint low)
    {
        var high = uint.MaxValue;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (steps(middle) >= atLeast)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>The delays of words.</summary>
    public void Fill(ReadOnlySpan<uint> words, Span<int> delays)
    {
        for (var k = 0; k < delays.Length; k++)
        {
            var word = words[k];
            int at = _first[word >> (32 - IndexBits)];
            while (at < _bounds.Length && word >= _bounds[at])
                at++;
            delays[k] = _least + at;
        }
    }
}
