using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>A phase of the step with its arguments: to be launched as a kernel of its own, or to be one of many in a kernel that runs whole steps.</summary>
/// <param name="lowered">What it is.</param>
/// <param name="grid">Blocks that it can make use of.</param>
/// <param name="block">Threads per block.</param>
abstract class BoundPhase(LoweredLaunch lowered, int grid, int block)
{
    public LoweredLaunch Lowered { get; } = lowered;
    public int Grid { get; } = grid;
    public int Block { get; } = block;

    /// <summary>Its arguments as the kernels see them.</summary>
    public abstract ReadOnlySpan<byte> Arguments { get; }

    /// <summary>How many addresses of tables follow the time in them.</summary>
    public abstract int Tables { get; }

    /// <summary>As a launch of its own.</summary>
    public abstract PhaseLaunch Launch(CudaKernel kernel);
}

/// <summary>With arguments of a type.</summary>
sealed class BoundPhase<TArguments>(LoweredLaunch lowered, int grid, int block, TArguments arguments) : BoundPhase(lowered, grid, block) where TArguments : unmanaged, IStepArguments
{
    readonly TArguments _arguments = arguments;

    public override ReadOnlySpan<byte> Arguments => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in _arguments, 1));

    public override int Tables => TArguments.Tables;

    public override PhaseLaunch Launch(CudaKernel kernel) => new PhaseLaunch<TArguments>(kernel, Grid, Block, _arguments);
}
