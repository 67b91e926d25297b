using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

// Tables and arguments of the kernels, field for field as in kernels/include/tbn/arguments.cuh, where each field is explained. Pointers are addresses on the device.

[StructLayout(LayoutKind.Sequential)]
struct StepTime
{
    public nint Clock;
    public ulong Offset;
}

[StructLayout(LayoutKind.Sequential)]
struct SpikesAbi
{
    public nint Bits, Ids, Counts;
    public uint BitStride, BitMask, ListMask, Elements;
}

[StructLayout(LayoutKind.Sequential)]
struct InputAbi
{
    public nint Values;
    public uint Kind, Channel, Stream;
    public int Weight;
    public uint Count;
    public float Deviation;
}

[InlineArray(6)]
struct StatePointers
{
    nint _first;
}

[InlineArray(2)]
struct RingPointers
{
    nint _first;
}

[InlineArray(Length)]
struct ParameterWords
{
    public const int Length = 16;
    ulong _first;
}

[StructLayout(LayoutKind.Sequential)]
struct PopulationAbi
{
    public StatePointers State;
    public RingPointers Ring;
    public nint Alive, SpikeTotals, Winners, Inputs, SpikeStarts, SpikeNeurons, SpikeSteps;
    public SpikesAbi Spikes;
    public ParameterWords Parameters;
    public uint Elements, FirstBlock, RingMask, Stream, InputCount, SpikeStepCount;

    /// <summary>Where the address of the inputs stands, bytes from the beginning.</summary>
    public static int InputsAt
    {
        get
        {
            var row = default(PopulationAbi);
            return (int)Unsafe.ByteOffset(ref Unsafe.As<PopulationAbi, byte>(ref row), ref Unsafe.As<nint, byte>(ref row.Inputs));
        }
    }
}

[StructLayout(LayoutKind.Sequential)]
struct RingAbi
{
    public nint Sums;
    public uint Mask, Elements;
}

[StructLayout(LayoutKind.Sequential)]
struct SparseAbi
{
    public SpikesAbi Source;
    public nint Starts, Synapses;
    public RingAbi Ring;
    public uint Chunks, ChunkLength, PartnerBits, MinDelay, Shift, PullFrom, SynapseBytes, Unused;
}

[StructLayout(LayoutKind.Sequential)]
struct DenseAbi
{
    public SpikesAbi Source;
    public nint Weights;
    public RingAbi Ring;
    public uint Targets, Stride, Delay, Ahead, Shift, Chunks;
    public float Scale;
    public uint Unused;
}

[StructLayout(LayoutKind.Sequential)]
struct StencilAbi
{
    public SpikesAbi Source;
    public nint Weights, Offsets, Origins;
    public RingAbi Ring;
    public uint Rows, Columns, Periodic, Stride, Ahead, Shift, Chunks, ChunkLength, Count, Unused;
}

[StructLayout(LayoutKind.Sequential)]
struct WordTableAbi
{
    public nint Bounds, Index;
    public int First, Direction;
    public uint Shift, Unused;
}

[StructLayout(LayoutKind.Sequential)]
struct ProceduralAbi
{
    public SpikesAbi Source;
    public nint RowLengths;
    public ulong Seed;
    public RingAbi Ring;
    public WordTableAbi Skips, Weights, Delays;
    public uint StructureStream, WeightStream, DelayStream, Targets, SkipsSelf, Shift, Chunks, ChunkLength;
}

[StructLayout(LayoutKind.Sequential)]
struct StdpAbi
{
    public SpikesAbi Source, Target;
    public nint RunStarts, Targets, Weights, ColumnStarts, ColumnSynapses, ColumnSources, ColumnDelays, SpikeWords, RunStates, TraceHistory, PreTrace, PostTrace;
    public RingAbi Ring;
    public uint MinDelay, Delays, TraceMask, RunChunks, ColumnChunks, ChunkLength, ArrivalsFirst;
    public float Scale, DecayPlus, DecayMinus, APlus, AMinus, MinWeight, MaxWeight, Exponent;
}

