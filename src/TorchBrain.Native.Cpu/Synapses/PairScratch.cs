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
    // Stands for the presynaptic trace of a spike that a run has seen. Traces are never negative.
    const float Seen = -1;

    // The presynaptic trace that a postsynaptic spike meets, by its time in the log; Seen at time 0 and up to _firstUnseen.
    readonly AlignedBuffer<float> _met = Filled(SpikeChains.Window + 1 + Padding);
    readonly AlignedBuffer<int> _spikes = new(Chunk * (SpikeChains.Window + 1L) + Padding, hugePages: false, zeroed: false);
    readonly AlignedBuffer<uint> _times = new(Chunk + Padding, hugePages: false);
    readonly bool _wide = vectorBits >= 512 && Avx512F.IsSupported;
    int _firstUnseen = 1;

    /// <summary>The presynaptic trace that the last spike of each synapse's target meets; negative where the synapse has seen it, or where there is none.</summary>
    public AlignedBuffer<float> LastMet { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>The postsynaptic trace of each synapse of the piece.</summary>
    public AlignedBuffer<float> PostTraces { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>The synapses with an older spike that they have yet to see, from the first of the piece, round by round.</summary>
    public AlignedBuffer<int> Synapses { get; } = new(Chunk * (SpikeChains.Window + 1L) + Padding, hugePages: false, zeroed: false);
    /// <summary>The presynaptic trace that each of these spikes meets.</summary>
    public AlignedBuffer<float> OlderMet { get; } = new(Chunk * (SpikeChains.Window + 1L), hugePages: false, zeroed: false);
    /// <summary>Values of the synapses of a round, side by side.</summary>
    public AlignedBuffer<float> Gathered { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>What is delivered.</summary>
    public AlignedBuffer<int> Amounts { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>The first pair of each round, and the end.</summary>
    public int[] RoundStarts { get; } = new int[SpikeChains.Window + 2];

    static AlignedBuffer<float> Filled(int length)
    {
        var buffer = new AlignedBuffer<float>(length, hugePages: false);
        buffer.Span(0, length).Fill(Seen);
        return buffer;
    }

    /// <summary>Makes the traces that spikes before a step meet, and the state of a run that has seen them all.</summary>
    public RunState BeginRun(SpikeChains chains, in RunState state, long step, float decay)
    {
        var first = (int)(state.UpTo - chains.FirstStep) + 1;
        // What this writes too much is either of spikes yet to come or written again below.
        for (; _firstUnseen < first; _firstUnseen += Vector512<float>.Count)
            Vector512.Create(Seen).StoreUnsafe(ref _met.At(_firstUnseen));
        _firstUnseen = first;
        ref var met = ref _met.At(first);
        met = state.Before;
        var trace = state.After;
        var steps = (nint)(step - state.UpTo);
        if (steps == 0)
            return state;
        for (nint n = 1; n <= steps; n++)
            Unsafe.Add(ref met, n) = trace *= decay;
        return new RunState(step, trace, trace);
    }

    /// <summary>
    /// Finds the traces of a piece's targets and the spikes that its synapses have yet to see: the last of each target beside its synapse, older ones in rounds, each synapse at most
    /// once in a round, later spikes in earlier rounds. Returns the rounds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(PlasticSlice slice, long from, int length, int instance, int first)
    {
        ref var targets = ref slice.Targets.At(from);
        FindLast(ref targets, length, ref slice.Chains.Posts.At(instance));
        var count = FindSeconds(length);
        if (count == 0)
            return 0;
        ref var thirds = ref slice.Chains.Thirds.At(instance);
        ref var log = ref slice.Chains.Log.At(0);
        ref var synapses = ref Synapses.At(0);
        ref var spikes = ref _spikes.At(0);
        ref var olderMet = ref OlderMet.At(0);
        ref var met = ref _met.At(0);
        ref var times = ref _times.At(0);
        RoundStarts[0] = 0;
        var end = count;
        for (nint k = 0; k < end; k++)
        {
            nint synapse = Unsafe.Add(ref synapses, k);
            var third = Unsafe.Add(ref thirds, (nint)Unsafe.Add(ref targets, synapse));
            Unsafe.Add(ref olderMet, k) = Unsafe.Add(ref met, (nint)(Unsafe.Add(ref times, synapse) >> 16));
            Unsafe.Add(ref synapses, count) = (int)synapse;
            Unsafe.Add(ref spikes, count) = third;
            count += third >= first ? 1 : 0;
        }
        var rounds = 1;
        for (var begin = end; begin < count; begin = end)
        {
            RoundStarts[rounds++] = (int)begin;
            end = count;
            for (var k = begin; k < end; k++)
            {
                var spike = Unsafe.Add(ref log, (nint)Unsafe.Add(ref spikes, k));
                Unsafe.Add(ref olderMet, k) = Unsafe.Add(ref met, (nint)spike.Time);
                Unsafe.Add(ref synapses, count) = Unsafe.Add(ref synapses, k);
                Unsafe.Add(ref spikes, count) = spike.Earlier;
                count += spike.Earlier >= first ? 1 : 0;
            }
        }
        RoundStarts[rounds] = (int)count;
        return rounds;
    }

    // Side by side what lies apart. The processor loads and stores less often than it calculates, so the times and the trace of a target are loaded at once, and four values are stored at
    // once. Scalar loads take less time here than the processor's gather.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void FindLast(ref ushort targets, nint length, ref PostState posts)
    {
        ref var met = ref _met.At(0);
        ref var last = ref LastMet.At(0);
        ref var times = ref _times.At(0);
        ref var traces = ref PostTraces.At(0);
        ref var states = ref Unsafe.As<PostState, ulong>(ref posts);
        nint k = 0;
        for (; k + 4 <= length; k += 4)
        {
            var (a, b) = (Unsafe.Add(ref states, (nint)Unsafe.Add(ref targets, k)), Unsafe.Add(ref states, (nint)Unsafe.Add(ref targets, k + 1)));
            var (c, d) = (Unsafe.Add(ref states, (nint)Unsafe.Add(ref targets, k + 2)), Unsafe.Add(ref states, (nint)Unsafe.Add(ref targets, k + 3)));
            var (ab, cd) = (Vector128.Create(a, b).AsUInt32(), Vector128.Create(c, d).AsUInt32());
            Even(ab, cd).StoreUnsafe(ref times, (nuint)k);
            Odd(ab, cd).AsSingle().StoreUnsafe(ref traces, (nuint)k);
            Vector128.Create(Unsafe.Add(ref met, (nint)(ushort)a), Unsafe.Add(ref met, (nint)(ushort)b), Unsafe.Add(ref met, (nint)(ushort)c), Unsafe.Add(ref met, (nint)(ushort)d))
                .StoreUnsafe(ref last, (nuint)k);
        }
        for (; k < length; k++)
        {
            var a = Unsafe.Add(ref states, (nint)Unsafe.Add(ref targets, k));
            Unsafe.Add(ref times, k) = (uint)a;
            Unsafe.Add(ref traces, k) = BitConverter.UInt32BitsToSingle((uint)(a >> 32));
            Unsafe.Add(ref last, k) = Unsafe.Add(ref met, (nint)(ushort)a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Even(Vector128<uint> lower, Vector128<uint> upper) =>
        Sse.IsSupported ? Sse.Shuffle(lower.AsSingle(), upper.AsSingle(), 0b10_00_10_00).AsUInt32() : Vector128.Create(lower[0], lower[2], upper[0], upper[2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Odd(Vector128<uint> lower, Vector128<uint> upper) =>
        Sse.IsSupported ? Sse.Shuffle(lower.AsSingle(), upper.AsSingle(), 0b11_01_11_01).AsUInt32() : Vector128.Create(lower[1], lower[3], upper[1], upper[3]);

    // The synapses whose target's second last spike they have yet to see, without a branch. Returns how many they are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    nint FindSeconds(nint length)
    {
        ref var times = ref _times.At(0);
        ref var synapses = ref Synapses.At(0);
        var unseen = (uint)_firstUnseen << 16; // with any last time
        nint count = 0, k = 0;
        if (_wide)
            for (var synapse = Vector512<int>.Indices; k + Vector512<int>.Count <= length; k += Vector512<int>.Count, synapse += Vector512.Create(Vector512<int>.Count))
            {
                var seconds = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref times, (nuint)k), Vector512.Create(unseen));
                Avx512F.Compress(Vector512<int>.Zero, seconds.AsInt32(), synapse).StoreUnsafe(ref Unsafe.Add(ref synapses, count));
                count += BitOperations.PopCount(seconds.ExtractMostSignificantBits());
            }
        for (; k < length; k++)
        {
            Unsafe.Add(ref synapses, count) = (int)k;
            count += Unsafe.Add(ref times, k) >= unseen ? 1 : 0;
        }
        return count;
    }

    public void Dispose()
    {
        _met.Dispose();
        _spikes.Dispose();
        _times.Dispose();
        LastMet.Dispose();
        PostTraces.Dispose();
        Synapses.Dispose();
        OlderMet.Dispose();
        Gathered.Dispose();
        Amounts.Dispose();
    }
}
