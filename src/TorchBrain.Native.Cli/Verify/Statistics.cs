using MathNet.Numerics.Distributions;

namespace TorchBrain.Native.Cli;

/// <summary>Tests of distributions; all give p-values.</summary>
static class Statistics
{
    // Cells of a chi-square expect at least this many.
    const double LeastExpected = 8;

    /// <summary>Standard normal cumulative distribution.</summary>
    public static double NormalCdf(double z) => Normal.CDF(0, 1, z);

    /// <summary>Kolmogorov and Smirnov against a continuous distribution. Sorts the sample.</summary>
    public static double KolmogorovP(double[] sample, Func<double, double> cdf)
    {
        Array.Sort(sample);
        var distance = 0.0;
        for (var i = 0; i < sample.Length; i++)
        {
            var p = cdf(sample[i]);
            distance = Math.Max(distance, Math.Max(p - (double)i / sample.Length, (i + 1.0) / sample.Length - p));
        }
        var x = distance * Math.Sqrt(sample.Length);
        var sum = 0.0;
        for (var k = 1; k < 100; k++)
            sum += 2 * (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>Chi-square of values 0, 1, 2 ... against their probabilities; cells that expect few are joined with their neighbours.</summary>
    public static double CountsP(IEnumerable<int> values, Func<int, double> probability)
    {
        var observed = Histogram(values);
        double total = observed.Sum(), left = 1;
        var cells = new List<(double Observed, double Expected)>();
        var (open, expected) = (0.0, 0.0);
        for (var k = 0; k < observed.Length; k++)
        {
            open += observed[k];
            expected += total * probability(k);
            left -= probability(k);
            if (expected < LeastExpected || total * left < LeastExpected)
                continue;
            cells.Add((open, expected));
            (open, expected) = (0, 0);
        }
        // The last cell takes what is left, the values that were never seen among it.
        expected += total * Math.Max(0, left);
        if (expected < LeastExpected && cells.Count > 0)
            cells[^1] = (cells[^1].Observed + open, cells[^1].Expected + expected);
        else
            cells.Add((open, expected));
        return cells.Count < 2 ? 1 : 1 - ChiSquared.CDF(cells.Count - 1, cells.Sum(c => (c.Observed - c.Expected) * (c.Observed - c.Expected) / c.Expected));
    }

    /// <summary>Mean, and unbiased variance.</summary>
    public static (double Mean, double Variance) Moments(IEnumerable<double> values) => MathNet.Numerics.Statistics.Statistics.MeanVariance(values);

    /// <summary>Probabilities of a Poisson distribution; its mean may be 0.</summary>
    public static Func<int, double> Poisson(double mean) => k => mean == 0 ? k == 0 ? 1 : 0 : MathNet.Numerics.Distributions.Poisson.PMF(mean, k);

    /// <summary>Probabilities of a binomial distribution.</summary>
    public static Func<int, double> Binomial(int n, double p) => k => MathNet.Numerics.Distributions.Binomial.PMF(p, n, k);

    static long[] Histogram(IEnumerable<int> values)
    {
        int[] all = [.. values];
        var counts = new long[all.DefaultIfEmpty().Max() + 1];
        foreach (var v in all)
            counts[v]++;
        return counts;
    }
}
