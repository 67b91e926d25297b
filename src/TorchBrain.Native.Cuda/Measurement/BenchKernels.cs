using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>The kernels that measure a device; no network needs them. Arguments are laid out as in the kernel files.</summary>
static class BenchKernels
{
    public static readonly KernelEntry
        Empty = Of<EmptyArguments>("tbn_bench_empty", "bench/empty.cu"),
        ScatterAtomics = Of<AtomicsArguments>("tbn_bench_scatter_atomics", "bench/scatter_atomics.cu"),
        GridBarriers = Of<BarriersArguments>("tbn_bench_grid_barriers", "bench/grid_barriers.cu"),
        StreamRows = Of<RowsArguments>("tbn_bench_stream_rows", "bench/stream_rows.cu");

    public static IReadOnlyList<KernelEntry> All { get; } = [Empty, ScatterAtomics, GridBarriers, StreamRows];

    /// <summary>Threads per block, as many as deliver spikes.</summary>
    public static int Block => new CudaTuning().SparseBlock;

    /// <summary>Everything that is compiled to measure.</summary>
    public static IReadOnlyList<KernelUnit> Units() => [UnitOf(Empty), Atomics(wide: false), Atomics(wide: true), UnitOf(GridBarriers), UnitOf(StreamRows)];

    public static KernelUnit UnitOf(KernelEntry kernel, params IEnumerable<string> defines) => KernelCatalog.Unit(kernel, Block, 1, defines);

    public static KernelUnit Atomics(bool wide) => UnitOf(ScatterAtomics, KernelCatalog.Define("TBN_WIDE", wide));

    static KernelEntry Of<T>(string entry, string file) => new(entry, file, Unsafe.SizeOf<T>());

    [StructLayout(LayoutKind.Sequential)]
    public struct EmptyArguments
    {
        public ulong Unused;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct AtomicsArguments
    {
        public nint Sums;
        public ulong Length;
        public uint Each, Salt;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct BarriersArguments
    {
        public nint Barrier, Slots, Faults;
        public uint Rounds, Unused;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct RowsArguments
    {
        public nint Rows, Chosen, Sums;
        public uint RowLength, Count, Chunks, ChunkLength;
    }
}
