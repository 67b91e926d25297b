using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>The arrays of one population on the device, in canonical layout but for rings, whose slots turn with the step.</summary>
sealed class CudaPopulation
{
    readonly DeviceMemory _memory;
    readonly SpikeLog _log;
    readonly CudaDeviceVariable<float>[] _state;
    readonly CudaDeviceVariable<int>[] _rings;
    readonly CudaDeviceVariable<float>?[] _currents;
    readonly CudaDeviceVariable<uint>? _alive;
    readonly CudaDeviceVariable<int> _totals, _lists, _counts;
    readonly CudaDeviceVariable<ulong>? _winners;
    readonly int _batch;
    int[]? _totalsHost;

    public CudaPopulation(PopulationPlan plan, int batch, DeviceMemory memory, SpikeLog log)
    {
        (Plan, _batch, _memory, _log) = (plan, batch, memory, log);
        _state = [.. plan.Neuron.State.Select(s => memory.New<float>(plan.Elements, $"{plan.Name}.{s.Name}"))];
        _rings = [.. plan.Channels.Select(c => memory.New<int>((long)plan.RingSlots * plan.Elements * (c.Wide ? 2 : 1), $"{plan.Name}.input[{c.Name}]"))];
        _currents = [.. plan.Inputs.Select(i => i is CurrentPlan ? memory.New<float>(plan.Elements, i.Name) : null)];
        _alive = plan.Description.Lesionable ? memory.New<uint>((plan.Elements + 31) / 32, $"{plan.Name}.alive") : null;
        _totals = memory.New<int>(plan.Elements, $"{plan.Name}.spikeTotals");
        _lists = memory.New<int>((long)plan.HistorySlots * plan.Elements, $"{plan.Name}.spikeLists");
        _counts = memory.New<int>(plan.HistorySlots, $"{plan.Name}.spikeCounts");
        _winners = NeuronGroup.Competes(plan) ? memory.New<ulong>(batch, $"{plan.Name}.winners") : null;
    }

    public PopulationPlan Plan { get; }

    /// <summary>Where kernels find the spikes.</summary>
    public SpikesAbi Spikes => new()
    {
        Bits = _log.AddressOf(Plan.Index),
        Ids = _lists.DevicePointer,
        Counts = _counts.DevicePointer,
        BitStride = (uint)_log.Stride,
        BitMask = (uint)_log.Slots - 1,
        ListMask = (uint)Plan.HistorySlots - 1,
        Elements = (uint)Plan.Elements,
    };

    /// <summary>Where kernels find a channel's ring.</summary>
    public RingAbi Ring(int channel) => new() { Sums = _rings[channel].DevicePointer, Mask = (uint)Plan.RingSlots - 1, Elements = (uint)Plan.Elements };

    /// <summary>Address of a state variable.</summary>
    public nint StateAddress(int variable) => _state[variable].DevicePointer;

    /// <summary>The row of the population's table, with everything but its first block.</summary>
    public PopulationAbi Describe()
    {
        var row = new PopulationAbi
        {
            Alive = _alive?.DevicePointer ?? 0,
            SpikeTotals = _totals.DevicePointer,
            Winners = _winners?.DevicePointer ?? 0,
            Spikes = Spikes,
            Elements = (uint)Plan.Elements,
            RingMask = (uint)Plan.RingSlots - 1,
            InputCount = (uint)Plan.Inputs.Count,
        };
        for (var s = 0; s < _state.Length; s++)
            row.State[s] = _state[s].DevicePointer;
        for (var c = 0; c < _rings.Length; c++)
            row.Ring[c] = _rings[c].DevicePointer;
        foreach (var parameter in NeuronGroup.Parameters(Plan))
            row.Parameters[parameter.Index] = parameter.PerNeuron is { } values ? (ulong)Upload(values.Values, parameter.Name) : parameter.Bits;
        switch (Plan.Neuron)
        {
            case PoissonSourcePlan poisson:
                row.Parameters[0] = (ulong)Upload<uint>(poisson.Bound, "rates");
                row.Stream = poisson.Stream;
                break;
            case SpikeArrayPlan array:
                row.SpikeSteps = Upload<long>(array.Steps, "steps");
                row.SpikeStarts = Upload<int>(array.Starts, "starts");
                row.SpikeNeurons = Upload<int>(array.Indices, "neurons");
                row.SpikeStepCount = (uint)array.Steps.Length;
                break;
        }
        row.Inputs = _memory.UploadTable<InputAbi>([.. Plan.Inputs.Select(Input)], $"{Plan.Name}.inputs", 0); // the values come first
        return row;
    }

    nint Upload<T>(ReadOnlySpan<T> content, string purpose) where T : unmanaged => _memory.Upload(content, $"{Plan.Name}.{purpose}").DevicePointer;

