namespace TorchBrain.Native.Cuda;

/// <summary>Work noted by <see cref="CudaStream.BeginCapture"/>, to be launched as a whole.</summary>
public sealed unsafe class CudaGraph : IDisposable
{
    readonly CudaContext _context;
    nint _handle;

    internal CudaGraph(CudaContext context, nint handle)
    {
        (_context, _handle) = (context, handle);
        context.Enter();
        nuint count = 0;
        context.Check(CudaDriver.GraphGetNodes(handle, null, &count), "cuGraphGetNodes");
        NodeCount = (int)count;
    }

    /// <summary>Number of noted pieces of work.</summary>
    public int NodeCount { get; }

    /// <summary>Makes it ready for launching. The graph itself may be disposed afterwards.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>; <see cref="ErrorCode.DeviceOutOfMemory"/>.</exception>
    public CudaGraphExec Instantiate()
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        _context.MakeCurrent();
        _context.CheckAllocation(CudaDriver.GraphInstantiate(out var executable, _handle, 0), "cuGraphInstantiate", 0, $"a graph of {NodeCount} nodes");
        return new CudaGraphExec(_context, executable, NodeCount);
    }

    /// <summary>Frees the graph.</summary>
    public void Dispose() => _context.Release(ref _handle, CudaDriver.GraphDestroy);
}

/// <summary>A graph ready to be launched, any number of times. What its kernels work on must live until the last launch is done.</summary>
public sealed class CudaGraphExec : IDisposable
{
    readonly CudaContext _context;
    readonly string _name;
    readonly int _nodes;
    nint _handle;

    internal CudaGraphExec(CudaContext context, nint handle, int nodes)
    {
        (_context, _handle, _nodes, _name) = (context, handle, nodes, $"a graph of {nodes} nodes");
        context.Enter();
    }

    /// <summary>Hands the graph to a stream. Allocates nothing.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Launch(CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        _context.MakeCurrent();
        _context.Launched(_name, _nodes, -1);
        _context.Check(CudaDriver.GraphLaunch(_handle, stream.Handle), "cuGraphLaunch");
    }

    /// <summary>Frees it; launches handed over are still done.</summary>
    public void Dispose() => _context.Release(ref _handle, CudaDriver.GraphExecDestroy);
}
