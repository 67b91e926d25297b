namespace TorchBrain.Native.Planning;

/// <summary>Refuses what this machine's memory cannot hold before anything is allocated. Estimates on the low side: what fits is never refused.</summary>
static class MemoryGuard
{
    const double GiB = 1L << 30, LargeStencil = 1L << 28;

    static double Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static double ExpectedSynapses(Projection p) => p.Connectivity switch
    {
        OneToOne => p.Source.Count,
        FixedProbability f => f.Probability * p.Source.Count * p.Target.Count,
        FixedInDegree f => f.InDegree * (double)p.Target.Count,
        FixedTotal f => f.Synapses,
        ExplicitList { Synapses: { } list } => list.Count,
        ExplicitList => 0,
        DistanceKernel k => p.Source.Count * (double)p.Target.Count * Reach(k, p.Source.Geometry),
        _ => (double)p.Source.Count * p.Target.Count,
    };

    // The part of a sheet within the cut-off; in a corner a quarter of the circle.
    static double Reach(DistanceKernel kernel, Geometry? geometry)
    {
        var usable = geometry is not null && kernel.CutOff > 0;
        geometry?.Validate((_, _) => usable = false);
        return usable ? Math.Min(1, Math.PI / 4 * kernel.CutOff * kernel.CutOff / geometry!.Area) : 1;
    }

    public static void Check(Projection p, string where, Network network, ProjectionValidator.Report add)
    {
        var pairs = (double)p.Source.Count * p.Target.Count;
        var (synapses, bytes) = (ExpectedSynapses(p), Bytes(p, network.Batch));
        if (bytes > Available)
            add(ErrorCode.TooLarge, where, $"would make about {synapses:G3} synapses, {Gigabytes(bytes)}; this machine has {Gigabytes(Available)}.",
                "Use fewer neurons, a sparser connectivity, or a CutOff.");
        else if (p.Learning is WinnerTakeAllHebbian && pairs > Array.MaxLength)
            add(ErrorCode.TooLarge, where, $"has {pairs:G3} weights; winner-take-all takes at most {Array.MaxLength:N0}.", "Use fewer neurons.");
        else if (p.Connectivity is FixedInDegree { InDegree: > 1 << 30 })
            add(ErrorCode.TooLarge, where, $"has {synapses / p.Target.Count:G3} synapses per target; at most {1 << 30:N0} are possible.", "Lower InDegree.");
        else if (p.Connectivity is FixedTotal && synapses / Math.Min(p.Source.Count, p.Target.Count) > 1 << 30)
            add(ErrorCode.TooLarge, where, $"has {synapses / Math.Min(p.Source.Count, p.Target.Count):G3} synapses per neuron; at most {1 << 30:N0} are possible.", "Lower Synapses.");
    }

    public static void Check(Population p, string where, Network network, ProjectionValidator.Report add)
    {
        if (Bytes(p, network.Batch) is var bytes && bytes > Available)
            add(ErrorCode.TooLarge, $"{where}.Count", $"{p.Count:N0} neurons x {network.Batch:N0} instances need {Gigabytes(bytes)}; this machine has {Gigabytes(Available)}.",
                "Use fewer neurons or a smaller batch.");
    }

    public static void Check(Recording r, string where, Network network, ProjectionValidator.Report add)
    {
        if (Bytes(r, network.Batch) is var bytes && bytes > Available)
            add(ErrorCode.TooLarge, $"{where}.Steps", $"a window of {r.Steps:N0} steps of {r.Target.Count:N0} neurons needs {Gigabytes(bytes)}; this machine has {Gigabytes(Available)}.",
                "Shorten the window and drain it more often, or sample less often.");
    }

    /// <summary>The whole network, where each part alone would fit.</summary>
    public static void CheckTotal(Network network, List<Population> populations, List<Projection> projections, IReadOnlyList<Problem> found, ProjectionValidator.Report add)
    {
        if (found.Any(p => p.Code == ErrorCode.TooLarge))
            return;
        var bytes = populations.Sum(p => Bytes(p, network.Batch))
            + projections.Where(p => p is { Source: not null, Target: not null }).Sum(p => Bytes(p, network.Batch))
            + (network.Recordings ?? []).Where(r => r is { Target: not null }).Sum(r => Bytes(r, network.Batch));
        if (bytes > Available)
            add(ErrorCode.TooLarge, "network", $"needs {Gigabytes(bytes)} in all; this machine has {Gigabytes(Available)}.", "Use fewer or smaller populations, projections and recordings.");
    }

    // Each element has two states, a ring of two slots, a place in a list of spikes and a counter; each neuron its sums while scales are planned.
    static double Bytes(Population p, int batch) => Math.Max(0, p.Count) * (Math.Max(1, batch) * 24.0 + 16);

    static double Bytes(Projection p, int batch)
    {
        if (ExpectedSynapses(p) > LargeStencil && IsStencil(p))
            return p.Source.Count * 12.0; // every offset four times in 16 bits, and a float
        var each = p switch
        {
            { WritableUpTo: not null } => 2,
            { Learning: PairStdp } => 6.0 + 4.0 * batch, // no index by target, on the processor or with CudaPlasticity.Lazy
            { Learning: TripletStdp } => 14.0 + 4.0 * batch,
            { Learning: EligibilityStdp } => 14.0 + 8.0 * batch,
            { Learning: WinnerTakeAllHebbian } => 4.0 + 4.0 * batch,
            _ => ExpectedSynapses(p) <= 1 << 26 ? 2 : 4,
        };
        if (p.Rows == RowStorage.Procedural)
            each = 0;
        var synapses = p.WritableUpTo is null ? ExpectedSynapses(p) : (double)p.Source.Count * p.Target.Count;
        var row = p.Connectivity switch { FixedInDegree f => f.InDegree * 24.0, FixedTotal f => f.Synapses * 24.0 / Math.Max(1, p.Source.Count), _ => 0 }; // one row while it is made
        return Math.Max(0, synapses * each + row);
    }

    // Rows that large are never chosen where a stencil does.
    static bool IsStencil(Projection p)
    {
        if (p.Rows == RowStorage.Stored || p.Source.Geometry is not { Placement: NodePlacement.Lattice } geometry || p.DelayMs is not (null or ConstantParameter) || StencilPlan.Obstacle(p) is not null || p.Connectivity is not DistanceKernel)
            return false;
        var usable = p.Source.Count is > 0 and <= NodeLattice.MostNodes;
        geometry.Validate((_, _) => usable = false);
        return usable && NodeLattice.Of(geometry, GeometrySampler.Sample(geometry, p.Source.Count, 0, 0)) is not null;
    }

    static double Bytes(Recording r, int batch)
    {
        double steps = Math.Max(0, r.Steps), elements = Math.Max(0, r.Target.Count) * (double)Math.Max(1, batch);
        return 4 * steps + (r is StateRecording { EverySteps: >= 1 } s ? 4 * elements * (steps / s.EverySteps) : 0);
    }

    static string Gigabytes(double bytes) => $"{bytes / GiB:N1} GiB";
}
