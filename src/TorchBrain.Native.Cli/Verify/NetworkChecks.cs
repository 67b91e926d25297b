using TorchBrain.Native.Networks;

namespace TorchBrain.Native.Cli;

/// <summary>Runs published networks and takes what they do.</summary>
static class NetworkRuns
{
    const int Window = 1000;

    public static NetworkActivity Measure(this VerifyContext context, Func<ulong, int, Network> make, int seed, double settleMs, double measureMs, double done, double part)
    {
        context.Report(done);
        using var simulation = context.Simulate(make(context.Seed + (ulong)seed, Window));
        return NetworkActivity.Measure(simulation, settleMs, measureMs, f => context.Report(done + f * part), context.Cancellation);
    }

    public static IEnumerable<VerifyResult> Bands(this VerifyContext context, string name, double done, double part)
    {
        var network = PublishedNetwork.Named(name);
        var activity = context.Measure((seed, window) => network.Make(1, seed, window), 0, network.SettleMs, network.MeasureMs, done, part);
        foreach (var band in network.Bands)
            yield return new VerifyResult($"{name}: {band.Quantity}", band.Of(activity), band.Low, band.High, "");
    }
}

/// <summary>Check 7: the network of 2003, twenty seeds.</summary>
sealed class PulseNetworkCheck : VerifyCheck
{
    const int Seeds = 20;

    public override int Number => 7;
    public override string Title => "network of Izhikevich 2003";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        NetworkActivity[] runs = [.. Enumerable.Range(0, Seeds).Select(k => context.Measure((seed, window) => new IzhikevichNetwork { Seed = seed }.Network(window), k, 0, 1000, (double)k / Seeds, 1.0 / Seeds))];
        double[] e = [.. runs.Select(r => r["E"].RateHz)], i = [.. runs.Select(r => r["I"].RateHz)];
        yield return VerifyResult.Near($"rate of E, mean of {Seeds} seeds", e.Average(), 7.57, 0.12, "Hz");
        yield return VerifyResult.Near($"rate of I, mean of {Seeds} seeds", i.Average(), 7.32, 0.18, "Hz");
        yield return VerifyResult.AtLeast("rate of E, least of a seed", e.Min(), 6.9, "Hz");
        yield return VerifyResult.AtMost("rate of E, largest of a seed", e.Max(), 8.2, "Hz");
        yield return VerifyResult.AtLeast("rate of I, least of a seed", i.Min(), 6.4, "Hz");
        yield return VerifyResult.AtMost("rate of I, largest of a seed", i.Max(), 8.3, "Hz");
    }
}

/// <summary>Check 10: the current-based network of Vogels and Abbott, five seeds of three seconds.</summary>
sealed class BalancedCheck : VerifyCheck
{
    const int Seeds = 5;

    public override int Number => 10;
    public override string Title => "current-based balanced network";
    public override bool Quick => false;

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var (settle, measure) = (PublishedNetwork.Named("cuba").SettleMs, PublishedNetwork.Named("cuba").MeasureMs);
        NetworkActivity[] Runs(bool fixedInDegree, double done) =>
            [.. Enumerable.Range(0, Seeds).Select(k => context.Measure((seed, window) => new Cuba { Seed = seed, FixedInDegree = fixedInDegree }.Network(window), k, settle, measure, done + 0.5 * k / Seeds, 0.5 / Seeds))];
        var runs = Runs(true, 0);
        yield return VerifyResult.Near("fixed in-degree: rate of E", runs.Average(r => r["E"].RateHz), 5.16, 0.15, "Hz");
        yield return VerifyResult.Near("fixed in-degree: rate of I", runs.Average(r => r["I"].RateHz), 5.16, 0.15, "Hz");
        yield return VerifyResult.Near("fixed in-degree: CV of intervals, E", runs.Average(r => r["E"].IsiCv), 0.74, 0.04, "", "3 s, of which the first half second is left out");
        yield return VerifyResult.Near("each pair by chance: rate of E", Runs(false, 0.5).Average(r => r["E"].RateHz), 5.7, 0.5, "Hz");
    }
}

/// <summary>Check 11: three states of the network of Brunel.</summary>
sealed class StatesCheck : VerifyCheck
{
    public override int Number => 11;
    public override string Title => "states of the network of Brunel";
    public override bool Quick => false;

    public override IEnumerable<VerifyResult> Run(VerifyContext context) =>
        context.Bands("brunel-a", 0, 0.2).Concat(context.Bands("brunel-c", 0.2, 0.4)).Concat(context.Bands("brunel-d", 0.6, 0.4));
}

/// <summary>Check 12: the full microcircuit for ten seconds. Takes 1.4 GB.</summary>
sealed class MicrocircuitCheck : VerifyCheck
{
    public override int Number => 12;
    public override string Title => "full cortical microcircuit";
    public override bool Quick => false;

    public override IEnumerable<VerifyResult> Run(VerifyContext context) => context.Bands("microcircuit", 0, 1);
}
