using System.Numerics;
using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The arrays of one population. Elements are padded to groups of 64; thread k owns the elements [Starts[k], Starts[k + 1]), whole groups. Only the owner writes an
/// element's state and input slots. Spike lists are kept per step and thread, so together they ascend.
/// </summary>
sealed class CpuPopulation : IDisposable
{
    public const int Group = 64;

    // A cache line has one writer: what a thread counts does not lie beside what another does.
    const int LineInts = 16;

    readonly int _threads, _countStride;
    readonly InputSums _sums;
    readonly SpikeBoard? _board;
    readonly AlignedBuffer<int> _spikes, _spikeCounts;

    /// <param name="plan">The plan.</param>
    /// <param name="starts">First element of each thread: see <see cref="Partition"/>.</param>
    /// <param name="sums">Where its input is summed.</param>
    /// <param name="board">Where threads tell each other their spikes; null for one thread.</param>
    public CpuPopulation(PopulationPlan plan, int[] starts, InputSums sums, SpikeBoard? board)
    {
        Plan = plan;
        _board = board;
        _sums = sums;
        _threads = starts.Length - 1;
        Starts = starts;
        Padded = starts[^1];
        State = [.. plan.Neuron.State.Select(_ => new AlignedBuffer<float>(Padded, HugePages))];
        Currents = [.. plan.Inputs.Select(i => i is CurrentPlan current ? new InjectedCurrent(this, current) : null)];
        Alive = new ulong[Padded / Group];
        _spikes = new AlignedBuffer<int>((long)plan.HistorySlots * Padded, HugePages);
        _countStride = (plan.HistorySlots + LineInts - 1) / LineInts * LineInts;
        _spikeCounts = new AlignedBuffer<int>(_threads * _countStride, hugePages: false);
        TotalSpikes = new int[plan.Elements];
    }

    public PopulationPlan Plan { get; }

    /// <summary>Whether large buffers of the network ask for huge pages.</summary>
    public bool HugePages => _sums.HugePages;
    public int Padded { get; }
    public int[] Starts { get; }
    public AlignedBuffer<float>[] State { get; }
    public InjectedCurrent?[] Currents { get; }

    /// <summary>One bit per element; padding is dead.</summary>
    public ulong[] Alive { get; }

    /// <summary>Spikes of each element since the start.</summary>
    public int[] TotalSpikes { get; }

    /// <summary>The sums of a channel; null where they have 64 bits.</summary>
    public AlignedBuffer<int>? Sums(int channel) => Plan.Channels[channel].Wide ? null : _sums.Narrow;

    /// <summary>The sums of a channel; null where they have 32 bits.</summary>
    public AlignedBuffer<long>? WideSums(int channel) => Plan.Channels[channel].Wide ? _sums.Wide : null;

    /// <summary>What to add to an element of a thread to get its place in the sums of a step.</summary>
    public long Origin(int channel, int thread, long step) => _sums.Origin(Plan.Index, channel, thread, step);

    /// <summary>
    /// The first element of each thread, and the padded number of elements. A winner-take-all population belongs to one thread, which can then find the winner without asking
    /// the others.
    /// </summary>
    public static int[] Partition(PopulationPlan plan, int threads)
    {
        var groups = (plan.Elements + Group - 1) / Group;
        var starts = new int[threads + 1];
        if (plan.Neuron is ThresholdLinearPlan { Competition: Competition.WinnerTakesAll })
        {
            var owner = plan.Index % threads;
            for (var k = owner + 1; k <= threads; k++)
                starts[k] = groups * Group;
            return starts;
        }
        // With a batch, borders also fall between neurons, so that all instances of a neuron have one owner.
        var batch = plan.Elements / plan.Count;
        var unit = batch / (int)BigInteger.GreatestCommonDivisor(batch, Group);
        for (var k = 0; k < threads; k++)
            starts[k] = (int)((long)groups * k / threads) / unit * unit * Group;
        starts[threads] = groups * Group;
        return starts;
    }

