namespace TorchBrain.Native.Cuda;

/// <summary>A kernel that the steps of a network need, with its grid.</summary>
abstract class StepLaunch(CudaKernel kernel, int grid, int block)
{
    protected CudaKernel Kernel { get; } = kernel;

    /// <summary>Blocks.</summary>
    public int Grid { get; } = grid;

    /// <summary>Threads per block.</summary>
    public int Block { get; } = block;

    /// <summary>How it is launched, and how well it fills the device.</summary>
    public CudaLaunch Describe(CudaContext context) => new(Kernel.Name, Grid, Block, Kernel.Registers, Kernel.LocalBytes, Kernel.SharedBytes,
        (double)Kernel.MaxActiveBlocksPerMultiprocessor(Block, 0) * Block / context.Attribute(CudaDeviceAttribute.MaxThreadsPerMultiprocessor));

    public override string ToString() => $"{Kernel.Name}: {Grid} x {Block} threads, {Kernel.Registers} registers, {Kernel.SharedBytes} bytes shared";
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
