using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>A kernel's work as a phase of <c>kernels/step/run_steps.cu</c>.</summary>
/// <param name="Kernel">The kernel that does only this.</param>
/// <param name="Arguments">Name of its structure of arguments.</param>
/// <param name="ScratchWords">Words of shared memory that it needs, for a number of threads per block.</param>
/// <param name="Accesses">What it touches.</param>
sealed record PhaseEntry(KernelEntry Kernel, string Arguments, Func<int, int> ScratchWords, Func<NetworkPlan, LoweredLaunch, IEnumerable<PhaseAccess>> Accesses)
{
    /// <summary>The function.</summary>
    public string Function => $"{Kernel.Entry}_phase";

    /// <summary>The file that holds it.</summary>
    public string Header => $"{Kernel.File}h";
}

/// <summary>Every phase of a step. A kernel becomes a phase by a row here; nothing else knows them all.</summary>
static class PhaseCatalog
{
    // learn_winners.cuh: TBN_TILE, and the scale.
    const int WinnerTile = 2048 + 1;

    public static IReadOnlyList<PhaseEntry> All { get; } =
    [
        new(KernelCatalog.UpdateNeurons, "tbn_update_arguments", None, (plan, l) => l.Parts.SelectMany(p => Population(p, Write(Resource.Input), Write(Resource.State), Write(Resource.Spikes), NeuronGroup.Competes(plan.Populations[p]) ? Write(Resource.Winners) : Write(Resource.Lists)))),
        new(KernelCatalog.SelectWinners, "tbn_select_arguments", None, (plan, l) => l.Parts.SelectMany(p => Population(p, Write(Resource.Winners), Write(Resource.Spikes)))),
        new(KernelCatalog.CompactSpikes, "tbn_compact_arguments", None, (plan, l) => l.Parts.SelectMany(p => Population(p, Read(Resource.Spikes), Write(Resource.Lists)))),
        new(KernelCatalog.PropagateSparse, "tbn_sparse_arguments", Block, Propagates),
        new(KernelCatalog.PullSparse, "tbn_sparse_arguments", Block, (plan, l) => Projections(plan, l, p => [Of(p.Source, Resource.Lists, Use.Read), Of(p.Source, Resource.Spikes, Use.Read), Of(p.Target, Resource.Input, Use.Add)])),
        new(KernelCatalog.PropagateDense, "tbn_dense_arguments", Block, Propagates),
        new(KernelCatalog.PropagateStencil, "tbn_stencil_arguments", Block, Propagates),
        new(KernelCatalog.PropagateProcedural, "tbn_procedural_arguments", Block, Propagates),
        new(KernelCatalog.ArriveDense, "tbn_dense_arguments", Block, (plan, l) => Projections(plan, l, p => [Of(p.Source, Resource.Lists, Use.Read), Of(p, Use.Read), Of(p.Target, Resource.Input, Use.Add)])),
        new(KernelCatalog.ArriveStdp, "tbn_stdp_arguments", Block, Arrives),
        new(KernelCatalog.ArriveLazy, "tbn_stdp_arguments", block => Block(block) + block / 32 * LazyRuns.VisitSteps, (plan, l) => [.. Arrives(plan, l), .. Projections(plan, l, p => [Of(p.Source, Resource.Spikes, Use.Read)])]),
        new(KernelCatalog.ArriveTraces, "tbn_trace_arguments", Block, Arrives),
        new(KernelCatalog.LearnStdp, "tbn_stdp_arguments", None, Learns),
        new(KernelCatalog.LearnLazy, "tbn_stdp_arguments", None, (plan, l) => Projections(plan, l,
            p => [Of(p.Source, Resource.Lists, Use.Read), Of(p.Source, Resource.Spikes, Use.Read), Of(p.Target, Resource.Spikes, Use.Read), Of(p, Use.Write)])),
        new(KernelCatalog.LearnTraces, "tbn_trace_arguments", None, Learns),
        new(KernelCatalog.Consolidate, "tbn_trace_arguments", None, (plan, l) => Projections(plan, l, p => [Of(p, Use.Write)])),
        new(KernelCatalog.LearnWinnerWeights, "tbn_winner_arguments", _ => WinnerTile, (plan, l) => Projections(plan, l,
            p => [Of(p.Target, Resource.Lists, Use.Read), Of(p.Source, Resource.Spikes, Use.Read), Of(p.Target, Resource.State, Use.Read), Of(p, Use.Write)])),
        new(KernelCatalog.LearnWinnerThresholds, "tbn_winner_arguments", None, (plan, l) => Projections(plan, l,
            p => [Of(p.Target, Resource.Spikes, Use.Read), Of(p.Target, Resource.State, Use.Write), new(Resource.Targets, p.Index, Use.Write)])),
        new(KernelCatalog.SampleState, "tbn_sample_arguments", None, (plan, l) => l.Parts.SelectMany(r => (PhaseAccess[])
            [Of(plan.Recordings[r].Population, Resource.State, Use.Read), new(Resource.Samples, r, Use.Write)])),
    ];

    /// <summary>The phase of a kernel.</summary>
    public static PhaseEntry Of(KernelEntry kernel) => All.FirstOrDefault(p => p.Kernel == kernel) ?? throw new InvalidOperationException($"{kernel.Entry} is no phase of a step.");

    static int None(int block) => 0;

    // work.cuh: TBN_STARTS.
    static int Block(int block) => block + 1;

    static IEnumerable<PhaseAccess> Propagates(NetworkPlan plan, LoweredLaunch l) => Projections(plan, l, p => [Of(p.Source, Resource.Lists, Use.Read), Of(p.Target, Resource.Input, Use.Add)]);

    static IEnumerable<PhaseAccess> Arrives(NetworkPlan plan, LoweredLaunch l) => Projections(plan, l, p => [Of(p.Source, Resource.Lists, Use.Read), Of(p, Use.Write), Of(p.Target, Resource.Input, Use.Add)]);

    static IEnumerable<PhaseAccess> Learns(NetworkPlan plan, LoweredLaunch l) =>
        Projections(plan, l, p => [Of(p.Target, Resource.Lists, Use.Read), Of(p.Target, Resource.Spikes, Use.Read), Of(p.Source, Resource.Spikes, Use.Read), Of(p, Use.Write)]);

    static IEnumerable<PhaseAccess> Projections(NetworkPlan plan, LoweredLaunch launch, Func<ProjectionPlan, PhaseAccess[]> accesses) => launch.Parts.SelectMany(p => accesses(plan.Projections[p]));

    static IEnumerable<PhaseAccess> Population(int population, params (Resource What, Use Use)[] accesses) => accesses.Select(a => new PhaseAccess(a.What, population, a.Use));

    static (Resource, Use) Read(Resource what) => (what, Use.Read);

    static (Resource, Use) Write(Resource what) => (what, Use.Write);

    static PhaseAccess Of(PopulationPlan population, Resource what, Use use) => new(what, population.Index, use);

    static PhaseAccess Of(ProjectionPlan projection, Use use) => new(Resource.Synapses, projection.Index, use);
}
