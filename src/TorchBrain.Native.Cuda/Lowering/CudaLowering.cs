using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>One kernel launch of a step, before there is a device.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Unit">The file and the constants it is compiled with.</param>
/// <param name="Parts">The populations, projections or recordings that it works on, by index in the plan.</param>
sealed record LoweredLaunch(KernelEntry Kernel, KernelUnit Unit, IReadOnlyList<int> Parts);

/// <summary>Turns the operations of a plan into the kernel launches of a step: the only place in this project that looks at <see cref="StepOp"/>.</summary>
static class CudaLowering
{
    /// <summary>The launches in order.</summary>
    public static IReadOnlyList<LoweredLaunch> Lower(NetworkPlan plan, CudaTuning tuning) =>
    [
        .. Arrive([.. plan.Ops.OfType<ArriveOp>().Select(o => o.Projection)], plan.Batch, tuning),
        .. Update(plan, tuning),
        .. plan.Ops.OfType<LearnOp>().SelectMany(o => Learn(o.Projection, plan.Batch, tuning)),
        .. Sample([.. plan.Ops.OfType<RecordOp>().Select(o => o.Recording).Where(r => r.Variable >= 0)], tuning),
        .. Propagate([.. plan.Ops.OfType<PropagateOp>().Select(o => o.Projection)], plan.Batch, tuning),
    ];

    /// <summary>The node that closes a graph.</summary>
    public static LoweredLaunch Advance { get; } = new(KernelCatalog.AdvanceClock, KernelCatalog.Unit(KernelCatalog.AdvanceClock, 32, 1), []);

    /// <summary>What brings the weights of a phase's projection up to date between two steps; null where they always are.</summary>
    public static LoweredLaunch? CatchUp(LoweredLaunch phase) =>
        phase.Kernel == KernelCatalog.ArriveLazy ? phase with { Kernel = KernelCatalog.CatchUp, Unit = phase.Unit with { File = KernelCatalog.CatchUp.File } } : null;

    /// <summary>Everything that a plan needs compiled.</summary>
    public static IReadOnlyList<KernelUnit> Units(NetworkPlan plan, CudaTuning tuning) => Units(Lower(plan, tuning));

    /// <summary>Everything that launches need compiled, the node that closes a graph and what runs between steps included.</summary>
    public static IReadOnlyList<KernelUnit> Units(IReadOnlyList<LoweredLaunch> launches) => [.. launches.Append(Advance).Select(l => l.Unit).Concat(UnitsBetweenSteps(launches)).Distinct()];

    /// <summary>What is launched between two steps, however the steps are.</summary>
    public static IEnumerable<KernelUnit> UnitsBetweenSteps(IReadOnlyList<LoweredLaunch> phases) => phases.Select(CatchUp).OfType<LoweredLaunch>().Select(l => l.Unit).Distinct();

    static string[] Dense(ProjectionPlan p) => [KernelCatalog.Define("TBN_WIDE", Wide(p)), KernelCatalog.Define("TBN_GROUP", KernelCatalog.DenseGroup)];

    static string[] Dense(ProjectionPlan p, int targets) => [.. Dense(p), KernelCatalog.Define("TBN_TARGETS", targets)];

    static bool Wide(ProjectionPlan p) => p.Target.Channels[p.Channel].Wide;

    // Arrivals at plastic synapses do not touch each other: only their sums meet, and sums have no order.
    static IEnumerable<LoweredLaunch> Arrive(ProjectionPlan[] plastic, int batch, CudaTuning tuning) =>
        Shared(KernelCatalog.ArriveDense, plastic.Where(p => p.Learning is WinnerTakeAllPlan), tuning.DenseBlock, batch, p => Dense(p, KernelCatalog.ArriveTargets))
            .Concat(plastic.Where(p => p.Learning is PairStdpPlan).Select(p => new LoweredLaunch(IsLazy(tuning) ? KernelCatalog.ArriveLazy : KernelCatalog.ArriveStdp, StdpUnit(p, batch, tuning), [p.Index])))
            .Concat(plastic.Where(p => p.Learning is EligibilityStdpPlan or TripletStdpPlan).Select(p => new LoweredLaunch(KernelCatalog.ArriveTraces, TraceUnit(p, batch, tuning), [p.Index])));

    static IEnumerable<LoweredLaunch> Update(NetworkPlan plan, CudaTuning tuning)
    {
        foreach (var group in NeuronGroup.Of(plan, tuning))
            yield return new LoweredLaunch(KernelCatalog.UpdateNeurons, group.Unit, [.. group.Populations.Select(p => p.Index)]);
        int[] competing = [.. plan.Populations.Where(NeuronGroup.Competes).Select(p => p.Index)];
        if (competing.Length > 0)
            yield return new LoweredLaunch(KernelCatalog.SelectWinners, KernelCatalog.Unit(KernelCatalog.SelectWinners, KernelCatalog.SelectBlock, plan.Batch), competing);
        // The update lists the spikes of the others. Lists are read by what carries spikes away, and by rules that look at who spiked.
        int[] listed = [.. plan.Projections.SelectMany(p => p.Learning is null ? [p.Source.Index] : new[] { p.Source.Index, p.Target.Index }).Distinct().Order().Intersect(competing)];
        if (listed.Length > 0)
            yield return new LoweredLaunch(KernelCatalog.CompactSpikes, KernelCatalog.Unit(KernelCatalog.CompactSpikes, tuning.CompactBlock, 1), listed);
    }

