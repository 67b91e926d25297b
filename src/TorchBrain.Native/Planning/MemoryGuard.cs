namespace TorchBrain.Native.Planning;

/// <summary>Refuses projections that this machine's memory cannot hold before anything is allocated.</summary>
static class MemoryGuard
{
    public static double ExpectedSynapses(Projection p) => p.Connectivity switch
    {
        OneToOne => p.Source.Count,
        FixedProbability f => f.Probability * p.Source.Count * (double)p.Target.Count,
        FixedInDegree f => f.InDegree * (double)p.Target.Count,
        ExplicitList { Synapses: { } list } => list.Count,
        ExplicitList => 0,
        _ => (double)p.Source.Count * p.Target.Count,
    };

    public static void Check(Projection p, string where, Network network, ProjectionValidator.Report add)
    {
        var synapses = ExpectedSynapses(p);
        var bytesEach = p.Learning switch { null => 4.5, PairStdp => 14.0 + 4.0 * network.Batch, _ => 4.0 * network.Batch };
        if (p.WritableUpTo is not null)
            bytesEach = 2;
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (synapses * bytesEach > available)
            add(ErrorCode.TooLarge, where, $"would make about {synapses:G3} synapses, {synapses * bytesEach / (1L << 30):N0} GiB; this machine has {available / (1L << 30):N0} GiB.",
                "Use fewer neurons, a sparser connectivity, or a CutOff.");
    }
}
