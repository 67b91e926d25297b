using System.Numerics;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// The spike bits of the last steps, on the device and, a little later, on the host: a ring of rows, one per step, that hold all populations side by side. The ring
/// has four quarters; a full one is copied by a stream of its own while the next is filled, and the host hashes and records it when it has to wait anyway. So a
/// step costs the host nothing, and what is copied is one bit per neuron and step, whatever happens.
/// </summary>
sealed class SpikeLog
{
    const int Quarters = 4, MostBytes = 64 << 20;

    readonly DeviceMemory _memory;
    readonly int[] _starts;
    readonly int[] _words;
    readonly CudaDeviceVariable<uint> _device;
    readonly CudaPinnedMemory<uint> _host;
    readonly CudaStream _copies;
    readonly CudaEvent _computed;
    readonly CudaEvent[] _copied;
    readonly SpikeHashChain _hash;
    readonly SpikeWindow?[] _windows;
    readonly int[][] _windowsOf;
    long _fetched, _processed;

    /// <param name="plan">The plan.</param>
    /// <param name="memory">Where to allocate.</param>
    /// <param name="windows">The spike recordings, by index; null for recordings of state.</param>
    public SpikeLog(NetworkPlan plan, DeviceMemory memory, SpikeWindow?[] windows)
    {
        (_memory, _windows) = (memory, windows);
        _words = [.. plan.Populations.Select(p => (p.Elements + 31) / 32)];
        _starts = new int[_words.Length];
        for (var p = 1; p < _starts.Length; p++)
            _starts[p] = _starts[p - 1] + _words[p - 1];
        Stride = _words.Sum();
        Slots = SlotsFor(plan);
        _device = memory.New<uint>((long)Slots * Stride, "spike bits");
        _host = memory.Pinned<uint>((long)Slots * Stride);
        _copies = memory.Own(new CudaStream(memory.Context));
        _computed = memory.Own(new CudaEvent(memory.Context));
        _copied = [.. Enumerable.Range(0, Quarters).Select(_ => memory.Own(new CudaEvent(memory.Context)))];
        _hash = new SpikeHashChain(plan);
        _windowsOf = [.. plan.Populations.Select(p => plan.Recordings.Where(r => r.Population.Index == p.Index && windows[r.Index] is not null).Select(r => r.Index).ToArray())];
    }

    /// <summary>Rows of the ring, a power of two: at least the history that plastic synapses need, at most 64 MiB where that allows.</summary>
    static int SlotsFor(NetworkPlan plan)
    {
        var stride = plan.Populations.Sum(p => (p.Elements + 31L) / 32);
        var slots = 256;
        while (slots > Quarters && slots * stride * sizeof(uint) > MostBytes)
            slots /= 2;
        return Math.Max(slots, plan.Populations.Max(p => p.HistorySlots));
    }

    /// <summary>Words of a row.</summary>
    public int Stride { get; }

    /// <summary>Rows.</summary>
    public int Slots { get; }

    /// <summary>Steps that may be queued from a step on without leaving its quarter.</summary>
    public long StepsLeft(long step) => Quarter - step % Quarter;

    /// <summary>Steps of a quarter of the ring.</summary>
    public long Quarter => Slots / Quarters;

    /// <summary>Hash of all steps processed.</summary>
    public UInt128 Hash => _hash.Value;

    /// <summary>Words of a population.</summary>
    public int WordsOf(int population) => _words[population];

    /// <summary>Address of a population's words in row 0.</summary>
    public nint AddressOf(int population) => _device.DevicePointer + _starts[population] * sizeof(uint);

    /// <summary>The host's copy of a population's bits of a step.</summary>
    public ReadOnlySpan<uint> Words(int population, long step) => _host.Slice((step & (Slots - 1)) * Stride + _starts[population], _words[population]);

    /// <summary>Clears everything; the next step is this one.</summary>
    public void Reset(long step, UInt128 hash)
    {
        _device.Clear(_memory.Stream);
        _host.Span.Clear();
        _hash.Value = hash;
        _fetched = _processed = step;
        foreach (var window in _windows)
            window?.Reset(step);
    }

    /// <summary>Sets the bits of a past step, on both sides.</summary>
    public void Replace(int population, long step, ReadOnlySpan<uint> words)
    {
        var at = (step & (Slots - 1)) * Stride + _starts[population];
        words.CopyTo(_host.Slice(at, words.Length));
        _device.CopyToDevice(words, at, _memory.Stream);
    }

    /// <summary>Called before steps of a quarter are queued: what lies there must have been copied.</summary>
    public void BeforeSteps(long step)
    {
        if (step % Quarter == 0)
            _memory.Stream.Wait(_copied[(int)(step / Quarter % Quarters)]);
    }

    /// <summary>Called when all steps up to one are queued: a quarter that is full is sent on its way.</summary>
    public void AfterSteps(long step)
    {
        if (step % Quarter == 0)
            Fetch(step);
    }

    /// <summary>Waits for all steps up to one, and takes them in.</summary>
    public void CatchUp(long step)
    {
        Fetch(step);
        _copies.Synchronize();
        Process(step);
    }

    // Queues the copy of all steps up to one, all of which lie in one quarter. The host's rows that it overwrites must have been taken in.
    void Fetch(long step)
    {
        if (step == _fetched)
            return;
        var quarter = (int)(_fetched / Quarter % Quarters);
        if (_fetched % Quarter == 0 && _processed < _fetched - Slots + Quarter)
            TakeInOldest();
        _computed.Record(_memory.Stream);
        _copies.Wait(_computed);
        var at = (_fetched & (Slots - 1)) * Stride;
        _device.CopyToHostAsync(_host, at, at, (step - _fetched) * Stride, _copies);
        _copied[quarter].Record(_copies);
        _fetched = step;
    }

    // The quarter after the one being fetched is the oldest; its copy was queued three quarters ago.
    void TakeInOldest()
    {
        var end = (_processed / Quarter + 1) * Quarter;
        _copied[(int)(_processed / Quarter % Quarters)].Synchronize();
        Process(end);
    }

    void Process(long end)
    {
        for (; _processed < end; _processed++)
            for (var p = 0; p < _words.Length; p++)
            {
                var count = Decode(Words(p, _processed), _hash.Elements);
                foreach (var r in _windowsOf[p])
                {
                    _hash.Elements[..count].CopyTo(_windows[r]!.Room());
                    _windows[r]!.Add(_processed, count);
                }
                _hash.Add(_processed, p, count);
            }
    }

    /// <summary>The set bits as ascending numbers.</summary>
    /// <returns>How many.</returns>
    public static int Decode(ReadOnlySpan<uint> words, Span<int> elements)
    {
        var count = 0;
        for (var w = 0; w < words.Length; w++)
            for (var left = words[w]; left != 0; left &= left - 1)
                elements[count++] = w * 32 + BitOperations.TrailingZeroCount(left);
        return count;
    }
}
