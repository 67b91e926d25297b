using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>A synapse and a postsynaptic spike that it has yet to see.</summary>
/// <param name="Synapse">Synapse, from the first of the piece of a run.</param>
/// <param name="Spike">Entry in the log.</param>
readonly record struct PendingPair(int Synapse, int Spike);

/// <summary>What a thread needs to bring the weights of a run up to date.</summary>
sealed class PairScratch : IDisposable
{
    /// <summary>Synapses that are worked on together.</summary>
    public const int Chunk = 512;
    const int Padding = 16;

    readonly AlignedBuffer<float> _decayed = new(SpikeChains.Window + Padding, hugePages: false);
    int _timeOfFirst;

    /// <summary>The pairs found, round by round.</summary>
    public AlignedBuffer<PendingPair> Pairs { get; } = new(Chunk * (SpikeChains.Window + 1L), hugePages: false, zeroed: false);
    /// <summary>The presynaptic trace of each pair.</summary>
    public AlignedBuffer<float> Traces { get; } = new(Chunk * (SpikeChains.Window + 1L), hugePages: false, zeroed: false);
    /// <summary>Values of the synapses of a round, side by side.</summary>
    public AlignedBuffer<float> Gathered { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>What is delivered.</summary>
    public AlignedBuffer<int> Amounts { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>The first pair of each round, and the end.</summary>
    public int[] RoundStarts { get; } = new int[SpikeChains.Window + 2];

    /// <summary>Makes the traces that spikes before a step meet, and the state of a run that has seen them all.</summary>
    public RunState BeginRun(SpikeChains chains, in RunState state, long step, float decay)
    {
        _timeOfFirst = (int)(state.UpTo - chains.FirstStep);
        ref var decayed = ref _decayed.At(0);
        decayed = state.Before;
        var trace = state.After;
        var steps = (nint)(step - state.UpTo);
        if (steps == 0)
            return state;
        for (nint n = 1; n <= steps; n++)
            Unsafe.Add(ref decayed, n) = trace *= decay;
        return new RunState(step, trace, trace);
    }

    /// <summary>Finds the spikes that the synapses of a piece have yet to see, each synapse at most once in a round, later spikes in earlier rounds. Returns the rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(PlasticSlice slice, long from, int length, int instance, int first)
    {
        ref var targets = ref slice.Targets.At(from);
        ref var latest = ref slice.Chains.Latest.At(instance);
        ref var log = ref slice.Chains.Log.At(0);
        ref var pairs = ref Pairs.At(0);
        ref var traces = ref Traces.At(0);
        ref var decayed = ref Unsafe.Subtract(ref _decayed.At(0), _timeOfFirst);
        nint count = 0;
        for (nint k = 0; k < length; k++)
        {
            var spike = Unsafe.Add(ref latest, (nint)Unsafe.Add(ref targets, k));
            Unsafe.Add(ref pairs, count) = new PendingPair((int)k, spike);
            count += spike >= first ? 1 : 0;
        }
        var rounds = 0;
        for (nint begin = 0; begin < count;)
        {
            RoundStarts[rounds++] = (int)begin;
            var end = count;
            for (var k = begin; k < end; k++)
            {
                var pair = Unsafe.Add(ref pairs, k);
                var spike = Unsafe.Add(ref log, (nint)pair.Spike);
                Unsafe.Add(ref traces, k) = Unsafe.Add(ref decayed, (nint)spike.Time);
                Unsafe.Add(ref pairs, count) = new PendingPair(pair.Synapse, spike.Earlier);
                count += spike.Earlier >= first ? 1 : 0;
            }
            begin = end;
        }
        RoundStarts[rounds] = (int)count;
        return rounds;
    }

    public void Dispose()
    {
        _decayed.Dispose();
        Pairs.Dispose();
        Traces.Dispose();
        Gathered.Dispose();
        Amounts.Dispose();
    }
}
