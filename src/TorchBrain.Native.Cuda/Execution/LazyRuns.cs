using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>How far the weights of a run have come, for one instance; as in kernels/include/tbn/arguments.cuh.</summary>
[StructLayout(LayoutKind.Sequential)]
struct RunStateAbi
{
    public uint Seen;
    public float Before;
}

/// <summary>
/// What weights that take up postsynaptic spikes late have yet to see: the spikes of the last steps as bits of each target, and a state for each run (the synapses of a source with one delay). Whoever reads
/// weights has them caught up first; whoever writes traces has the states made anew.
/// </summary>
sealed class LazyRuns(ProjectionPlan plan, DeviceMemory memory)
{
    /// <summary>32-bit words of spikes of a target: what a device reads at a time, at least, where accesses are scattered.</summary>
    public const int Words = 8;

    /// <summary>Steps within which every run is visited: all words but the one that is begun anew.</summary>
    public const int VisitSteps = 32 * (Words - 1);

    readonly CudaDeviceVariable<uint> _words = memory.New<uint>((long)plan.Target.Elements * Words, $"{plan.Name}.spikeWords");
    readonly CudaDeviceVariable<RunStateAbi> _states = memory.New<RunStateAbi>(Count(plan.Name, plan.Source.Elements, plan.MaxDelay - plan.MinDelay + 1), $"{plan.Name}.runStates");
    PhaseLaunch? _catchUp;
    long _seen;

    /// <summary>Runs and instances; kernels number them in 32 bits.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.BackendOption"/>: there are too many.</exception>
    internal static long Count(string projection, long elements, long delays) => elements * delays <= int.MaxValue ? elements * delays
        : throw new TorchBrainException(ErrorCode.BackendOption, $"CudaTuning.Plasticity is Lazy, and projection {projection} has {elements:N0} source elements with {delays:N0} delays; their product may be {int.MaxValue:N0} at most.", "Use Column.");

    /// <summary>Address of the spikes.</summary>
    public nint SpikeWords => _words.DevicePointer;

    /// <summary>Address of the states.</summary>
    public nint States => _states.DevicePointer;

    /// <summary>Says what brings all weights up to the step of the clock.</summary>
    public void Bind(PhaseLaunch catchUp) => _catchUp = catchUp;

    /// <summary>Nothing has been seen, and there was nothing to see.</summary>
    public void Reset()
    {
        _words.Clear(memory.Stream);
        _states.Clear(memory.Stream);
        _seen = 0;
    }

    /// <summary>Brings all weights up to a step, which is that of the clock.</summary>
    public void CatchUp(long step)
    {
        if (_seen == step)
            return;
        _catchUp!.Queue(memory.Stream, 0);
        _seen = step;
    }

    /// <summary>Makes the states anew, from the history of traces and for the step of the clock; all weights have seen everything.</summary>
    public void Restart()
    {
        _words.Clear(memory.Stream);
        _catchUp!.Queue(memory.Stream, 0);
    }

    /// <summary>Catches up before the clock is set; nothing is left to see then, and <see cref="Restart"/> follows.</summary>
    public void LeaveClock(long from, long to)
    {
        CatchUp(from);
        _seen = to;
    }
}
