namespace TorchBrain.Native;

/// <summary>The window of a spike recording, for backends: a list that grows with what happens, up to the window's steps.</summary>
/// <param name="steps">Steps the window holds.</param>
/// <param name="elements">Elements of the population.</param>
public sealed class SpikeWindow(int steps, int elements)
{
    readonly int[] _counts = new int[steps];
    int[] _spikes = new int[Math.Max(elements, (int)Math.Min(1 << 20, (long)elements * steps / 20))];
    int _used;

    /// <summary>The first step held.</summary>
    public long First { get; private set; }

    /// <summary>Forgets everything; the next step is this one.</summary>
    public void Reset(long step)
    {
        First = step;
        _used = 0;
    }

    /// <summary>Room for one more step; write the spikes, then <see cref="Add"/>. The list doubles when a window holds more spikes than ever before.</summary>
    public Span<int> Room()
    {
        if (_spikes.Length - _used < elements)
            Array.Resize(ref _spikes, Math.Max(2 * _spikes.Length, _used + elements));
        return _spikes.AsSpan(_used);
    }

    /// <summary>Keeps the first <paramref name="count"/> of <see cref="Room"/> as the spikes of a step.</summary>
    public void Add(long step, int count)
    {
        _counts[step - First] = count;
        _used += count;
    }

    /// <summary>Hands out the steps [First, step) and forgets them.</summary>
    public void Drain(long step, ISpikeSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var at = 0;
        for (var s = First; s < step; s++)
        {
            var count = _counts[s - First];
            sink.Accept(s, _spikes.AsSpan(at, count));
            at += count;
        }
        Reset(step);
    }
}
