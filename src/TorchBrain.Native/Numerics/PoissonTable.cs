namespace TorchBrain.Native;

/// <summary>
/// A Poisson distribution for draws that mostly take 16 random bits. The probability of each count, a multiple of 2^-32, is split: its whole multiples of 2^-16 are told apart by
/// <see cref="Upper"/>; what all counts have beyond that is kept together at the top, from <see cref="Rest"/>, and told apart by <see cref="Lower"/> and 16 more bits. Together the
/// probabilities are exact. The tail beyond 2^-32 is cut, so the count is bounded. <see cref="StepMath.PoissonCount"/> draws from it.
/// </summary>
public sealed class PoissonTable
{
    internal PoissonTable(double mean)
    {
        var masses = Masses(mean);
        MostCount = masses.Count - 1;
        (Upper, Lower) = (new uint[MostCount], new uint[MostCount]);
        for (var k = 0; k <= MostCount; k++)
        {
            Rest += (uint)(masses[k] >> 16);
            if (k == MostCount)
                break;
            Upper[k] = Rest;
            Lower[k] = (k > 0 ? Lower[k - 1] : 0) + (uint)(masses[k] & 0xFFFF);
        }
    }

    /// <summary>The largest count there is.</summary>
    public int MostCount { get; }

    /// <summary>The least 16-bit number that needs 16 more bits; at most 65,536.</summary>
    public uint Rest { get; }

    /// <summary>Ascending bounds for a number below <see cref="Rest"/>: the count is how many of them are at or below it. <see cref="MostCount"/> of them.</summary>
    public uint[] Upper { get; }

    /// <summary>Ascending bounds for a number from <see cref="Rest"/>, less Rest and followed by 16 more bits.</summary>
    public uint[] Lower { get; }

    // The probabilities of the counts in units of 2^-32; together 2^32.
    static List<ulong> Masses(double mean)
    {
        var masses = new List<ulong>();
        double term = Math.Exp(-mean), sum = term;
        var below = 0ul;
        for (var k = 1; sum * 4294967296.0 < 4294967295.5 && k < 1000; k++)
        {
            var bound = (ulong)Math.Round(sum * 4294967296.0);
            masses.Add(bound - below);
            below = bound;
            term *= mean / k;
            sum += term;
        }
        masses.Add((1ul << 32) - below);
        return masses;
    }
}
