using System.Globalization;
using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cuda;

/// <summary>A kernel: its entry, its file, and the bytes of its one argument.</summary>
/// <param name="Entry">Name of the entry point.</param>
/// <param name="File">File below <c>kernels/</c>.</param>
/// <param name="ArgumentBytes">Size of its argument structure.</param>
sealed record KernelEntry(string Entry, string File, int ArgumentBytes);

/// <summary>Every kernel: those of the step, and those that measure a device (<see cref="BenchKernels"/>).</summary>
static class KernelCatalog
{
    public static readonly KernelEntry
        UpdateNeurons = Of<UpdateArguments>("tbn_update_neurons", "neuron/update_neurons.cu"),
        SelectWinners = Of<TableArguments>("tbn_select_winners", "spikes/select_winners.cu"),
        CompactSpikes = Of<CompactArguments>("tbn_compact_spikes", "spikes/compact_spikes.cu"),
        PropagateSparse = Of<TableArguments>("tbn_propagate_sparse", "synapse/propagate_sparse.cu"),
        PullSparse = Of<TableArguments>("tbn_pull_sparse", "synapse/pull_sparse.cu"),
        PropagateDense = Of<TableArguments>("tbn_propagate_dense", "synapse/propagate_dense.cu"),
        PropagateStencil = Of<TableArguments>("tbn_propagate_stencil", "synapse/propagate_stencil.cu"),
        PropagateProcedural = Of<TableArguments>("tbn_propagate_procedural", "synapse/propagate_procedural.cu"),
        ArriveDense = Of<TableArguments>("tbn_arrive_dense", "plasticity/arrive_dense.cu"),
        LearnWinnerWeights = Of<WinnerArguments>("tbn_learn_winner_weights", "plasticity/learn_winners.cu"),
        LearnWinnerThresholds = Of<WinnerArguments>("tbn_learn_winner_thresholds", "plasticity/learn_winners.cu"),
        ArriveStdp = Of<StdpArguments>("tbn_arrive_stdp", "plasticity/pair_stdp.cu"),
        LearnStdp = Of<StdpArguments>("tbn_learn_stdp", "plasticity/pair_stdp.cu"),
        ArriveLazy = Of<StdpArguments>("tbn_arrive_lazy", "plasticity/lazy_stdp.cu"),
        LearnLazy = Of<StdpArguments>("tbn_learn_lazy", "plasticity/lazy_stdp.cu"),
        CatchUp = Of<StdpArguments>("tbn_catch_up", "plasticity/catch_up_stdp.cu"),
        ArriveTraces = Of<TraceArguments>("tbn_arrive_traces", "plasticity/trace_stdp.cu"),
        LearnTraces = Of<TraceArguments>("tbn_learn_traces", "plasticity/trace_stdp.cu"),
        Consolidate = Of<TraceArguments>("tbn_consolidate", "plasticity/trace_stdp.cu"),
        SampleState = Of<SampleArguments>("tbn_sample_state", "step/sample_state.cu"),
        AdvanceClock = Of<AdvanceArguments>("tbn_advance_clock", "step/advance_clock.cu"),
        RunSteps = Of<RunArguments>("tbn_run_steps", "step/run_steps.cu");

    /// <summary>Threads per block where winners are picked: one thread per instance.</summary>
    public const int SelectBlock = 64;

    /// <summary>Spikes that a thread adds up before it touches a dense target.</summary>
    public const int DenseGroup = 16;

    /// <summary>Targets that a warp takes at a time: of a matrix of 16-bit weights, two per lane, and of one of floats. The kernels assert both.</summary>
    public const int DenseTargets = 64, ArriveTargets = 32;

    public static IReadOnlyList<KernelEntry> All { get; } =
        [UpdateNeurons, SelectWinners, CompactSpikes, PropagateSparse, PullSparse, PropagateDense, PropagateStencil, PropagateProcedural, ArriveDense, LearnWinnerWeights, LearnWinnerThresholds, ArriveStdp, LearnStdp, ArriveLazy, LearnLazy, CatchUp, ArriveTraces, LearnTraces, Consolidate, SampleState, AdvanceClock, RunSteps, .. BenchKernels.All];

    /// <summary>The sizes of the tables as the host sees them; the kernels assert that they agree.</summary>
    public static IReadOnlyList<string> Sizes { get; } =
    [
        Size<PopulationAbi>("POPULATION"), Size<InputAbi>("INPUT"), Size<SparseAbi>("SPARSE"), Size<DenseAbi>("DENSE"), Size<StencilAbi>("STENCIL"), Size<ProceduralAbi>("PROCEDURAL"), Size<StdpAbi>("STDP"), Size<TraceAbi>("TRACE"), Size<WinnerAbi>("WINNER"), Size<SamplingAbi>("SAMPLING"),
    ];

    static string Size<T>(string name) => string.Create(CultureInfo.InvariantCulture, $"TBN_SIZE_{name}={Unsafe.SizeOf<T>()}");

    static KernelEntry Of<T>(string entry, string file) => new(entry, file, Unsafe.SizeOf<T>());

    /// <summary>A file of kernels with its constants. Every unit knows the sizes, its block and the batch.</summary>
    public static KernelUnit Unit(KernelEntry kernel, int block, int batch, params IEnumerable<string> defines) =>
        new(kernel.File, [.. Sizes, Define("TBN_BLOCK", block), Define("TBN_BATCH", batch), .. defines]);

    public static string Define(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    public static string Define(string name, bool value) => $"{name}={(value ? "true" : "false")}";
}
