using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Static synapses in 4 bytes each: 16 bits of target within a slice, 16 bits of weight. Each slice (at most 65,536 elements of one thread) has its rows, one per
/// source, cut into runs of one delay; a run begins with a word (delay, length). Sorted by delay and target, so a run writes one slot of the ring from left to right.
/// </summary>
sealed class SparseStatic : SynapseKernel
{
    readonly SparseSlice[][] _slices;

    public SparseStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads) =>
        _slices = SparseLayout.Build(plan, target, threads, Batch);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Propagate(int thread, long step)
    {
        foreach (var slice in _slices[thread])
            for (var k = 0; k < Threads; k++)
            {
                var spikes = Source.Spikes(k, step);
                if (Ring is null)
                    AddWide(slice, spikes, step);
                else if (!spikes.IsEmpty)
                    AddNarrow(slice, spikes, step);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddNarrow(SparseSlice slice, ReadOnlySpan<int> spikes, long step)
    {
        var shift = Plan.Shift;
        foreach (var spike in spikes)
        {
            var source = Batch == 1 ? spike : spike / Batch;
            var instance = Batch == 1 ? 0 : spike % Batch;
            long at = slice.RowStarts[source], end = slice.RowStarts[source + 1];
            if (at == end)
                continue;
            ref var word = ref slice.Words.At(at);
            ref var rowEnd = ref Unsafe.Add(ref word, (nint)(end - at));
            while (Unsafe.IsAddressLessThan(ref word, ref rowEnd))
            {
                var run = (int)(word & 0xFFFF);
                ref var slot = ref Ring!.At(SlotStart(step + (word >> 16)) + slice.FirstElement + instance);
                ref var runEnd = ref Unsafe.Add(ref word, run + 1);
                for (word = ref Unsafe.Add(ref word, 1); Unsafe.IsAddressLessThan(ref word, ref runEnd); word = ref Unsafe.Add(ref word, 1))
                    Unsafe.Add(ref slot, (nint)(word & 0xFFFF)) += (int)word >> 16 << shift;
            }
        }
    }

    void AddWide(SparseSlice slice, ReadOnlySpan<int> spikes, long step)
    {
        foreach (var spike in spikes)
        {
            var (source, instance) = Math.DivRem(spike, Batch);
            for (var at = slice.RowStarts[source]; at < slice.RowStarts[source + 1];)
            {
                var header = slice.Words.At(at++);
                var slot = SlotStart(step + (header >> 16)) + slice.FirstElement + instance;
                for (var n = header & 0xFFFF; n > 0; n--)
                {
                    var word = slice.Words.At(at++);
                    WideRing!.At(slot + (word & 0xFFFF)) += (long)((int)word >> 16) << Plan.Shift;
                }
            }
        }
    }

    public override void Dispose()
    {
        foreach (var slices in _slices)
            foreach (var slice in slices)
                slice.Words.Dispose();
    }
}
