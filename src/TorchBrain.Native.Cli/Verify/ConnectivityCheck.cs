using System.Globalization;
using TorchBrain.Native.Networks;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cli;

/// <summary>Check 9: who is connected with whom.</summary>
sealed class ConnectivityCheck : VerifyCheck
{
    const int Sources = 600, Targets = 900, InDegree = 40, Total = 30_001;

    // Potjans and Diesmann (2014), table 5: row = target, column = source; 2/3E, 2/3I, 4E, 4I, 5E, 5I, 6E, 6I.
    static readonly double[] s_probability =
    [
        .1009, .1689, .0437, .0818, .0323, 0, .0076, 0,
        .1346, .1371, .0316, .0515, .0755, 0, .0042, 0,
        .0077, .0059, .0497, .1350, .0067, .0003, .0453, 0,
        .0691, .0029, .0794, .1597, .0033, 0, .1057, 0,
        .1004, .0622, .0505, .0057, .0831, .3726, .0204, 0,
        .0548, .0269, .0257, .0022, .0600, .3158, .0086, 0,
        .0156, .0066, .0211, .0166, .0572, .0197, .0396, .2252,
        .0364, .0010, .0034, .0005, .0277, .0080, .0658, .1443,
    ];

    static readonly double[] s_neurons = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];

    public override int Number => 9;
    public override string Title => "connectivity";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        foreach (var p in (double[])[0.01, 0.1, 0.5])
            foreach (var recurrent in (bool[])[true, false])
            {
                context.Report(0.2 * p);
                var synapses = Make(context, new FixedProbability(p) { SelfConnections = !recurrent }, recurrent);
                var targets = recurrent ? Sources : Targets;
                var missing = recurrent ? 1 : 0;
                var pairs = (double)Sources * (targets - missing);
                var name = string.Create(CultureInfo.InvariantCulture, $"probability {p}{(recurrent ? ", recurrent" : "")}");
                yield return VerifyResult.Near($"{name}: synapses", synapses.Count, p * pairs, 3.5 * Math.Sqrt(pairs * p * (1 - p)), "synapses");
                yield return Forbidden(name, synapses, multapses: false, self: !recurrent);
                foreach (var result in Degrees(name, synapses, targets, targets - missing, Sources - missing, p))
                    yield return result;
            }

        context.Report(0.4);
        var chosen = Make(context, new FixedInDegree(InDegree), recurrent: true);
        yield return VerifyResult.Exactly("in-degree 40 with multapses: neurons of another in-degree", Ends(chosen, s => s.Target, Sources).Count(d => d != InDegree), 0, "neurons");
        yield return Forbidden("in-degree 40 with multapses", chosen, multapses: true, self: false);
        yield return VerifyResult.Probability("in-degree 40 with multapses: out-degrees, chi-square",
            Statistics.CountsP(Ends(chosen, s => s.Source, Sources), Statistics.Binomial(InDegree * (Sources - 1), 1.0 / (Sources - 1))));
        chosen = Make(context, new FixedInDegree(InDegree) { Multapses = false }, recurrent: true);
        yield return VerifyResult.Exactly("in-degree 40 without multapses: neurons of another in-degree", Ends(chosen, s => s.Target, Sources).Count(d => d != InDegree), 0, "neurons");
        yield return Forbidden("in-degree 40 without multapses", chosen, multapses: false, self: false);
        yield return VerifyResult.Probability("in-degree 40 without multapses: out-degrees, chi-square",
            Statistics.CountsP(Ends(chosen, s => s.Source, Sources), Statistics.Binomial(Sources - 1, InDegree / (Sources - 1.0))));

        context.Report(0.6);
        var drawn = Make(context, new FixedTotal(Total), recurrent: false);
        yield return VerifyResult.Exactly("fixed total: synapses", drawn.Count, Total, "synapses");
        yield return VerifyResult.Probability("fixed total: in-degrees, chi-square", Statistics.CountsP(Ends(drawn, s => s.Target, Targets), Statistics.Binomial(Total, 1.0 / Targets)));
        yield return VerifyResult.Probability("fixed total: out-degrees, chi-square", Statistics.CountsP(Ends(drawn, s => s.Source, Sources), Statistics.Binomial(Total, 1.0 / Sources)));
        yield return VerifyResult.Exactly("all to all, recurrent without self: synapses", Make(context, new AllToAll { SelfConnections = false }, recurrent: true).Count, Sources * (Sources - 1), "synapses");

        context.Report(0.8);
        foreach (var result in Microcircuit(context))
            yield return result;
    }

    static IEnumerable<VerifyResult> Microcircuit(VerifyContext context)
    {
        var full = new Microcircuit { Seed = context.Seed };
        int wrong = 0, populations = s_neurons.Length;
        long total = 0;
        for (var target = 0; target < populations; target++)
            for (var source = 0; source < populations; source++)
            {
                var formula = (long)Math.Round(Math.Log(1 - s_probability[target * populations + source]) / Math.Log(1 - 1 / (s_neurons[source] * s_neurons[target])));
                wrong += full.Synapses(target, source) == formula ? 0 : 1;
                total += full.Synapses(target, source);
            }
        yield return VerifyResult.Exactly("microcircuit: projections off ln(1-p) / ln(1-1/(N N'))", wrong, 0, "of 64");
        yield return VerifyResult.Exactly("microcircuit: synapses at full scale", total, 298_880_968, "synapses");

        var small = full with { NeuronScale = 0.1, InDegreeScale = 0.1 };
        var plan = small.Network().Plan();
        long planned = 0;
        wrong = 0;
        foreach (var projection in plan.Projections)
        {
            var expected = small.Synapses(projection.Target.Index, projection.Source.Index);
            wrong += projection.SynapseCount == expected && projection.RowLengths.Sum(n => (long)n) == expected ? 0 : 1;
            planned += projection.SynapseCount;
        }
        yield return VerifyResult.Exactly("microcircuit planned at a tenth: projections of another size", wrong, 0, $"of {plan.Projections.Count}");
        yield return VerifyResult.Exactly("microcircuit planned at a tenth: synapses", planned, small.TotalSynapses, "synapses");
    }

    static IEnumerable<VerifyResult> Degrees(string name, List<(int Source, int Target)> synapses, int targets, int mostOut, int mostIn, double p)
    {
        foreach (var (side, degrees, most) in new[] { ("out", Ends(synapses, s => s.Source, Sources), mostOut), ("in", Ends(synapses, s => s.Target, targets), mostIn) })
        {
            var (mean, variance) = Statistics.Moments(degrees.Select(d => (double)d));
            yield return VerifyResult.Near($"{name}: {side}-degree, mean", mean, most * p, 3.5 * Math.Sqrt(most * p * (1 - p) / degrees.Length), "");
            yield return VerifyResult.Near($"{name}: {side}-degree, variance", variance, most * p * (1 - p), 3.5 * most * p * (1 - p) * Math.Sqrt(2.0 / degrees.Length), "");
            yield return VerifyResult.Probability($"{name}: {side}-degree, chi-square", Statistics.CountsP(degrees, Statistics.Binomial(most, p)));
        }
    }

    static VerifyResult Forbidden(string name, List<(int Source, int Target)> synapses, bool multapses, bool self)
    {
        var found = (multapses ? 0 : synapses.Count - synapses.Distinct().Count()) + (self ? 0 : synapses.Count(s => s.Source == s.Target));
        return VerifyResult.Exactly($"{name}: forbidden synapses", found, 0, "synapses");
    }

    static int[] Ends(List<(int Source, int Target)> synapses, Func<(int Source, int Target), int> end, int count)
    {
        var degrees = new int[count];
        foreach (var synapse in synapses)
            degrees[end(synapse)]++;
        return degrees;
    }

    static List<(int Source, int Target)> Make(VerifyContext context, Connectivity rule, bool recurrent)
    {
        static Population Cells(string name, int count) => new(name, count) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        var source = Cells("source", Sources);
        var target = recurrent ? source : Cells("target", Targets);
        var projection = new Network
        {
            Seed = context.Seed,
            Populations = recurrent ? [source] : [source, target],
            Projections = [new Projection(source, target) { Connectivity = rule, Weight = 1 }],
        }.Plan().Projections[0];
        var (made, row) = (new List<(int, int)>(), new SynapseBuffer());
        for (var r = 0; r < projection.Synapses.Rows; r++)
        {
            projection.Synapses.Generate(r, row);
            foreach (var partner in row.Partner)
                made.Add(projection.Synapses.ByTarget ? (partner, r) : (r, partner));
        }
        return made;
    }
}
