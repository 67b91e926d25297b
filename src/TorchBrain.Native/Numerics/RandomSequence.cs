namespace TorchBrain.Native;

/// <summary>
/// A sequence of random draws of one owner, for set-up work on the host (positions, parameters, rows of connectivity, drawn digits).
/// A pure function of (seed, stream, element): equal on every machine and thread.
/// </summary>
public struct RandomSequence
{
    readonly ulong _key;
    readonly uint _stream, _element;
    ulong _block;
    uint _w0, _w1, _w2, _w3;
    int _left;

    /// <summary>Starts the sequence of one owner.</summary>
    /// <param name="seed">The seed of the network or program.</param>
    /// <param name="stream">Names the purpose: see <see cref="RandomStream"/>; use <see cref="RandomStream.Named"/> for own streams.</param>
    /// <param name="element">Which element of that stream, for example a neuron or a row.</param>
    public RandomSequence(ulong seed, uint stream, uint element = 0)
    {
        _key = seed;
        _stream = stream;
        _element = element;
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_left == 0)
        {
            _w0 = _element;
            _w1 = _stream;
            _w2 = (uint)_block;
            _w3 = (uint)(_block >> 32) | 0x8000_0000; // never meets the counters of step-path draws, whose steps stay below 2^63
            Philox.Block(_key, ref _w0, ref _w1, ref _w2, ref _w3);
            _block++;
            _left = 4;
        }
        return (_left--) switch { 4 => _w0, 3 => _w1, 2 => _w2, _ => _w3 };
    }

    /// <summary>A uniform number in (0, 1), never 0 and never 1.</summary>
    public double NextUniform() => Uniform(NextUInt32());

    /// <summary>The uniform number in (0, 1) of a random word.</summary>
    internal static double Uniform(uint word) => (word + 0.5) * (1.0 / 4294967296.0);

    /// <summary>A uniform whole number in [0, bound), without bias beyond 2^-32.</summary>
    public int NextBelow(int bound) => (int)((ulong)NextUInt32() * (uint)bound >> 32);

    /// <summary>A standard normal number, |z| below 6.4, by the inverse of the cumulative distribution.</summary>
    public double NextNormal() => NormalQuantile.Of(NextUniform());

    /// <summary>Shuffles a span in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextBelow(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
