namespace TorchBrain.Native.Tests;

/// <summary>Tests of distributions; all give p-values.</summary>
static class Statistics
{
    /// <summary>Standard normal cumulative distribution to about 1e-15 (continued fraction and series).</summary>
    public static double NormalCdf(double z)
    {
        if (z < 0)
            return 1 - NormalCdf(-z);
        if (z < 3)
        {
            double term = z, sum = z;
            for (var k = 1; k < 200; k++)
                sum += term *= z * z / (2 * k + 1);
            return 0.5 + sum * Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
        }
        var fraction = 0.0;
        for (var k = 200; k > 0; k--)
            fraction = k / (z + fraction);
        return 1 - Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) / (z + fraction);
    }

    /// <summary>Upper tail of chi-square (Wilson and Hilferty).</summary>
    public static double ChiSquareP(double chi2, int degrees)
    {
        var v = 2.0 / (9 * degrees);
        return 1 - NormalCdf((Math.Cbrt(chi2 / degrees) - (1 - v)) / Math.Sqrt(v));
    }

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

    /// <summary>Chi-square of counts 0, 1, 2 ... against probabilities; cells expecting fewer than 8 are joined.</summary>
    public static double CountsP(IReadOnlyList<long> observed, Func<int, double> probability, int parameters = 0)
    {
        double total = observed.Sum(), chi2 = 0, open = 0, expected = 0, left = 1;
        var cells = 0;
        for (var k = 0; k < observed.Count; k++)
        {
            open += observed[k];
            expected += total * probability(k);
            left -= probability(k);
            if (expected < 8 || total * left < 8 && k + 1 < observed.Count)
                continue;
            if (k + 1 == observed.Count)
                expected += total * Math.Max(0, left);
            chi2 += (open - expected) * (open - expected) / expected;
            cells++;
            open = expected = 0;
        }
        if (expected > 0 || open > 0)
            chi2 += (open - expected - total * Math.Max(0, left)) * (open - expected - total * Math.Max(0, left)) / Math.Max(1, expected + total * Math.Max(0, left));
        return ChiSquareP(chi2, Math.Max(1, cells - 1 - parameters));
    }

    public static long[] Histogram(IEnumerable<int> values)
    {
        var all = values.ToArray();
        var counts = new long[all.Max() + 1];
        foreach (var v in all)
            counts[v]++;
        return counts;
    }

    public static (double Mean, double Variance) Moments(IEnumerable<double> values)
    {
        double n = 0, mean = 0, m2 = 0;
        foreach (var v in values)
        {
            n++;
            var d = v - mean;
            mean += d / n;
            m2 += d * (v - mean);
        }
        return (mean, m2 / (n - 1));
    }

    public static double PoissonPmf(int k, double mean)
    {
        var log = k == 0 ? -mean : k * Math.Log(mean) - mean;
        for (var i = 2; i <= k; i++)
            log -= Math.Log(i);
        return Math.Exp(log);
    }

    public static double BinomialPmf(int k, int n, double p)
    {
        var log = k * Math.Log(p) + (n - k) * Math.Log(1 - p);
        for (var i = 1; i <= k; i++)
            log += Math.Log(n - k + i) - Math.Log(i);
        return Math.Exp(log);
    }
}
