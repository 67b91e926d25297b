using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Rows that the device makes for each spike. It keeps the tables that turn random words into skips, weights and delays, and the length of each row.</summary>
sealed class ProceduralSynapses : CudaProjection
{
    // A warp makes so many synapses at a time.
    const int Round = 128;

    readonly CudaDeviceVariable<int> _rowLengths;
    readonly WordTableAbi _skips, _weights, _delays;

    public ProceduralSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        _rowLengths = memory.Upload<int>(Rows.RowLengths, $"{plan.Name}.rows");
        (_skips, _weights, _delays) = (Upload(Rows.Skips, "skips"), Upload(Rows.Weights, "weights"), Upload(Rows.Delays, "delays"));
    }

    ProceduralRows Rows => Plan.Procedural!;

    WordTableAbi Upload(WordTable table, string what) => new()
    {
        Bounds = Memory.Upload<uint>(table.Bounds, $"{Plan.Name}.{what}").DevicePointer,
        Index = Memory.Upload<uint>(table.Index, $"{Plan.Name}.{what}").DevicePointer,
        First = table.First,
        Direction = table.Direction,
        Shift = (uint)(32 - table.IndexBits),
    };

    // Rounds of a row begin where blocks of words do.
    static int Whole(int chunkLength) => (chunkLength + Round - 1) / Round * Round;

    int Chunks(int chunkLength) => Rows.Rule == ProceduralRule.Skip ? 1 : Math.Max(1, Work.Chunks(Rows.LongestRow, Whole(chunkLength)));

    /// <summary>Most items (spike, chunk) that a step can bring.</summary>
    public long MostItems(int chunkLength) => (long)Plan.Source.Elements * Chunks(chunkLength);

    /// <summary>The projection's row in the table of its launch.</summary>
    public ProceduralAbi Describe(int chunkLength) => new()
    {
        Source = Source.Spikes,
        RowLengths = _rowLengths.DevicePointer,
        Seed = Rows.Seed,
        Ring = Target.Ring(Plan.Channel),
        Skips = _skips,
        Weights = _weights,
        Delays = _delays,
        StructureStream = Rows.StructureStream,
        WeightStream = Rows.WeightStream,
        DelayStream = Rows.DelayStream,
        Targets = (uint)Plan.Target.Count,
        SkipsSelf = Rows.SkipsSelf ? 1u : 0u,
        Shift = (uint)Plan.Shift,
        Chunks = (uint)Chunks(chunkLength),
        ChunkLength = (uint)Whole(chunkLength),
    };
}