    public void Reset()
    {
        for (var s = 0; s < State.Length; s++)
            Fill(State[s], Plan.Neuron.State[s].Initial, padding: Plan.Neuron.State[s].Initial[0]);
        foreach (var current in Currents)
            current?.Reset();
        for (var g = 0; g < Alive.Length; g++)
            Alive[g] = RealElements(g);
        _spikeCounts.Clear();
        Array.Clear(TotalSpikes);
    }

    /// <summary>The bits of a group that are elements and not padding.</summary>
    public ulong RealElements(int group)
    {
        var left = Plan.Elements - group * Group;
        return left >= Group ? ulong.MaxValue : (1ul << left) - 1;
    }

    /// <summary>Gives every element its neuron's value; padding gets a value of its own.</summary>
    public void Fill(AlignedBuffer<float> buffer, ParameterArray values, float padding)
    {
        var span = buffer.Span(0, Padded);
        span[Plan.Elements..].Fill(padding);
        if (values.IsUniform)
        {
            span[..Plan.Elements].Fill(values[0]);
            return;
        }
        var batch = Plan.Elements / Plan.Count;
        for (var e = 0; e < Plan.Elements; e++)
            span[e] = values[e / batch];
    }

    int Slot(long step) => (int)(step & (Plan.HistorySlots - 1));

    ref int Count(int thread, int slot) => ref _spikeCounts.At(thread * _countStride + slot);

    /// <summary>Starts the spike list of a thread for a step.</summary>
    public void BeginSpikes(int thread, long step)
    {
        Count(thread, Slot(step)) = 0;
        _board?.Begin(thread, Plan.Index, step);
    }

    /// <summary>Appends the spikes of one group, given as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AppendSpikes(int thread, long step, int firstElement, ulong bits)
    {
        var slot = Slot(step);
        ref var count = ref Count(thread, slot);
        ref var list = ref _spikes.At((long)slot * Padded + Starts[thread]);
        while (bits != 0)
        {
            var element = firstElement + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Unsafe.Add(ref list, count++) = element;
            _board?.Add(thread, Plan.Index, step, element);
            TotalSpikes[element]++;
        }
    }

    /// <summary>The spikes that one thread found in a step still in the history, ascending.</summary>
    public ReadOnlySpan<int> Spikes(int thread, long step)
    {
        var slot = Slot(step);
        var count = Count(thread, slot);
        return count == 0 ? default : _spikes.Span((long)slot * Padded + Starts[thread], count);
    }

    /// <summary>The same, of the step whose barrier all threads have passed, and before the next one.</summary>
    public ReadOnlySpan<int> NewSpikes(int thread, long step) => _board is null ? Spikes(thread, step) : _board.Spikes(thread, Plan.Index, step);

    /// <summary>Copies all spikes of that step, ascending.</summary>
    public int CopyNewSpikes(long step, Span<int> destination)
    {
        var total = 0;
        for (var k = 0; k < _threads; k++)
        {
            var spikes = NewSpikes(k, step);
            spikes.CopyTo(destination[total..]);
            total += spikes.Length;
        }
        return total;
    }

    /// <summary>Copies all spikes of a step still in the history, ascending.</summary>
    public int CopySpikes(long step, Span<int> destination)
    {
        var total = 0;
        if (step < 0)
            return 0;
        for (var k = 0; k < _threads; k++)
        {
            var spikes = Spikes(k, step);
            spikes.CopyTo(destination[total..]);
            total += spikes.Length;
        }
        return total;
    }

    /// <summary>Replaces the spikes of a step in the history, as when a checkpoint is loaded.</summary>
    public void SetSpikes(long step, ReadOnlySpan<int> ascending)
    {
        var slot = Slot(step);
        for (var k = 0; k < _threads; k++)
        {
            var count = 0;
            foreach (var e in ascending)
                if (e >= Starts[k] && e < Starts[k + 1])
                    _spikes.At((long)slot * Padded + Starts[k] + count++) = e;
            Count(k, slot) = count;
        }
    }

    public void Dispose()
    {
        foreach (var s in State)
            s.Dispose();
        foreach (var c in Currents)
            c?.Dispose();
        _spikes.Dispose();
        _spikeCounts.Dispose();
    }
}
