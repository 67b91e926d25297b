using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Static sparse synapses: packed rows, sorted by delay and target, one after the other.</summary>
sealed class SparseSynapses : CudaProjection
{
    const long StagingSynapses = 8 << 20;

    readonly CudaDeviceVariable<long> _rowStarts;
    readonly nint _synapses;
    readonly SynapsePacking _packing;
    readonly int _longestRow;

    public SparseSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        _packing = SynapsePacking.Of(plan);
        _longestRow = plan.RowLengths.DefaultIfEmpty(0).Max();
        var starts = new long[plan.Source.Count + 1];
        for (var i = 0; i < plan.Source.Count; i++)
            starts[i + 1] = starts[i] + plan.RowLengths[i];
        _rowStarts = memory.Upload<long>(starts, $"{plan.Name}.rows");
        _synapses = _packing.Bytes == 4 ? Fill<uint>(starts, static word => (uint)word) : Fill<ulong>(starts, static word => word);
    }

    // Rows are made in parallel, some millions of synapses at a time.
    nint Fill<T>(long[] starts, Func<ulong, T> narrow) where T : unmanaged
    {
        var device = Memory.New<T>(starts[^1], $"{Plan.Name}.synapses");
        var rows = new SourceRows(Plan);
        var staging = Array.Empty<T>();
        for (var first = 0; first < Plan.Source.Count;)
        {
            var end = first + 1;
            while (end < Plan.Source.Count && starts[end + 1] - starts[first] <= StagingSynapses)
                end++;
            var (begin, count) = (starts[first], (int)(starts[end] - starts[first]));
            if (staging.Length < count)
                staging = new T[count];
            rows.ForEach(first, end, (source, row) =>
            {
                var words = new ulong[row.Length];
                for (var k = 0; k < row.Length; k++)
                    words[k] = _packing.Pack(row[k], Plan.MinDelay, Plan.Quantise(row[k].Weight));
                Array.Sort(words);
                for (var k = 0; k < words.Length; k++)
                    staging[starts[source] - begin + k] = narrow(words[k]);
            });
            device.CopyToDevice(staging.AsSpan(0, count), begin, Memory.Stream);
            first = end;
        }
        return device.DevicePointer;
    }

    /// <summary>The projection's row in the table of its launch.</summary>
    public SparseAbi Describe(int chunkLength) => new()
    {
        Source = Source.Spikes,
        RowStarts = _rowStarts.DevicePointer,
        Synapses = _synapses,
        Ring = Target.Ring(Plan.Channel),
        Chunks = (uint)Work.Chunks(_longestRow, chunkLength),
        ChunkLength = (uint)chunkLength,
        TargetBits = (uint)_packing.TargetBits,
        MinDelay = (uint)Plan.MinDelay,
        Shift = (uint)Plan.Shift,
    };

    /// <summary>Most items (spike, chunk) that a step can bring.</summary>
    public long MostItems(int chunkLength) => (long)Plan.Source.Elements * Work.Chunks(_longestRow, chunkLength);
}
