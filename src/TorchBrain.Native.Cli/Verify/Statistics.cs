namespace TorchBrain.Native.Cli;

/// <summary>Tests of distributions; all give p-values.</summary>
static class Statistics
{
    // Cells of a chi-square expect at least this many.
    const double LeastExpected = 8;

    /// <summary>Standard normal cumulative distribution to about 1e-15 (series, and a continued fraction far out).</summary>
    public static double NormalCdf(double z)
    {
        if (z < 0)
            return 1 - NormalCdf(-z);
        if (z < 3)
        {
            double term = z, sum = z;
            for (var k = 1; k < 200; k++)
                sum += term *= z * z / (2 * k + 1);
            return 0.5 + sum * Density(z);
        }
        var fraction = 0.0;
        for (var k = 200; k > 0; k--)
            fraction = k / (z + fraction);
        return 1 - Density(z) / (z + fraction);
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
        return cells.Count < 2 ? 1 : ChiSquareP(cells.Sum(c => (c.Observed - c.Expected) * (c.Observed - c.Expected) / c.Expected), cells.Count - 1);
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

    public static Func<int, double> Poisson(double mean) => k =>
    {
        var log = -mean + k * Math.Log(mean);
        for (var i = 2; i <= k; i++)
            log -= Math.Log(i);
        return Math.Exp(log);
    };

    public static Func<int, double> Binomial(int n, double p) => k =>
    {
        if (k > n)
            return 0;
        var log = k * Math.Log(p) + (n - k) * Math.Log(1 - p);
        for (var i = 1; i <= k; i++)
            log += Math.Log(n - k + i) - Math.Log(i);
        return Math.Exp(log);
    };

    static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

    // Upper tail (Wilson and Hilferty).
    static double ChiSquareP(double chi2, int degrees)
    {
        var v = 2.0 / (9 * degrees);
        return 1 - NormalCdf((Math.Cbrt(chi2 / degrees) - (1 - v)) / Math.Sqrt(v));
    }

    static long[] Histogram(IEnumerable<int> values)
    {
        int[] all = [.. values];
        var counts = new long[all.DefaultIfEmpty().Max() + 1];
        foreach (var v in all)
            counts[v]++;
        return counts;
    }
}
