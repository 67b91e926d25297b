using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>All that a network allocates on its device, to be let go together, and the stream that its work is queued on.</summary>
sealed class DeviceMemory(CudaContext context, CudaStream stream) : IDisposable
{
    readonly List<IDisposable> _owned = [];

    public CudaContext Context { get; } = context;
    public CudaStream Stream { get; } = stream;

    /// <summary>Bytes allocated so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory of undefined content.</summary>
    public CudaDeviceVariable<T> New<T>(long length, string purpose) where T : unmanaged
    {
        var variable = new CudaDeviceVariable<T>(Context, length, purpose);
        _owned.Add(variable);
        Bytes += variable.Bytes;
        return variable;
    }

    /// <summary>Memory with this content.</summary>
    public CudaDeviceVariable<T> Upload<T>(ReadOnlySpan<T> content, string purpose) where T : unmanaged
    {
        var variable = New<T>(content.Length, purpose);
        variable.CopyToDevice(content, 0, Stream);
        return variable;
    }

    /// <summary>Pinned memory of the host.</summary>
    public CudaPinnedMemory<T> Pinned<T>(long length) where T : unmanaged
    {
        var memory = new CudaPinnedMemory<T>(Context, length);
        _owned.Add(memory);
        return memory;
    }

    /// <summary>Something else to be let go with the rest.</summary>
    public T Own<T>(T owned) where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Copies rows of a ring between host and device: canonical row r is slot <paramref name="slotOf"/>(r).</summary>
    public void CopyRows<T>(CudaDeviceVariable<T> ring, int rows, int rowLength, Func<int, long> slotOf, Span<byte> host, bool toDevice) where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(host);
        for (var first = 0; first < rows;)
        {
            // Neighbours on the device travel together.
            var end = first + 1;
            while (end < rows && slotOf(end) == slotOf(end - 1) + 1)
                end++;
            var part = values.Slice(first * rowLength, (end - first) * rowLength);
            if (toDevice)
                ring.CopyToDevice(part, slotOf(first) * rowLength, Stream);
            else
                ring.CopyToHost(part, slotOf(first) * rowLength, Stream);
            first = end;
        }
    }

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _owned.Clear();
    }
}
