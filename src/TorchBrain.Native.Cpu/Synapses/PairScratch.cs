using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>What a thread needs to bring the weights of a run up to date.</summary>
/// <param name="vectorBits">Widest vectors to use.</param>
sealed class PairScratch(int vectorBits) : IDisposable
{
    /// <summary>Synapses that are worked on together.</summary>
    public const int Chunk = 512;
    const int Padding = 16;

    readonly AlignedBuffer<float> _decayed = new(SpikeChains.Window + Padding, hugePages: false);
    readonly AlignedBuffer<int> _spikes = new(Chunk * (SpikeChains.Window + 1L) + Padding, hugePages: false, zeroed: false);
    readonly AlignedBuffer<PostState> _posts = new(Chunk + Padding, hugePages: false);
    readonly bool _wide = vectorBits >= 512 && Avx512F.IsSupported;
    int _timeOfFirst;

    /// <summary>The synapses with a postsynaptic spike that they have yet to see, from the first of the piece, round by round.</summary>
    public AlignedBuffer<int> Synapses { get; } = new(Chunk * (SpikeChains.Window + 1L) + Padding, hugePages: false, zeroed: false);
    /// <summary>The presynaptic trace of each pair.</summary>
    public AlignedBuffer<float> Traces { get; } = new(Chunk * (SpikeChains.Window + 1L), hugePages: false, zeroed: false);
    /// <summary>The postsynaptic trace of each synapse of the piece.</summary>
    public AlignedBuffer<float> PostTraces { get; } = new(Chunk + Padding, hugePages: false);
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

    /// <summary>Finds the traces of a piece's targets, and the spikes that its synapses have yet to see, each synapse at most once in a round, later spikes in earlier rounds. Returns the rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(PlasticSlice slice, long from, int length, int instance, int first)
    {
        ref var log = ref slice.Chains.Log.At(0);
        ref var synapses = ref Synapses.At(0);
        ref var spikes = ref _spikes.At(0);
        ref var traces = ref Traces.At(0);
        ref var decayed = ref Unsafe.Subtract(ref _decayed.At(0), _timeOfFirst);
        var count = FindLatest(slice, from, length, instance, first);
        var rounds = 0;
        for (nint begin = 0; begin < count;)
        {
            RoundStarts[rounds++] = (int)begin;
            var end = count;
            for (var k = begin; k < end; k++)
            {
                var spike = Unsafe.Add(ref log, (nint)Unsafe.Add(ref spikes, k));
                Unsafe.Add(ref traces, k) = Unsafe.Add(ref decayed, (nint)spike.Time);
                Unsafe.Add(ref synapses, count) = Unsafe.Add(ref synapses, k);
                Unsafe.Add(ref spikes, count) = spike.Earlier;
                count += spike.Earlier >= first ? 1 : 0;
            }
            begin = end;
        }
        RoundStarts[rounds] = (int)count;
        return rounds;
    }

    // The synapses whose target's latest spike they have yet to see, without a branch. Returns how many they are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    nint FindLatest(PlasticSlice slice, long from, int length, int instance, int first)
    {
        Copy(ref slice.Targets.At(from), length, ref slice.Chains.Posts.At(instance));
        ref var posts = ref _posts.At(0);
        ref var synapses = ref Synapses.At(0);
        ref var spikes = ref _spikes.At(0);
        ref var traces = ref PostTraces.At(0);
        nint count = 0, k = 0;
        // The first and the second halves of the pairs in two vectors.
        var even = Vector512<int>.Indices + Vector512<int>.Indices;
        var odd = even + Vector512<int>.One;
        if (_wide)
            for (var synapse = Vector512<int>.Indices; k + Vector512<int>.Count <= length; k += Vector512<int>.Count, synapse += Vector512.Create(Vector512<int>.Count))
            {
                ref var sixteen = ref Unsafe.As<PostState, int>(ref Unsafe.Add(ref posts, k));
                var (lower, upper) = (Vector512.LoadUnsafe(ref sixteen), Vector512.LoadUnsafe(ref sixteen, (nuint)Vector512<int>.Count));
                Avx512F.PermuteVar16x32x2(lower, odd, upper).AsSingle().StoreUnsafe(ref Unsafe.Add(ref traces, k));
                var spike = Avx512F.PermuteVar16x32x2(lower, even, upper);
                var pending = Vector512.GreaterThanOrEqual(spike, Vector512.Create(first));
                Avx512F.Compress(Vector512<int>.Zero, pending, synapse).StoreUnsafe(ref Unsafe.Add(ref synapses, count));
                Avx512F.Compress(Vector512<int>.Zero, pending, spike).StoreUnsafe(ref Unsafe.Add(ref spikes, count));
                count += BitOperations.PopCount(pending.ExtractMostSignificantBits());
            }
        for (; k < length; k++)
        {
            var post = Unsafe.Add(ref posts, k);
            Unsafe.Add(ref traces, k) = post.Trace;
            Unsafe.Add(ref synapses, count) = (int)k;
            Unsafe.Add(ref spikes, count) = post.Latest;
            count += post.Latest >= first ? 1 : 0;
        }
        return count;
    }

    // Side by side what lies apart. Scalar loads take less time here than the processor's gather.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Copy(ref ushort targets, int length, ref PostState posts)
    {
        ref var from = ref Unsafe.As<PostState, ulong>(ref posts);
        ref var to = ref Unsafe.As<PostState, ulong>(ref _posts.At(0));
        nint k = 0;
        for (; k + 4 <= length; k += 4)
        {
            Unsafe.Add(ref to, k) = Unsafe.Add(ref from, (nint)Unsafe.Add(ref targets, k));
            Unsafe.Add(ref to, k + 1) = Unsafe.Add(ref from, (nint)Unsafe.Add(ref targets, k + 1));
            Unsafe.Add(ref to, k + 2) = Unsafe.Add(ref from, (nint)Unsafe.Add(ref targets, k + 2));
            Unsafe.Add(ref to, k + 3) = Unsafe.Add(ref from, (nint)Unsafe.Add(ref targets, k + 3));
        }
        for (; k < length; k++)
            Unsafe.Add(ref to, k) = Unsafe.Add(ref from, (nint)Unsafe.Add(ref targets, k));
    }

    public void Dispose()
    {
        _decayed.Dispose();
        _spikes.Dispose();
        _posts.Dispose();
        Synapses.Dispose();
        Traces.Dispose();
        PostTraces.Dispose();
        Gathered.Dispose();
        Amounts.Dispose();
    }
}
