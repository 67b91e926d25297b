namespace TorchBrain.Native.Cli;

/// <summary>One of the twenty patterns of Izhikevich (2004), figure 1, with the spike times of section 2.2 of the scientific reference.</summary>
sealed record IzhikevichPattern(char Letter, string Name, double A, double B, double C, double D, double V0, double Tau, double Duration, Func<double, double> Current, int Spikes, double[] Times)
{
    public double Linear => Letter is 'G' or 'L' ? 4.1 : 5;
    public double Offset => Letter is 'G' or 'L' ? 108 : 140;
    public double U0 => Letter == 'R' ? -16 : B * V0;
    public int Steps => (int)Math.Round(Duration / Tau) + 1;

    public override string ToString() => $"{Letter} {Name}";

    /// <summary>The published scheme in double precision: the time of each detection.</summary>
    public List<double> InDouble(out double v, out double u)
    {
        var times = new List<double>();
        (v, u) = (V0, U0);
        for (var k = 0; k < Steps; k++)
        {
            v += Tau * (0.04 * v * v + Linear * v + Offset - u + Current(k * Tau));
            u += Letter == 'R' ? Tau * A * (B * (v + 65)) : Tau * A * (B * v - u);
            if (v > 30)
            {
                times.Add(k * Tau);
                v = C;
                u += D;
            }
        }
        return times;
    }

    public Izhikevich Model => new()
    {
        A = A,
        B = B,
        C = C,
        D = D,
        InitialV = V0,
        InitialU = U0,
        Linear = Linear,
        Offset = Offset,
        Scheme = IzhikevichScheme.Euler,
        RecoveryReferenceMv = Letter == 'R' ? -65 : 0,
        RecoveryDecay = Letter == 'R' ? 0 : 1,
    };

    static bool In(double t, double from, double length) => t > from && t < from + length;

    public static IzhikevichPattern[] All { get; } =
    [
        new('A', "tonic spiking", .02, .2, -65, 6, -70, .25, 100, t => t > 10 ? 14 : 0, 5, [13, 17, 31.5, 59.25, 86.75]),
        new('B', "phasic spiking", .02, .25, -65, 6, -64, .25, 200, t => t > 20 ? .5 : 0, 1, [43.75]),
        new('C', "tonic bursting", .02, .2, -50, 2, -70, .25, 220, t => t > 22 ? 15 : 0, 28, [25, 26.5, 28.25, 30, 32, double.NaN, 204.5]),
        new('D', "phasic bursting", .02, .25, -55, .05, -64, .2, 200, t => t > 20 ? .6 : 0, 6, [39, 42.8, 47, 51.8, 57.6, 67.2]),
        new('E', "mixed mode", .02, .2, -55, 4, -70, .25, 160, t => t > 16 ? 10 : 0, 6, [20, 22.75, 27.25, 67, 99.25, 131.5]),
        new('F', "spike frequency adaptation", .01, .2, -65, 8, -70, .25, 85, t => t > 8.5 ? 30 : 0, 6, [10.25, 12.25, 15, 19.75, 42.5, 71.5]),
        new('G', "class 1", .02, -.1, -55, 6, -60, .25, 300, t => t > 30 ? .075 * (t - 30) : 0, 10, [84.5, 125, 155.75, double.NaN, 290.5]),
        new('H', "class 2", .2, .26, -65, 0, -64, .25, 300, t => t > 30 ? -.5 + .015 * (t - 30) : -.5, 14, [105.75, 126.5, double.NaN, 293]),
        new('I', "spike latency", .02, .2, -65, 6, -70, .2, 100, t => In(t, 10, 3) ? 7.04 : 0, 1, [26.6]),
        new('J', "subthreshold oscillations", .05, .26, -60, 0, -62, .25, 200, t => In(t, 20, 5) ? 2 : 0, 1, [26.5]),
        new('K', "resonator", .1, .26, -60, -1, -62, .25, 400, t => In(t, 40, 4) || In(t, 60, 4) || In(t, 280, 4) || In(t, 320, 4) ? .65 : 0, 1, [338]),
        new('L', "integrator", .02, -.1, -55, 6, -60, .25, 100, t => In(t, 100 / 11.0, 2) || In(t, 100 / 11.0 + 5, 2) || In(t, 70, 2) || In(t, 80, 2) ? 9 : 0, 1, [20]),
        new('M', "rebound spike", .03, .25, -60, 4, -64, .2, 200, t => In(t, 20, 5) ? -15 : 0, 1, [68]),
        new('N', "rebound burst", .03, .25, -52, 0, -64, .2, 200, t => In(t, 20, 5) ? -15 : 0, 7, [68, 71, 74.2, 77.8, 81.8, 86.4, 92.2]),
        new('O', "threshold variability", .03, .25, -60, 4, -64, .25, 100, t => In(t, 10, 5) || In(t, 80, 5) ? 1 : In(t, 70, 5) ? -6 : 0, 1, [93.25]),
        new('P', "bistability", .1, .26, -60, 0, -61, .25, 300, t => In(t, 37.5, 5) || In(t, 216, 5) ? 1.24 : .24, 5, [45.25, 86, 126.5, 167.25, 208]),
        new('Q', "depolarising after-potential", 1, .2, -60, -21, -70, .1, 50, t => Math.Abs(t - 10) < 1 ? 20 : 0, 1, [11.3]),
        new('R', "accommodation", .02, 1, -55, 4, -65, .5, 400, t => t < 200 ? t / 25 : t is >= 300 and < 312.5 ? 4 * (t - 300) / 12.5 : 0, 1, [311.5]),
        new('S', "inhibition-induced spiking", -.02, -1, -60, 8, -63.8, .5, 350, t => t is < 50 or > 250 ? 80 : 75, 3, [94.5, 166, 236]),
        new('T', "inhibition-induced bursting", -.026, -1, -45, -2, -63.8, .5, 350, t => t is < 50 or > 250 ? 80 : 75, 12, [86.5, 88.5, 90.5, 93, 95.5, 98.5, 103, 191.5, 194, 196.5, 199.5, 204]),
    ];
}
