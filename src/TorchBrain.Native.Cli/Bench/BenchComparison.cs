namespace TorchBrain.Native.Cli;

/// <summary>Two benches side by side.</summary>
/// <param name="Limit">From this ratio on B counts as slower.</param>
/// <param name="Differences">What differs in machines and options, in words.</param>
/// <param name="Networks">Networks that both have.</param>
/// <param name="OnlyInOne">Networks that one of them lacks, in words.</param>
sealed record BenchComparison(double Limit, IReadOnlyList<string> Differences, IReadOnlyList<NetworkComparison> Networks, IReadOnlyList<string> OnlyInOne)
{
    /// <summary>True where nothing is wrong with B.</summary>
    public bool Good => Networks.All(n => n.HashEqual != false && !n.Regression);

    /// <summary>Compares B with A.</summary>
    public static BenchComparison Of(RunReport a, RunReport b, double limit)
    {
        var (inA, inB) = (a.Bench!.Networks, b.Bench!.Networks);
        var differences = Differing(a, b).ToArray();
        return new BenchComparison(limit, differences,
            [.. inA.Join(inB, n => n.Name, n => n.Name, (x, y) => NetworkComparison.Of(x, y, limit, SameWork(a, b)))],
            [.. inA.ExceptBy(inB.Select(n => n.Name), n => n.Name).Select(n => $"{n.Name} is only in A"), .. inB.ExceptBy(inA.Select(n => n.Name), n => n.Name).Select(n => $"{n.Name} is only in B")]);
    }

    // Another seed, size or length gives other spikes, and rightly so.
    static bool SameWork(RunReport a, RunReport b) => a.Seed == b.Seed && a.Options?.Scale == b.Options?.Scale && a.Options?.Seconds == b.Options?.Seconds;

    static IEnumerable<string> Differing(RunReport a, RunReport b)
    {
        (string What, object? A, object? B)[] all =
        [
            ("processor", a.Bench!.Processor, b.Bench!.Processor), ("device", a.Bench.Device, b.Bench.Device), ("system", a.Machine.Os, b.Machine.Os), ("cores", a.Machine.Cores, b.Machine.Cores),
            ("vector bits", a.Machine.VectorBits, b.Machine.VectorBits), ("torchbrain", a.Versions.Torchbrain, b.Versions.Torchbrain), (".NET", a.Versions.Dotnet, b.Versions.Dotnet),
            ("backend", a.Options?.Backend, b.Options?.Backend), ("--threads", a.Options?.Threads, b.Options?.Threads), ("--scale", a.Options?.Scale, b.Options?.Scale),
            ("--seconds", a.Options?.Seconds, b.Options?.Seconds), ("--repeats", a.Options?.Repeats, b.Options?.Repeats), ("--seed", a.Seed, b.Seed),
        ];
        return all.Where(x => !Equals(x.A, x.B)).Select(x => FormattableString.Invariant($"{x.What}: {x.A ?? "none"} and {x.B ?? "none"}"));
    }
}

/// <summary>
/// One network in two benches. Times in us a step: median, least, largest. The ratio is the median of B over that of A. A regression: B is slower by more than the limit, and even its fastest
/// repeat is slower than A's slowest. The hash is null where the spikes need not be the same, because seed, size or length differ.
/// </summary>
sealed record NetworkComparison(string Name, double A, double ALow, double AHigh, double B, double BLow, double BHigh, double Ratio, bool Regression, bool? HashEqual)
{
    public static NetworkComparison Of(NetworkPart a, NetworkPart b, double limit, bool sameWork) => new(a.Name, a.StepUs, a.StepUsLow, a.StepUsHigh, b.StepUs, b.StepUsLow, b.StepUsHigh,
        b.StepUs / a.StepUs, b.StepUs / a.StepUs > limit && b.StepUsLow > a.StepUsHigh, sameWork && a.Repeats == b.Repeats ? a.SpikeHash == b.SpikeHash : null);

    /// <summary>The verdict in words.</summary>
    public string Verdict => HashEqual == false ? "OTHER SPIKES" : Regression ? "SLOWER" : HashEqual is null ? "not the same work" : Ratio < 1 && BHigh < ALow ? "faster" : "as before";
}
