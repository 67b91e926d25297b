namespace TorchBrain.Native.Cuda;

/// <summary>A kernel that the steps of a network need, with its grid.</summary>
/// <param name="kernel">The kernel.</param>
/// <param name="grid">Blocks.</param>
/// <param name="block">Threads per block.</param>
/// <param name="addedShared">Shared memory that a launch adds to the kernel's own, bytes per block.</param>
abstract class StepLaunch(CudaKernel kernel, int grid, int block, int addedShared = 0)
{
    protected CudaKernel Kernel { get; } = kernel;

    /// <summary>Blocks.</summary>
    public int Grid { get; } = grid;

    /// <summary>Threads per block.</summary>
    public int Block { get; } = block;

    /// <summary>Shared memory that a launch adds, bytes per block.</summary>
    protected int AddedShared { get; } = addedShared;

    /// <summary>How it is launched, and how well it fills the device.</summary>
    public CudaLaunch Describe(CudaContext context) => new(Kernel.Name, Grid, Block, Kernel.Registers, Kernel.LocalBytes, SharedBytes,
        (double)Kernel.MaxActiveBlocksPerMultiprocessor(Block, AddedShared) * Block / context.Attribute(CudaDeviceAttribute.MaxThreadsPerMultiprocessor));

    public override string ToString() => $"{Kernel.Name}: {Grid} x {Block} threads, {Kernel.Registers} registers, {SharedBytes} bytes shared";

    int SharedBytes => Kernel.SharedBytes + AddedShared;
}

/// <summary>A phase of the step as a launch of its own, ready to be queued.</summary>
abstract class PhaseLaunch(CudaKernel kernel, int grid, int block) : StepLaunch(kernel, grid, block)
{
    /// <summary>Queues it for the step that lies so many steps after the clock.</summary>
    public abstract void Queue(CudaStream stream, ulong offset);
}

/// <summary>With its arguments.</summary>
sealed class PhaseLaunch<TArguments>(CudaKernel kernel, int grid, int block, TArguments arguments) : PhaseLaunch(kernel, grid, block)
    where TArguments : unmanaged, IStepArguments
{
    TArguments _arguments = arguments;

    public override void Queue(CudaStream stream, ulong offset)
    {
        _arguments.Offset = offset;
        Kernel.Launch(stream, Grid, Block, 0, in _arguments);
    }
}
