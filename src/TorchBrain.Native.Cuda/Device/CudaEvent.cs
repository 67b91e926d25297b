namespace TorchBrain.Native.Cuda;

/// <summary>A mark in a stream that can be waited for, and timed.</summary>
public sealed class CudaEvent : IDisposable
{
    readonly CudaContext _context;
    nint _handle;

    /// <summary>Creates an event.</summary>
    /// <param name="context">Its device.</param>
    /// <param name="timing">Whether it notes the time (<see cref="ElapsedMs"/>); one that does not is cheaper.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public CudaEvent(CudaContext context, bool timing = false)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        context.RequireOpen();
        context.Check(CudaDriver.EventCreate(out var handle, timing ? 0 : CudaDriver.EventDisableTiming), "cuEventCreate");
        context.Enter();
        _handle = handle;
    }

    /// <summary>The driver's handle (<c>CUevent</c>), for use with other CUDA libraries.</summary>
    /// <exception cref="ObjectDisposedException">The event is disposed.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Whether the work before the mark is done; true for an event that was never recorded. Does not wait.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the work failed.</exception>
    public bool IsDone
    {
        get
        {
            _context.MakeCurrent();
            var result = CudaDriver.EventQuery(Handle);
            if (result == CudaDriver.NotReady)
                return false;
            _context.Check(result, "cuEventQuery");
            return true;
        }
    }

    /// <summary>Puts the mark behind the work handed to a stream so far; an earlier mark is forgotten.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Record(CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _context.MakeCurrent();
        _context.Check(CudaDriver.EventRecord(Handle, stream.Handle), "cuEventRecord");
    }

    /// <summary>Waits until the work before the mark is done; returns at once if the event was never recorded.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the work failed.</exception>
    public void Synchronize()
    {
        _context.MakeCurrent();
        _context.Check(CudaDriver.EventSynchronize(Handle), "cuEventSynchronize");
    }

    /// <summary>The time between two marks on the device, ms, to about half a microsecond.</summary>
    /// <param name="start">The earlier event, made with timing, recorded and done.</param>
    /// <param name="end">The later event, likewise.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: an event is without timing, was not recorded or is not done.</exception>
    public static float ElapsedMs(CudaEvent start, CudaEvent end)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        start._context.MakeCurrent();
        start._context.Check(CudaDriver.EventElapsedTime(out var milliseconds, start.Handle, end.Handle), "cuEventElapsedTime");
        return milliseconds;
    }

    /// <summary>Frees the event.</summary>
    public void Dispose() => _context.Release(ref _handle, CudaDriver.EventDestroy);
}
