using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// Weights by offset on a lattice. A stencil with many offsets is laid out whole, and every thread finds the weight onto its target in the window of a source; one with few is a list.
/// </summary>
sealed class StencilSynapses : CudaProjection
{
    readonly CudaDeviceVariable<short> _weights, _offsets;
    readonly CudaDeviceVariable<uint> _origins;
    readonly int _stride, _count;

    public StencilSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        var stencil = plan.Stencil!;
        var (rows, columns) = (stencil.Lattice.Rows, stencil.Lattice.Columns);
        short[] weights, offsets = [];
        uint[] origins = [];
        if (IsLocal(plan))
        {
            var listed = Listed(stencil).ToArray();
            _count = listed.Length;
            offsets = [.. listed.SelectMany(o => new[] { (short)o.Row, (short)o.Column })];
            weights = [.. listed.Select(o => stencil.At(o.Row, o.Column))];
        }
        else
        {
            _stride = 2 * columns - 1;
            weights = [.. from row in Enumerable.Range(1 - rows, 2 * rows - 1) from column in Enumerable.Range(1 - columns, 2 * columns - 1) select stencil.At(row, column)];
            origins = [.. Enumerable.Range(0, plan.Source.Count).Select(s => (uint)((rows - 1 - s / columns) * _stride + columns - 1 - s % columns))];
        }
        _weights = memory.Upload<short>(weights, $"{plan.Name}.stencil");
        _offsets = memory.Upload<short>(offsets, $"{plan.Name}.offsets");
        _origins = memory.Upload<uint>(origins, $"{plan.Name}.origins");
    }

    /// <summary>Whether few of the nodes have a weight from a source, so that they are listed.</summary>
    public static bool IsLocal(ProjectionPlan plan) => Listed(plan.Stencil!).Count() < plan.Target.Count / 4;

    // Every offset once: on a torus those that lead on, as their sums are brought back over the border.
    static IEnumerable<(int Row, int Column)> Listed(StencilWeights stencil)
    {
        var (rows, columns) = (stencil.Lattice.Rows, stencil.Lattice.Columns);
        for (var row = stencil.Lattice.Periodic ? 0 : 1 - rows; row < rows; row++)
            for (var column = stencil.Lattice.Periodic ? 0 : 1 - columns; column < columns; column++)
                if (stencil.At(row, column) != 0)
                    yield return (row, column);
    }

    /// <summary>Items that a step can bring.</summary>
    public long MostItems(int block, int chunkLength) => IsLocal(Plan) ? (long)Plan.Source.Elements * Work.Chunks(_count, chunkLength)
        : (long)Work.Chunks(Plan.Source.Elements, KernelCatalog.DenseGroup) * Work.Chunks(Plan.Target.Count, block);

    /// <summary>The projection's row in the table of its launch.</summary>
    public StencilAbi Describe(int block, int chunkLength) => new()
    {
        Source = Source.Spikes,
        Weights = _weights.DevicePointer,
        Offsets = _offsets.DevicePointer,
        Origins = _origins.DevicePointer,
        Ring = Target.Ring(Plan.Channel),
        Rows = (uint)Plan.Stencil!.Lattice.Rows,
        Columns = (uint)Plan.Stencil.Lattice.Columns,
        Periodic = Plan.Stencil.Lattice.Periodic ? 1u : 0u,
        Stride = (uint)_stride,
        Ahead = (uint)Plan.MinDelay,
        Shift = (uint)Plan.Shift,
        Chunks = (uint)(_count > 0 ? Work.Chunks(_count, chunkLength) : Work.Chunks(Plan.Target.Count, block)),
        ChunkLength = (uint)chunkLength,
        Count = (uint)_count,
    };
}
