using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>All that a network allocates on its device, to be let go together, and the stream that its work is queued on.</summary>
sealed class DeviceMemory(CudaContext context, CudaStream stream) : IDisposable
{
    readonly List<IDisposable> _owned = [];
    readonly Dictionary<nint, DeviceTable> _tables = [];

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

    /// <summary>A table with these rows, which <see cref="TableAt"/> knows from then on.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="addresses">Where in a row the addresses of other tables stand, bytes from its beginning.</param>
    public nint UploadTable<T>(ReadOnlySpan<T> rows, string purpose, params IReadOnlyList<int> addresses) where T : unmanaged
    {
        var address = Upload(rows, purpose).DevicePointer;
        _tables[address] = new DeviceTable(MemoryMarshal.AsBytes(rows).ToArray(), Unsafe.SizeOf<T>(), addresses);
        return address;
    }

    /// <summary>The table at an address; null where there is other memory or none.</summary>
    public DeviceTable? TableAt(nint address) => _tables.GetValueOrDefault(address);

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
