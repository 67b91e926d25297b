namespace TorchBrain.Native.Cli;

/// <summary>How far a growth is, for a bar: an estimate, as nobody knows when the fields will have formed.</summary>
static class GrowthEstimate
{
    /// <summary>Seconds that the default sheet (1,500 nodes, side 28) takes, by the radius where inhibition begins; measured over some seeds.</summary>
    static readonly (double Radius, double Seconds)[] s_measured = [(4, 320), (5, 180), (6, 108)];

    /// <summary>Share of the way, 0 to 1.</summary>
    public static double Of(int second, double formed, double target, int maxSeconds, double radius)
    {
        var byTime = second / (double)maxSeconds;
        var typical = Typical(radius);
        if (typical < maxSeconds)
            byTime = second < 0.9 * typical ? second / typical : Math.Min(0.97, 0.9 + 0.07 * (second - 0.9 * typical) / (0.5 * typical));
        return Math.Clamp(Math.Max(byTime, 0.98 * Math.Pow(formed / target, 3)), 0, 0.99);
    }

    static double Typical(double radius)
    {
        if (radius <= s_measured[0].Radius || radius >= s_measured[^1].Radius)
            return radius <= s_measured[0].Radius ? s_measured[0].Seconds : s_measured[^1].Seconds;
        var at = Array.FindIndex(s_measured, m => m.Radius > radius);
        var ((r0, s0), (r1, s1)) = (s_measured[at - 1], s_measured[at]);
        return s0 + (s1 - s0) * (radius - r0) / (r1 - r0);
    }
}