    // In the order of the plan: two winner-take-all rules on one population see each other's thresholds.
    static IEnumerable<LoweredLaunch> Learn(ProjectionPlan p, int batch, CudaTuning tuning)
    {
        if (p.Learning is PairStdpPlan)
            return [new LoweredLaunch(IsLazy(tuning) ? KernelCatalog.LearnLazy : KernelCatalog.LearnStdp, StdpUnit(p, batch, tuning), [p.Index])];
        if (p.Learning is TripletStdpPlan)
            return [new LoweredLaunch(KernelCatalog.LearnTraces, TraceUnit(p, batch, tuning), [p.Index])];
        if (p.Learning is EligibilityStdpPlan)
            return [new LoweredLaunch(KernelCatalog.LearnTraces, TraceUnit(p, batch, tuning), [p.Index]), new LoweredLaunch(KernelCatalog.Consolidate, TraceUnit(p, batch, tuning), [p.Index])];
        var unit = KernelCatalog.Unit(KernelCatalog.LearnWinnerWeights, tuning.WinnerBlock, batch);
        return [new LoweredLaunch(KernelCatalog.LearnWinnerWeights, unit, [p.Index]), new LoweredLaunch(KernelCatalog.LearnWinnerThresholds, unit, [p.Index])];
    }

    static bool IsLazy(CudaTuning tuning) => tuning.Plasticity == CudaPlasticity.Lazy;

    static KernelUnit StdpUnit(ProjectionPlan p, int batch, CudaTuning tuning)
    {
        var rule = (PairStdpPlan)p.Learning!;
        string[] defines = [KernelCatalog.Define("TBN_WIDE", Wide(p)), KernelCatalog.Define("TBN_MULTIPLICATIVE", rule.Multiplicative), KernelCatalog.Define("TBN_POWER_LAW", rule.PowerLaw)];
        return IsLazy(tuning) ? KernelCatalog.Unit(KernelCatalog.ArriveLazy, tuning.SparseBlock, batch, [.. defines, KernelCatalog.Define("TBN_WORDS", LazyRuns.Words)])
            : KernelCatalog.Unit(KernelCatalog.ArriveStdp, tuning.SparseBlock, batch, defines);
    }

    static KernelUnit TraceUnit(ProjectionPlan p, int batch, CudaTuning tuning) => KernelCatalog.Unit(KernelCatalog.ArriveTraces, tuning.SparseBlock, batch,
        KernelCatalog.Define("TBN_WIDE", Wide(p)), KernelCatalog.Define("TBN_ELIGIBILITY", p.Learning is EligibilityStdpPlan));

    static IEnumerable<LoweredLaunch> Sample(RecordingPlan[] recordings, CudaTuning tuning) => recordings.Length == 0 ? []
        : [new LoweredLaunch(KernelCatalog.SampleState, KernelCatalog.Unit(KernelCatalog.SampleState, tuning.UpdateBlock, 1), [.. recordings.Select(r => r.Index)])];

    static IEnumerable<LoweredLaunch> Propagate(ProjectionPlan[] projections, int batch, CudaTuning tuning) =>
        Shared(KernelCatalog.PropagateSparse, projections.Where(p => p.Storage == SynapseStorage.SparseInt16), tuning.SparseBlock, batch, Sparse)
            .Concat(Shared(KernelCatalog.PullSparse, projections.Where(p => PullRule.HasColumns(p, tuning)), tuning.SparseBlock, batch, Sparse))
            .Concat(Shared(KernelCatalog.PropagateDense, projections.Where(p => p.IsDense), tuning.DenseBlock, batch, p => Dense(p, KernelCatalog.DenseTargets)))
            .Concat(Shared(KernelCatalog.PropagateStencil, projections.Where(p => p.Storage == SynapseStorage.Stencil), tuning.DenseBlock, batch, p => [.. Dense(p), KernelCatalog.Define("TBN_LOCAL", StencilSynapses.IsLocal(p))]))
            .Concat(Shared(KernelCatalog.PropagateProcedural, projections.Where(p => p.Storage == SynapseStorage.Procedural), tuning.SparseBlock, batch, Procedural));

    static string[] Sparse(ProjectionPlan p) => [KernelCatalog.Define("TBN_WIDE", Wide(p))];

    static string[] Procedural(ProjectionPlan p) =>
    [
        KernelCatalog.Define("TBN_WIDE", Wide(p)), KernelCatalog.Define("TBN_RULE", (int)p.Procedural!.Rule),
        KernelCatalog.Define("TBN_DRAWN_WEIGHTS", !p.Procedural.Weights.IsConstant), KernelCatalog.Define("TBN_DRAWN_DELAYS", !p.Procedural.Delays.IsConstant),
    ];

    // Projections that need the same constants share a launch, as many as a block has threads to add up their work.
    static IEnumerable<LoweredLaunch> Shared(KernelEntry kernel, IEnumerable<ProjectionPlan> projections, int block, int batch, Func<ProjectionPlan, string[]> defines) =>
        from shared in projections.GroupBy(p => string.Join(' ', defines(p)))
        from part in shared.Chunk(block)
        select new LoweredLaunch(kernel, KernelCatalog.Unit(kernel, block, batch, shared.Key.Split(' ')), [.. part.Select(p => p.Index)]);
}
