namespace TorchBrain.Native.Planning;

/// <summary>
/// Chooses the fixed-point scale of a channel: the largest power of two with which the worst case of one step cannot overflow 32 bits. If that left the
/// channel's largest weight fewer than 15 bits of magnitude (16 with the sign), the channel takes 64-bit sums instead.
/// </summary>
static class FixedPointScale
{
    const int Limit = 100;

    /// <param name="worstCase">Largest absolute sum of one step, rounding of the weights included.</param>
    /// <param name="largestWeight">Largest absolute weight.</param>
    public static (int ScaleLog2, bool Wide) Choose(double worstCase, double largestWeight)
    {
        if (!(worstCase > 0 && largestWeight > 0))
            return (0, false);
        var scale = Math.Clamp((int)Math.Floor(Math.Log2(int.MaxValue / worstCase)), -Limit, Limit);
        if (largestWeight * Math.ScaleB(1, scale) >= 16384)
            return (scale, false);
        return (Math.Clamp(29 - (int)Math.Floor(Math.Log2(largestWeight)), -Limit, Limit), true);
    }

    /// <summary>The shift that lets the largest weight fit 16 bits.</summary>
    public static int Shift(double largestWeight, int scaleLog2) =>
        largestWeight > 0 ? Math.Max(0, (int)Math.Ceiling(Math.Log2(largestWeight * Math.ScaleB(1, scaleLog2) / 32767.0))) : 0;
}
