namespace TorchBrain.Native.Pictures;

/// <summary>Numbers as words, the same in every culture.</summary>
static class Words
{
    internal static string Of(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A count with thin gaps between groups of three digits from 10 000 on.</summary>
    internal static string Count(long value)
    {
        var digits = Of($"{Math.Abs(value)}");
        if (digits.Length <= 4)
            return Of($"{value}");
        for (var i = digits.Length - 3; i > 0; i -= 3)
            digits = digits.Insert(i, "\u2009");
        return value < 0 ? "\u2212" + digits : digits;
    }

    /// <summary>An axis label at a spacing of <paramref name="step"/>: no more decimals than needed, a true minus sign.</summary>
    internal static string Tick(double value, double step)
    {
        if (Math.Abs(value) < step * 1e-6)
            return "0";
        var size = Math.Abs(value);
        if (size >= 1e6 || step < 1e-5)
            return Of($"{value:0.###e0}").Replace('-', '\u2212');
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
        if (decimals == 0)
            return Count((long)Math.Round(value)).Replace('-', '\u2212');
        return value.ToString("F" + Of($"{decimals}"), System.Globalization.CultureInfo.InvariantCulture).Replace('-', '\u2212');
    }
}
