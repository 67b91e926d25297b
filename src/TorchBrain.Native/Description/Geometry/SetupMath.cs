namespace TorchBrain.Native;

/// <summary>
/// Angles in double precision from IEEE operations only. The functions of <see cref="Math"/> come from the C library of the machine and
/// differ in the last bit from one to the next; positions and distances must not.
/// </summary>
static class SetupMath
{
    /// <summary>1 / golden ratio squared: the golden angle as a fraction of a turn.</summary>
    internal const double GoldenTurn = 0.38196601125010515;

    /// <summary>The angle of the point (x, y) with both at least 0: 0 to pi/2, and 0 for the origin. Error below 2e-16 relative (Cephes atan).</summary>
    internal static double Angle(double y, double x)
    {
        double start, t;
        if (y > 2.414213562373095 * x)
        {
            start = Math.PI / 2;
            t = -(x / y);
        }
        else if (y > 0.66 * x)
        {
            start = Math.PI / 4;
            t = (y - x) / (y + x);
        }
        else
        {
            start = 0;
            t = y == 0 ? 0 : y / x;
        }
        var z = t * t;
        var p = (((-8.750608600031904122785e-1 * z - 1.615753718733365076637e1) * z - 7.500855792314704667340e1) * z
            - 1.228866684490136173410e2) * z - 6.485021904942025371773e1;
        var q = ((((z + 2.485846490142306297962e1) * z + 1.650270098316988542046e2) * z + 4.328810604912902668951e2) * z
            + 4.853903996359136964868e2) * z + 1.945506571482613964425e2;
        return start + (t + t * (z * p / q));
    }

    /// <summary>Sine and cosine of an angle given in turns; absolute error below 3e-16.</summary>
    internal static (double Sin, double Cos) SinCosTurns(double turns)
    {
        turns -= Math.Round(turns);
        var quarter = Math.Round(4 * turns);
        var x = 2 * Math.PI * (turns - 0.25 * quarter);
        var z = x * x;
        var s = x + x * z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800
            + z * (1.0 / 6227020800 - z / 1307674368000))))));
        var c = 1 + z * (-0.5 + z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 + z * (-1.0 / 3628800
            + z * (1.0 / 479001600 + z * (-1.0 / 87178291200 + z / 20922789888000)))))));
        return ((int)quarter & 3) switch { 0 => (s, c), 1 => (c, -s), 2 => (-s, -c), _ => (-c, s) };
    }
}
