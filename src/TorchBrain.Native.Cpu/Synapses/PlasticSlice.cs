using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>How far the weights of a run have come, for one instance.</summary>
/// <param name="UpTo">First step whose postsynaptic spikes the weights have not seen.</param>
/// <param name="Before">The trace that such a spike in step <paramref name="UpTo"/> meets.</param>
/// <param name="After">The trace after it, which then decays from step to step.</param>
readonly record struct RunState(long UpTo, float Before, float After);

/// <summary>
/// Plastic synapses onto consecutive elements of one thread, few enough for 16-bit names. A run is the synapses of one source with one delay. Within a run the weights of an
/// instance lie together. Runs by source and delay, synapses of a run in canonical order: nothing has to say where a synapse stands in the whole.
/// </summary>
sealed class PlasticSlice(int thread, int firstElement, int endElement, int runs, int batch, bool logged, bool hugePages) : IDisposable
{
    /// <summary>Elements a slice may have.</summary>
    public const int LongestSlice = 1 << 16;
    const int Padding = 64;

    /// <summary>The thread that works on it.</summary>
    public int Thread { get; } = thread;
    /// <summary>First element.</summary>
    public int FirstElement { get; } = firstElement;
    /// <summary>Element behind the last.</summary>
    public int EndElement { get; } = endElement;
    /// <summary>Runs.</summary>
    public int Runs { get; } = runs;
    /// <summary>First synapse of each run, and the end.</summary>
    public AlignedBuffer<long> Starts { get; } = new(runs + 1, hugePages);
    /// <summary>State of each run and instance; empty where spikes are applied at once and not logged.</summary>
    public AlignedBuffer<RunState> States { get; } = new(logged ? (long)runs * batch : 0, hugePages);
    /// <summary>The element of each synapse, for instance 0, from the first of the slice.</summary>
    public AlignedBuffer<ushort> Targets { get; private set; } = null!;
    /// <summary>Weights: [run][instance][synapse].</summary>
    public AlignedBuffer<float> Weights { get; private set; } = null!;
    /// <summary>Initial weights of each synapse, not yet within the bounds.</summary>
    public AlignedBuffer<float> Initial { get; private set; } = null!;
    /// <summary>The postsynaptic spikes that some weights have yet to see.</summary>
    public SpikeChains Chains { get; } = new(logged ? endElement - firstElement : 0, hugePages);

    /// <summary>Synapses.</summary>
    public long Synapses => Starts.At(Runs);

    /// <summary>Makes room when <see cref="Starts"/> is known.</summary>
    public void Allocate()
    {
        Targets = new AlignedBuffer<ushort>(Synapses + Padding, hugePages, zeroed: false);
        Initial = new AlignedBuffer<float>(Synapses, hugePages, zeroed: false);
        Weights = new AlignedBuffer<float>(Synapses * batch + Padding, hugePages, zeroed: false);
        Weights.Span(Synapses * batch, Padding).Clear(); // lanes load, and write back, what lies behind the last run
    }

    /// <summary>First weight of a run and instance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long WeightStart(int run, int instance) => Starts.At(run) * batch + instance * (Starts.At(run + 1) - Starts.At(run));

    /// <summary>The weight of a synapse and instance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long WeightPlace(SynapsePlace synapse, int instance) =>
        batch == 1 ? synapse.Synapse : WeightStart(synapse.Run, instance) + synapse.Synapse - Starts.At(synapse.Run);

    /// <summary>Gives all instances their initial weights, within bounds.</summary>
    public void FillInitial(float min, float max)
    {
        for (var run = 0; run < Runs; run++)
            for (long b = 0, to = WeightStart(run, 0); b < batch; b++)
                for (var n = Starts.At(run); n < Starts.At(run + 1); n++)
                    Weights.At(to++) = Math.Max(min, Math.Min(max, Initial.At(n)));
    }

    public void Dispose()
    {
        Starts.Dispose();
        States.Dispose();
        Targets.Dispose();
        Weights.Dispose();
        Initial.Dispose();
        Chains.Dispose();
    }
}
