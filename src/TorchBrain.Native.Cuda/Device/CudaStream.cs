namespace TorchBrain.Native.Cuda;

/// <summary>A queue of work on a device. It does not wait for the default stream, nor that for it (non-blocking).</summary>
public sealed class CudaStream : IDisposable
{
    nint _handle;

    /// <summary>Creates a stream.</summary>
    /// <param name="context">Its device.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public CudaStream(CudaContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Context = context;
        context.RequireOpen();
        context.Check(CudaDriver.StreamCreate(out var handle, CudaDriver.StreamNonBlocking), "cuStreamCreate");
        context.Enter();
        _handle = handle;
    }

    internal CudaContext Context { get; }

    /// <summary>The driver's handle (<c>CUstream</c>), for use with other CUDA libraries.</summary>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Whether all work handed over so far is done. Does not wait.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the work failed.</exception>
    public bool IsDone
    {
        get
        {
            Context.MakeCurrent();
            var result = CudaDriver.StreamQuery(Handle);
            if (result == CudaDriver.NotReady)
                return false;
            Context.Check(result, "cuStreamQuery");
            return true;
        }
    }

    /// <summary>Waits until all work handed over so far is done.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the work failed, or the stream is being captured.</exception>
    public void Synchronize()
    {
        Context.MakeCurrent();
        Context.Check(CudaDriver.StreamSynchronize(Handle), "cuStreamSynchronize");
    }

    /// <summary>Lets work handed over from now on wait, on the device, for an event.</summary>
    /// <param name="e">The event, recorded on another stream.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Wait(CudaEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Context.MakeCurrent();
        Context.Check(CudaDriver.StreamWaitEvent(Handle, e.Handle, 0), "cuStreamWaitEvent");
    }

    /// <summary>
    /// From now on work is not done but noted, until <see cref="EndCapture"/> on the same thread. Only this thread is kept from calls that cannot be noted.
    /// </summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the stream is being captured already.</exception>
    public void BeginCapture()
    {
        Context.MakeCurrent();
        Context.Check(CudaDriver.StreamBeginCapture(Handle, CudaDriver.CaptureThreadLocal), "cuStreamBeginCapture");
    }

    /// <summary>Ends the capture.</summary>
    /// <returns>The noted work.</returns>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: no capture was begun, or a call that cannot be noted broke it. The stream is usable again.</exception>
    public CudaGraph EndCapture()
    {
        Context.MakeCurrent();
        Context.Check(CudaDriver.StreamEndCapture(Handle, out var graph), "cuStreamEndCapture");
        return new CudaGraph(Context, graph);
    }

    /// <summary>Frees the stream; work handed over is still done.</summary>
    public void Dispose() => Context.Release(ref _handle, CudaDriver.StreamDestroy);
}
