using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// Currents on their way to the device: some pinned rows in turn, so that the host may set the next current while earlier ones are still waiting in the queue.
/// </summary>
sealed class CurrentUpload
{
    const int Rows = 4;

    readonly DeviceMemory _memory;
    readonly CudaPinnedMemory<float> _pinned;
    readonly CudaEvent[] _sent;
    readonly int _length;
    int _next;

    public CurrentUpload(NetworkPlan plan, DeviceMemory memory)
    {
        _memory = memory;
        _length = plan.Populations.Where(p => p.Inputs.Any(i => i is CurrentPlan)).Select(p => p.Elements).DefaultIfEmpty(0).Max();
        _pinned = memory.Pinned<float>((long)Rows * _length);
        _sent = [.. Enumerable.Range(0, Rows).Select(_ => memory.Own(new CudaEvent(memory.Context)))];
    }

    /// <summary>Queues the copy of a current; it holds from the next step queued.</summary>
    public void Queue(CudaDeviceVariable<float> current, ReadOnlySpan<float> values)
    {
        _sent[_next].Synchronize();
        var row = (long)_next * _length;
        values.CopyTo(_pinned.Slice(row, values.Length));
        current.CopyToDeviceAsync(_pinned, row, 0, values.Length, _memory.Stream);
        _sent[_next].Record(_memory.Stream);
        _next = (_next + 1) % Rows;
    }
}