    InputAbi Input(InputPlan input, int index)
    {
        var row = new InputAbi { Kind = NeuronGroup.Kind(input), Channel = (uint)input.Channel };
        switch (input)
        {
            case CurrentPlan:
                row.Values = _currents[index]!.DevicePointer;
                break;
            case NoisePlan noise:
                row.Stream = noise.Stream;
                row.Deviation = noise.Deviation[0];
                row.Values = noise.Deviation.IsUniform ? 0 : Upload(noise.Deviation.Values, input.Name);
                break;
            case PulsePlan pulse:
                row.Stream = pulse.Stream;
                row.Deviation = pulse.Amplitude;
                row.Count = (uint)pulse.Among;
                break;
            case PoissonPlan poisson:
                row.Stream = poisson.Stream;
                row.Weight = poisson.FixedWeight;
                row.Count = (uint)poisson.Table.MostCount;
                row.Values = _memory.UploadTable<uint>([.. poisson.Table.Upper, .. poisson.Table.Lower, poisson.Table.Rest], $"{Plan.Name}.{input.Name}");
                break;
        }
        return row;
    }

    /// <summary>Empties the spike lists of all steps: the update adds to that of its step.</summary>
    public void ClearLists() => _counts.Clear(_memory.Stream);

    public void Reset()
    {
        for (var s = 0; s < _state.Length; s++)
            Fill(_state[s], Plan.Neuron.State[s].Initial);
        for (var i = 0; i < _currents.Length; i++)
            if (_currents[i] is { } current)
                Fill(current, ((CurrentPlan)Plan.Inputs[i]).Initial);
        foreach (var ring in _rings)
            ring.Clear(_memory.Stream);
        _totals.Clear(_memory.Stream);
        _winners?.Clear(_memory.Stream);
        if (_alive is null)
            return;
        var words = new uint[_alive.Length];
        for (var w = 0; w < words.Length; w++)
            words[w] = Plan.Elements - 32 * w >= 32 ? uint.MaxValue : (1u << (Plan.Elements - 32 * w)) - 1;
        _alive.CopyToDevice(words, 0, _memory.Stream);
    }

    void Fill(CudaDeviceVariable<float> variable, ParameterArray values)
    {
        var elements = new float[Plan.Elements];
        for (var e = 0; e < elements.Length; e++)
            elements[e] = values[e / _batch];
        variable.CopyToDevice(elements, 0, _memory.Stream);
    }

    public void AddSpikeTotals(Span<int> counts)
    {
        _totalsHost ??= new int[Plan.Elements];
        _totals.CopyToHost(_totalsHost, 0, _memory.Stream);
        for (var e = 0; e < _totalsHost.Length; e++)
            counts[e] += _totalsHost[e];
    }

    /// <summary>The current that the host may set.</summary>
    public CudaDeviceVariable<float> Current(int input) => _currents[input]!;

    public void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State: _state[buffer.Index].CopyToHost(MemoryMarshal.Cast<byte, float>(destination), 0, _memory.Stream); break;
            case BufferKind.InjectedCurrent: _currents[buffer.Index]!.CopyToHost(MemoryMarshal.Cast<byte, float>(destination), 0, _memory.Stream); break;
            case BufferKind.Alive: _alive!.CopyToHost(MemoryMarshal.Cast<byte, uint>(destination), 0, _memory.Stream); break;
            case BufferKind.PendingInput: CopyRing(buffer, destination, step, toDevice: false); break;
            case BufferKind.SpikeHistory:
                var words = MemoryMarshal.Cast<byte, uint>(destination);
                for (var r = 0; r < Plan.HistorySlots; r++)
                    _log.Words(Plan.Index, step - 1 - r).CopyTo(words[(r * _log.WordsOf(Plan.Index))..]);
                break;
        }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State: _state[buffer.Index].CopyToDevice(MemoryMarshal.Cast<byte, float>(source), 0, _memory.Stream); break;
            case BufferKind.InjectedCurrent: _currents[buffer.Index]!.CopyToDevice(MemoryMarshal.Cast<byte, float>(source), 0, _memory.Stream); break;
            case BufferKind.Alive: _alive!.CopyToDevice(MemoryMarshal.Cast<byte, uint>(source), 0, _memory.Stream); break;
            case BufferKind.PendingInput: CopyRing(buffer, source.ToArray(), step, toDevice: true); break;
            case BufferKind.SpikeHistory:
                for (var r = 0; r < Plan.HistorySlots; r++)
                    WriteSpikes(MemoryMarshal.Cast<byte, uint>(source).Slice(r * _log.WordsOf(Plan.Index), _log.WordsOf(Plan.Index)), step - 1 - r, listed: r < Plan.HistorySlots - 1);
                break;
        }
    }

    void CopyRing(BufferSpec buffer, Span<byte> host, long step, bool toDevice)
    {
        var width = buffer.Type == ElementType.Int64 ? 2 : 1;
        _memory.CopyRows(_rings[buffer.Index], Plan.RingSlots, Plan.Elements * width, r => (step + r) & (Plan.RingSlots - 1), host, toDevice);
    }

    // Bits, their copy on the host, and the list that delayed synapses read. The oldest list makes room for that of the next step, which begins empty.
    void WriteSpikes(ReadOnlySpan<uint> words, long step, bool listed)
    {
        _log.Replace(Plan.Index, step, words);
        var elements = new int[Plan.Elements];
        var count = SpikeLog.Decode(words, elements);
        var slot = step & (Plan.HistorySlots - 1);
        _lists.CopyToDevice(elements.AsSpan(0, count), slot * Plan.Elements, _memory.Stream);
        _counts.CopyToDevice([listed ? count : 0], slot, _memory.Stream);
    }
}
