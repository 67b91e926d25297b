using System.Globalization;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// Sizes that change the speed of a network on a device and never its result. All block sizes are multiples of 32 from 32 to 1,024 threads.
/// </summary>
public sealed record CudaTuning
{
    /// <summary>How steps reach the device: one kernel per phase in graphs, or one kernel for many steps.</summary>
    public CudaStepping Stepping { get; init; }
    /// <summary>When the weights of <see cref="PairStdp"/> take up postsynaptic spikes: at once over an index by target, or late and without one.</summary>
    public CudaPlasticity Plasticity { get; init; }
    /// <summary>
    /// Threads per block, of all phases alike, where one kernel runs many steps (<see cref="CudaStepping.Persistent"/>, <see cref="CudaStepping.OneBlock"/>; the other block
    /// sizes say nothing there). 0: 128 up to 4,096 neurons, then 512 to 1,024, so that one block per multiprocessor has a thread for each neuron if that can be; for one block 128 to 512 as there are neurons.
    /// </summary>
    public int StepsBlock { get; init; }
    /// <summary>Threads per block of the neuron update.</summary>
    public int UpdateBlock { get; init; } = 128;
    /// <summary>Threads per block where spike bits become lists; each takes 32 neurons.</summary>
    public int CompactBlock { get; init; } = 256;
    /// <summary>Threads per block of sparse delivery, static and plastic.</summary>
    public int SparseBlock { get; init; } = 256;
    /// <summary>Threads per block of dense delivery, static and plastic.</summary>
    public int DenseBlock { get; init; } = 128;
    /// <summary>Threads per block that work on one winner's weights.</summary>
    public int WinnerBlock { get; init; } = 256;
    /// <summary>Synapses of a row that one warp takes at a time; a multiple of 32.</summary>
    public int ChunkLength { get; init; } = 64;
    /// <summary>
    /// Blocks per multiprocessor, at most, where blocks share work among them; with <see cref="CudaStepping.Persistent"/> that is everywhere. 0: 4, or 1 with <see cref="CudaStepping.Persistent"/>, whose
    /// barriers cost more the more blocks there are.
    /// </summary>
    public int BlocksPerMultiprocessor { get; init; }
    /// <summary>
    /// Part of a source population (all instances together) from which its static sparse projections are pulled in a step, 0 to 1: all their synapses are read by target and few sums are written, instead of one
    /// sum per synapse of a spike. The device decides in every step. 0: never. Above 0 a projection keeps its synapses a second time, 4 bytes each, or 8 where source and range of delays take more than 16
    /// bits, and 8 bytes a target neuron.
    /// </summary>
    public double PullFromActivity { get; init; }

    /// <summary>All phases in blocks of one size.</summary>
    internal CudaTuning WithBlocks(int threads) =>
        this with { StepsBlock = threads, UpdateBlock = threads, CompactBlock = threads, SparseBlock = threads, DenseBlock = threads, WinnerBlock = threads };

    internal void Validate()
    {
        if (!Enum.IsDefined(Stepping))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.Stepping is {(int)Stepping}; allowed are {string.Join(", ", Enum.GetNames<CudaStepping>())}.", "Use Auto.");
        if (!Enum.IsDefined(Plasticity))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.Plasticity is {(int)Plasticity}; allowed are {string.Join(", ", Enum.GetNames<CudaPlasticity>())}.", "Use Column.");
        if (StepsBlock != 0 && (StepsBlock is < 32 or > 1024 || StepsBlock % 32 != 0))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.StepsBlock is {StepsBlock}; allowed are multiples of 32 from 32 to 1,024, and 0 (choose).", "Use 0.");
        foreach (var (name, value) in new[] { (nameof(UpdateBlock), UpdateBlock), (nameof(CompactBlock), CompactBlock), (nameof(SparseBlock), SparseBlock), (nameof(DenseBlock), DenseBlock), (nameof(WinnerBlock), WinnerBlock) })
            if (value is < 32 or > 1024 || value % 32 != 0)
                throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.{name} is {value}; allowed are multiples of 32 from 32 to 1,024.", "Use 128 or 256.");
        if (ChunkLength is < 32 or > 1 << 20 || ChunkLength % 32 != 0)
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.ChunkLength is {ChunkLength}; allowed are multiples of 32 from 32 to 1,048,576.", "Use 64.");
        if (BlocksPerMultiprocessor is < 0 or > 64)
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.BlocksPerMultiprocessor is {BlocksPerMultiprocessor}; allowed is 1 to 64, and 0 (choose).", "Use 0.");
        if (PullFromActivity is not (>= 0 and <= 1))
            throw new TorchBrainException(ErrorCode.BackendOption, string.Create(CultureInfo.InvariantCulture, $"CudaTuning.PullFromActivity is {PullFromActivity}; allowed is 0 (never) to 1."), "Use 0.");
    }
}
