using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Check 13, second part: triplet STDP against what the fitted sets of Pfister and Gerstner (2006) give for 60 pairs at several frequencies, and for single triplets.</summary>
sealed class TripletCheck : VerifyCheck
{
    const int Pairs = 60, LagMs = 10, DelayMs = 3;
    // Half of the sixth decimal that the table has.
    const double HalfDigit = 5.1e-7;
    const string SingleNote = "A slow trace decays by a rounded factor a hundred times and is then known to some 4e-6 of itself; the band of 1e-9 is for float64.";

    static readonly (double Hz, double After, double Before)[] s_full =
        [(0.1, 0.000000, -0.312161), (10, 0.132053, -0.333623), (20, 0.246962, -0.351622), (40, 0.533723, 0.154795), (50, 0.740906, 0.727247)];

    static readonly (double Hz, double After, double Before)[] s_minimal =
        [(0.1, 0, -0.316620), (10, 0.118641, -0.332213), (20, 0.227795, -0.341735), (40, 0.532112, 0.173715), (50, 0.762731, 0.749177)];

    public override int Number => 13;
    public override string Title => "triplet STDP";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var full = TripletStdp.VisualCortex with { MinWeight = -2, MaxWeight = 2 };
        var minimal = TripletStdp.VisualCortexMinimal with { MinWeight = -2, MaxWeight = 2 };
        yield return VerifyResult.AtMost("60 pairs, full set: event-driven float64 and the table", Worst(s_full, (hz, lag) => Sixty(full, hz, lag)), HalfDigit, "");
        yield return VerifyResult.AtMost("60 pairs, minimal set: event-driven float64 and the table", Worst(s_minimal, (hz, lag) => Sixty(minimal, hz, lag)), HalfDigit, "");
        var done = 0;
        foreach (var (hz, after, before) in s_full)
        {
            context.Report(0.1 + 0.14 * done++);
            foreach (var (lag, expected) in new[] { (LagMs, after), (-LagMs, before) })
                yield return VerifyResult.Near(string.Create(CultureInfo.InvariantCulture, $"60 pairs at {hz} Hz, post {(lag > 0 ? "10 ms after" : "10 ms before")} pre, full set, engine: change"), InEngine(context, full, hz, lag), expected, 4e-6, "",
                    "Six decimals, and what float32 leaves of a slow trace that decays over a hundred steps.");
        }
        context.Report(0.8);
        yield return VerifyResult.AtMost("60 pairs, minimal set, engine and the table", Worst(s_minimal, (hz, lag) => InEngine(context, minimal, hz, lag)), 4e-6, "");

        context.Report(0.9);
        foreach (var (name, arrivals, posts, expected) in new (string, long[], long[], double)[]
        {
            ("post 0, pre 5, post 15 ms", [105], [100, 115], -0.0030025276),
            ("pre 0, post 10, pre 20 ms", [100, 120], [110], -0.0053429172),
        })
        {
            yield return VerifyResult.Near($"one triplet, {name}, event-driven float64", EventDriven(full, arrivals, posts), expected, 5.1e-11, "", "Half of the last digit that is known.");
            using var synapse = new TaughtSynapse(context, full, arrivals.Select(a => a - DelayMs), posts, DelayMs);
            synapse.Simulation.Run(200);
            yield return VerifyResult.AtMost($"one triplet, {name}, engine", Math.Abs(synapse.Weight / expected - 1), 4e-6, "relative", SingleNote);
        }
    }

    static double Worst((double Hz, double After, double Before)[] table, Func<double, int, double> change) =>
        table.Max(row => Math.Max(Math.Abs(change(row.Hz, LagMs) - row.After), Math.Abs(change(row.Hz, -LagMs) - row.Before)));

    static long[] Arrivals(double hz) => [.. Enumerable.Range(1, Pairs).Select(k => (long)Math.Round(k * 1000 / hz))];

    static double Sixty(TripletStdp rule, double hz, int lag) => EventDriven(rule, Arrivals(hz), [.. Arrivals(hz).Select(a => a + lag)]);

    static double InEngine(VerifyContext context, TripletStdp rule, double hz, int lag)
    {
        var arrivals = Arrivals(hz);
        using var synapse = new TaughtSynapse(context, rule, arrivals.Select(a => a - DelayMs), arrivals.Select(a => a + lag), DelayMs);
        synapse.Simulation.Run(arrivals[^1] + 20);
        return synapse.Weight;
    }

    // The rule in double precision, from event to event. No two events of these protocols meet.
    static double EventDriven(TripletStdp rule, long[] arrivals, long[] posts)
    {
        double x = 0, r = 0, y = 0, o = 0, w = 0;
        long now = 0;
        foreach (var (time, isPost) in arrivals.Select(t => (t, false)).Concat(posts.Select(t => (t, true))).OrderBy(e => e.Item1))
        {
            var passed = time - now;
            now = time;
            x *= Math.Exp(-passed / rule.TauPlusMs);
            r *= Math.Exp(-passed / rule.TauXMs);
            y *= Math.Exp(-passed / rule.TauMinusMs);
            o *= Math.Exp(-passed / rule.TauYMs);
            if (isPost)
            {
                w += x * (rule.PairPotentiation + rule.TripletPotentiation * o);
                y++;
                o++;
            }
            else
            {
                w -= y * (rule.PairDepression + rule.TripletDepression * r);
                x++;
                r++;
            }
        }
        return w;
    }
}
