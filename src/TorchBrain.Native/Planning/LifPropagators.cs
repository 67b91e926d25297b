namespace TorchBrain.Native.Planning;

/// <summary>
/// The exact propagators of the leaky integrate-and-fire equations over one step (Rotter and Diesmann 1999), in double precision.
/// With b = tau_m tau_s / (tau_m - tau_s): P21 = (b / C) e^(-h/tau_s) expm1(h / b), whose limit for equal time constants is (h / C) e^(-h/tau_m).
/// </summary>
public static class LifPropagators
{
    /// <summary>Decay of the potential, e^(-h / tau).</summary>
    public static double P22(double stepMs, double tauMs) => Math.Exp(-stepMs / tauMs);

    /// <summary>What leaks in a step, 1 - e^(-h / tau), exact for small steps.</summary>
    public static double Q22(double stepMs, double tauMs) => -ExpM1(-stepMs / tauMs);

    /// <summary>Effect of a constant current, mV per pA: (tau / C)(1 - e^(-h / tau)).</summary>
    public static double P20(double stepMs, double tauMs, double capacitancePf) => -tauMs / capacitancePf * ExpM1(-stepMs / tauMs);

    /// <summary>Decay of an exponential current, e^(-h / tau_s).</summary>
    public static double P11(double stepMs, double tauSynapseMs) => Math.Exp(-stepMs / tauSynapseMs);

    /// <summary>Effect of an exponential current on the potential, mV per pA.</summary>
    public static double P21(double stepMs, double tauMs, double capacitancePf, double tauSynapseMs)
    {
        // h/b = h (1/tau_s - 1/tau_m); expm1(x)/x stays exact through x = 0, so equal time constants need no case of their own.
        var x = stepMs * (tauMs - tauSynapseMs) / (tauMs * tauSynapseMs);
        // Far out the factors would be zero times infinity; there the difference of the two decays loses nothing.
        return x > 30 ? stepMs / capacitancePf * (Math.Exp(-stepMs / tauMs) - Math.Exp(-stepMs / tauSynapseMs)) / x
            : stepMs / capacitancePf * Math.Exp(-stepMs / tauSynapseMs) * ExpM1OverX(x);
    }

    /// <summary>
    /// Effect of the slope of an alpha current on the potential, mV per (pA/ms): (h^2 / C) e^(-h/tau_s) (expm1(x) - x) / x^2 with x = h / b, whose limit for equal time constants is
    /// h^2 / (2 C) e^(-h/tau_m). The effect of the alpha current itself, P32, is <see cref="P21"/>.
    /// </summary>
    public static double P31(double stepMs, double tauMs, double capacitancePf, double tauSynapseMs)
    {
        var x = stepMs * (tauMs - tauSynapseMs) / (tauMs * tauSynapseMs);
        double decay = Math.Exp(-stepMs / tauSynapseMs), factor = stepMs * stepMs / capacitancePf;
        if (Math.Abs(x) > 1)
            return factor * (Math.Exp(-stepMs / tauMs) - decay * (1 + x)) / (x * x);
        // (e^x - 1 - x) / x^2 as its series, where the difference would cancel.
        double sum = 0.5, term = 0.5;
        for (var n = 3; n < 22; n++)
        {
            term *= x / n;
            sum += term;
        }
        return factor * decay * sum;
    }

    static double ExpM1(double x) => x * ExpM1OverX(x);

    // (e^x - 1) / x; a Taylor series where the difference would cancel, half-argument identity elsewhere.
    static double ExpM1OverX(double x)
    {
        if (Math.Abs(x) > 0.5)
            return (Math.Exp(x) - 1.0) / x;
        double sum = 1.0, term = 1.0;
        for (var n = 2; n < 20; n++)
        {
            term *= x / n;
            sum += term;
        }
        return sum;
    }
}
