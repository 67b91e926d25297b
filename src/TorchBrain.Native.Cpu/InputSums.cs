namespace TorchBrain.Native.Cpu;

/// <summary>
/// The fixed-point input of all elements and channels, in a few slots, one per step. What one thread owns lies together, [thread][slot][population, channel][element], so that
/// a row of synapses may name its targets in all populations by one short number: the local index.
/// </summary>
sealed class InputSums : IDisposable
{
    /// <summary>The channels with sums of one width: where the part of each thread begins, and each channel in it.</summary>
    public sealed class Space
    {
        readonly int[] _length;
        readonly long[] _begin;
        readonly int[][][] _local;
        readonly int _mask;

        public Space(NetworkPlan plan, int[][] starts, int slots, bool wide)
        {
            var threads = starts[0].Length - 1;
            _mask = slots - 1;
            (_length, _begin) = (new int[threads], new long[threads]);
            _local = [.. plan.Populations.Select(p => p.Channels.Select(_ => new int[threads]).ToArray())];
            for (var thread = 0; thread < threads; thread++)
            {
                foreach (var p in plan.Populations)
                    for (var c = 0; c < p.Channels.Count; c++)
                    {
                        if (p.Channels[c].Wide != wide)
                            continue;
                        _local[p.Index][c][thread] = _length[thread] - starts[p.Index][thread];
                        _length[thread] += starts[p.Index][thread + 1] - starts[p.Index][thread];
                    }
                if (thread + 1 < threads)
                    _begin[thread + 1] = _begin[thread] + (long)slots * _length[thread];
            }
            Total = _begin[^1] + (long)slots * _length[^1];
        }

        /// <summary>Sums in all slots.</summary>
        public long Total { get; }

        /// <summary>Sums that a thread owns, per slot.</summary>
        public int Length(int thread) => _length[thread];

        /// <summary>Start of a thread's slot of a step.</summary>
        public long Slot(int thread, long step) => _begin[thread] + (step & _mask) * _length[thread];

        /// <summary>What to add to an element of a channel to get its local index within the part of its thread.</summary>
        public int Local(int population, int channel, int thread) => _local[population][channel][thread];
    }

    readonly NetworkPlan _plan;

    /// <param name="plan">The plan.</param>
    /// <param name="starts">First element of each thread, per population.</param>
    /// <param name="slots">Slots, a power of two.</param>
    /// <param name="hugePages">Whether large buffers of the network ask for huge pages.</param>
    public InputSums(NetworkPlan plan, int[][] starts, int slots, bool hugePages)
    {
        HugePages = hugePages;
        _plan = plan;
        (Slots, Threads) = (slots, starts[0].Length - 1);
        NarrowSpace = new Space(plan, starts, slots, wide: false);
        WideSpace = new Space(plan, starts, slots, wide: true);
        Narrow = new AlignedBuffer<int>(NarrowSpace.Total, hugePages);
        Wide = new AlignedBuffer<long>(WideSpace.Total, hugePages);
    }

    public int Slots { get; }
    public int Threads { get; }

    /// <summary>Whether large buffers of the network ask for huge pages.</summary>
    public bool HugePages { get; }
    public Space NarrowSpace { get; }
    public Space WideSpace { get; }
    public AlignedBuffer<int> Narrow { get; }
    public AlignedBuffer<long> Wide { get; }

    public bool IsWide(int population, int channel) => _plan.Populations[population].Channels[channel].Wide;

    /// <summary>What to add to an element of a thread to get its place in the slot of a step.</summary>
    public long Origin(int population, int channel, int thread, long step)
    {
        var space = IsWide(population, channel) ? WideSpace : NarrowSpace;
        return space.Slot(thread, step) + space.Local(population, channel, thread);
    }

    public void Clear()
    {
        Narrow.Clear();
        Wide.Clear();
    }

    public void Dispose()
    {
        Narrow.Dispose();
        Wide.Dispose();
    }
}
