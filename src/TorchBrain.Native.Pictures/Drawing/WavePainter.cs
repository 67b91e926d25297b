using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>Draws the nodes of one frame: silent ones first, then the lit ones, latest on top.</summary>
sealed class WavePainter(Sheet sheet, WaveStyle style)
{
    readonly int[] order = new int[sheet.Count];
    readonly float[] keys = new float[sheet.Count];

    /// <summary>Colour of a lit node; begins well above grey, so that the end of a trail still shows.</summary>
    internal static SKColor Lit(float intensity) => Ramp.Fire.At(0.15f + 0.85f * intensity);

    internal SKColor Resting(float potentialMv) =>
        Ramp.Potential.At((potentialMv - style.PotentialLowMv) / (style.PotentialHighMv - style.PotentialLowMv));

    internal void Silent(Page page, float left, float top, float[]? potentialMv)
    {
        for (var i = 0; i < sheet.Count; i++)
            page.Disc(left + sheet.X[i], top + sheet.Y[i], sheet.Radius, potentialMv is null ? Ink.Silent : Resting(potentialMv[i]));
    }

    internal void Fired(Page page, float left, float top, float[] intensity)
    {
        var lit = 0;
        for (var i = 0; i < intensity.Length; i++)
        {
            if (intensity[i] <= 0f)
                continue;
            (order[lit], keys[lit]) = (i, intensity[i]);
            lit++;
        }
        Array.Sort(keys, order, 0, lit);
        for (var k = 0; k < lit; k++)
        {
            var i = order[k];
            page.Disc(left + sheet.X[i], top + sheet.Y[i], sheet.Radius * (1.05f + 0.2f * keys[k]), Lit(keys[k]));
        }
    }
}
