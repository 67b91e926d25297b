using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchBrain.Native;

/// <summary>
/// The inverse of the standard normal cumulative distribution in double precision (Wichura 1988, algorithm AS 241, PPND16), for set-up
/// work on the host. The step path has its own single-precision form: StepMath.Normal.
/// </summary>
public static class NormalQuantile
{
    /// <summary>The quantiles of (word + 1/2) / 2^32, the same bits as one by one: the middle 85 % four at a time, the tails singly.</summary>
    /// <param name="words">Random words.</param>
    /// <param name="quantiles">As many numbers.</param>
    public static void Of(ReadOnlySpan<uint> words, Span<double> quantiles)
    {
        var done = 0;
        for (; done + 4 <= words.Length; done += 4)
        {
            var whole = Vector256.Create((double)words[done], words[done + 1], words[done + 2], words[done + 3]);
            var p = (whole + Vector256.Create(0.5)) * Vector256.Create(1.0 / 4294967296.0);
            var q = p - Vector256.Create(0.5);
            Middle(q).CopyTo(quantiles[done..]);
            for (var tails = Vector256.GreaterThan(Vector256.Abs(q), Vector256.Create(0.425)).ExtractMostSignificantBits(); tails != 0; tails &= tails - 1)
            {
                var k = BitOperations.TrailingZeroCount(tails);
                quantiles[done + k] = Of(p[k]);
            }
        }
        for (; done < words.Length; done++)
            quantiles[done] = Of(RandomSequence.Uniform(words[done]));
    }

    static Vector256<double> Middle(Vector256<double> q)
    {
        static Vector256<double> C(double value) => Vector256.Create(value);
        var r = C(0.180625) - q * q;
        var over = ((((((C(2509.0809287301226727) * r + C(33430.575583588128105)) * r + C(67265.770927008700853)) * r + C(45921.953931549871457)) * r
            + C(13731.693765509461125)) * r + C(1971.5909503065514427)) * r + C(133.14166789178437745)) * r + C(3.387132872796366608);
        var under = ((((((C(5226.495278852545925) * r + C(28729.085735721942674)) * r + C(39307.89580009271061)) * r + C(21213.794301586595867)) * r
            + C(5394.1960214247511077)) * r + C(687.1870074920579083)) * r + C(42.313330701600911252)) * r + C(1.0);
        return q * over / under;
    }

    /// <summary>The probability below a number: the inverse of <see cref="Of(double)"/>, found by halving; for set-up work.</summary>
    public static double Inverse(double z)
    {
        double low = 0, high = 1;
        for (var k = 0; k < 200; k++)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                break;
            if (Of(middle) < z)
                low = middle;
            else
                high = middle;
        }
        return z <= 0 ? low : high;
    }

    /// <summary>The quantile of a probability in (0, 1); relative accuracy about 1e-16.</summary>
    public static double Of(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var r = 0.180625 - q * q;
            return q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r
                + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)
                / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
                + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0);
        }
        var tail = Math.Sqrt(-Math.Log(q < 0 ? p : 1.0 - p));
        double z;
        if (tail <= 5.0)
        {
            var r = tail - 1.6;
            z = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r
                + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734)
                / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
                + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0);
        }
        else
        {
            var r = tail - 5.0;
            z = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
                + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772)
                / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
                + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0);
        }
        return q < 0 ? -z : z;
    }
}