[StructLayout(LayoutKind.Sequential)]
struct TraceAbi
{
    public SpikesAbi Source, Target;
    public nint RunStarts, Targets, Weights, ColumnStarts, ColumnSynapses, ColumnSources, ColumnDelays, Eligibility, Reward, PreTraces, SlowPreTraces, PostTrace, SlowPostTraces;
    public ulong Synapses;
    public RingAbi Ring;
    public uint MinDelay, Delays, TraceMask, RunChunks, ColumnChunks, ChunkLength, Interval;
    public float Scale, DecayPlus, DecayMinus, APlus, AMinus, MinWeight, MaxWeight, DecayX, DecayY, TripletPlus, TripletMinus, DecayReward, Baseline, Drift, Retention;
}

[StructLayout(LayoutKind.Sequential)]
struct WinnerAbi
{
    public SpikesAbi Source, Target;
    public nint Weights, X, Theta, Largest, Wins;
    public uint Sources, Targets, Delay, ResetEvery, ResetBelow;
    public float LearningRate, ThresholdGain, WeightSum, ResetFraction;
    public uint Unused;
}

[StructLayout(LayoutKind.Sequential)]
struct SamplingAbi
{
    public nint State, Samples;
    public ulong Every, Rows;
    public uint Elements, FirstBlock;
}

/// <summary>Arguments of a kernel of the step: they begin with the time.</summary>
interface IStepArguments
{
    /// <summary>Number of steps since the clock was last moved on.</summary>
    ulong Offset { set; }

    /// <summary>How many addresses of tables follow the time.</summary>
    static abstract int Tables { get; }
}

/// <summary>Arguments of the kernels that work through a table with an owner per block.</summary>
[StructLayout(LayoutKind.Sequential)]
struct UpdateArguments : IStepArguments
{
    public StepTime Time;
    public nint Populations, BlockOwner;
    public ulong Seed;
    public uint Blocks, Unused;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 2;
}

[StructLayout(LayoutKind.Sequential)]
struct CompactArguments : IStepArguments
{
    public StepTime Time;
    public nint Populations, BlockOwner, BlockFirst;
    public uint Blocks, Unused;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 3;
}

/// <summary>Arguments of the kernels that share a table of equals among all blocks: competing populations, sparse and dense projections.</summary>
[StructLayout(LayoutKind.Sequential)]
struct TableArguments : IStepArguments
{
    public StepTime Time;
    public nint Table;
    public ulong Count;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 1;
}

[StructLayout(LayoutKind.Sequential)]
struct StdpArguments : IStepArguments
{
    public StepTime Time;
    public StdpAbi Projection;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 0;
}

[StructLayout(LayoutKind.Sequential)]
struct TraceArguments : IStepArguments
{
    public StepTime Time;
    public TraceAbi Projection;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 0;
}

[StructLayout(LayoutKind.Sequential)]
struct WinnerArguments : IStepArguments
{
    public StepTime Time;
    public WinnerAbi Projection;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 0;
}

[StructLayout(LayoutKind.Sequential)]
struct SampleArguments : IStepArguments
{
    public StepTime Time;
    public nint Samplings, BlockOwner;
    public uint Blocks, Unused;
    public ulong Offset { set => Time.Offset = value; }
    public static int Tables => 2;
}

[StructLayout(LayoutKind.Sequential)]
struct AdvanceArguments
{
    public nint Clock;
    public ulong Steps;
}

/// <summary>Arguments of the kernel that runs many steps, as in kernels/step/run_steps.cu; those of the phases lie in its constant memory.</summary>
[StructLayout(LayoutKind.Sequential)]
struct RunArguments
{
    public nint Clock, Barrier;
    public TablesAbi Tables;
    public ulong Steps;
}

[StructLayout(LayoutKind.Sequential)]
struct TablesAbi
{
    public nint Words;
    public ulong WordCount;
}
