namespace TorchBrain.Native.Planning;

/// <summary>
/// The cumulative Poisson distribution as bounds on a 32-bit random word: the count is the number of bounds at or below the word. The tail beyond 2^-32 is cut,
/// so the count is bounded by the length of the table.
/// </summary>
static class PoissonTable
{
    public static uint[] Bounds(double mean)
    {
        var bounds = new List<uint>();
        double term = Math.Exp(-mean), sum = term;
        for (var k = 1; sum * 4294967296.0 < 4294967295.5 && k < 1000; k++)
        {
            bounds.Add((uint)Math.Round(sum * 4294967296.0));
            term *= mean / k;
            sum += term;
        }
        return [.. bounds];
    }
}
