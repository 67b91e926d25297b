using System.Numerics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Static sparse synapses: packed rows, along which spikes are pushed, and where steps may be pulled the same synapses in columns.</summary>
sealed class SparseSynapses : CudaProjection
{
    // Rows are made some millions of synapses at a time. For columns all rows are made each time, so they are as many as the host can be asked to hold.
    const int StagingRows = 8 << 20, StagingColumns = 1 << 28;

    // A warp adds up its piece of a column in 32 bits: that many weights of 16 bits.
    const int MostColumnChunk = 1 << 16;

    public SparseSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, CudaTuning tuning, DeviceMemory memory) : base(plan, source, target, memory)
    {
        var rows = new SourceRows(plan);
        var row = new SparseAbi { Source = Source.Spikes, Ring = Target.Ring(plan.Channel), MinDelay = (uint)plan.MinDelay, Shift = (uint)plan.Shift, PullFrom = PullRule.From(plan, tuning) };
        Rows = MakeRows(rows, row);
        if (PullRule.HasColumns(plan, tuning))
            Columns = MakeColumns(rows, row);
    }

    /// <summary>The synapses by source.</summary>
    public PackedSynapses Rows { get; }

    /// <summary>The synapses by target; null where no step is pulled.</summary>
    public PackedSynapses? Columns { get; }

    PackedSynapses MakeRows(SourceRows rows, SparseAbi row)
    {
        var (packing, starts) = (SynapsePacking.OfRows(Plan), Offsets.Of(Plan.RowLengths));
        row.Synapses = packing.Bytes == 4 ? Fill<uint>() : Fill<ulong>();
        return Table(row, packing, Plan.Source.Elements, starts, int.MaxValue, "rows");

        nint Fill<T>() where T : unmanaged, IBinaryInteger<T> => PackedSynapses.Fill<T>(starts, StagingRows, Memory, $"{Plan.Name}.synapses", (first, end, words) =>
            rows.ForEach(first, end, (source, entries) =>
            {
                for (var k = 0; k < entries.Length; k++)
                    words[starts[source] - starts[first] + k] = Pack<T>(packing, entries[k].Target, entries[k]);
            }));
    }

    PackedSynapses MakeColumns(SourceRows rows, SparseAbi row)
    {
        var lengths = new int[Plan.Target.Count];
        rows.ForEach(0, Plan.Source.Count, (_, entries) =>
        {
            foreach (var entry in entries)
                Interlocked.Increment(ref lengths[entry.Target]);
        });
        var (packing, starts) = (SynapsePacking.OfColumns(Plan), Offsets.Of(lengths));
        row.Synapses = packing.Bytes == 4 ? Fill<uint>() : Fill<ulong>();
        return Table(row, packing, Plan.Target.Elements, starts, MostColumnChunk, "columns");

        nint Fill<T>() where T : unmanaged, IBinaryInteger<T> => PackedSynapses.Fill<T>(starts, StagingColumns, Memory, $"{Plan.Name}.columnSynapses", (first, end, words) =>
        {
            int[] next = [.. starts[first..end].Select(start => (int)(start - starts[first]))];
            rows.ForEach(0, Plan.Source.Count, (source, entries) =>
            {
                foreach (var entry in entries)
                    if (entry.Target >= first && entry.Target < end)
                        words[Interlocked.Increment(ref next[entry.Target - first]) - 1] = Pack<T>(packing, source, entry);
            });
        });
    }

    PackedSynapses Table(SparseAbi row, SynapsePacking packing, int elements, long[] starts, int mostChunk, string name) =>
        new(row with { Starts = Memory.Upload<long>(starts, $"{Plan.Name}.{name}").DevicePointer, PartnerBits = (uint)packing.PartnerBits, SynapseBytes = (uint)packing.Bytes }, elements, starts, mostChunk);

    T Pack<T>(SynapsePacking packing, int partner, RowEntry entry) where T : IBinaryInteger<T> => T.CreateTruncating(packing.Pack(partner, entry.Delay - Plan.MinDelay, Plan.Quantise(entry.Weight)));
}
