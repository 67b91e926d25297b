namespace TorchBrain.Native.Cuda;

/// <summary>A kernel of the step, ready to be queued.</summary>
abstract class StepLaunch(CudaKernel kernel, int grid, int block)
{
    protected CudaKernel Kernel { get; } = kernel;
    protected int Grid { get; } = grid;
    protected int Block { get; } = block;

    /// <summary>Queues it for the step that lies so many steps after the clock.</summary>
    public abstract void Queue(CudaStream stream, ulong offset);

    /// <summary>How it is launched, and how well it fills the device.</summary>
    public CudaLaunch Describe(CudaContext context) => new(Kernel.Name, Grid, Block, Kernel.Registers, Kernel.LocalBytes, Kernel.SharedBytes,
        (double)Kernel.MaxActiveBlocksPerMultiprocessor(Block, 0) * Block / context.Attribute(CudaDeviceAttribute.MaxThreadsPerMultiprocessor));

    public override string ToString() => $"{Kernel.Name}: {Grid} x {Block} threads, {Kernel.Registers} registers, {Kernel.SharedBytes} bytes shared";
}

/// <summary>With its arguments.</summary>
sealed class StepLaunch<TArguments>(CudaKernel kernel, int grid, int block, TArguments arguments) : StepLaunch(kernel, grid, block)
    where TArguments : unmanaged, IStepArguments
{
    TArguments _arguments = arguments;

    public override void Queue(CudaStream stream, ulong offset)
    {
        _arguments.Offset = offset;
        Kernel.Launch(stream, Grid, Block, 0, in _arguments);
    }
}
