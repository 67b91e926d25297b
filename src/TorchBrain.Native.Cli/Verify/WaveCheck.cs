using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>Check 15, second part: waves grow with the radius at which inhibition begins.</summary>
sealed class WaveCheck : VerifyCheck
{
    const int Seeds = 3;
    const double Seconds = 6;

    static readonly double[] s_radii = [4, 5, 6, 8, 10, 12];

    public override int Number => 15;
    public override string Title => "Torch Brain, waves";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var found = new List<double>();
        var (rate, least) = (double.NaN, double.PositiveInfinity);
        for (var k = 0; k < s_radii.Length; k++)
        {
            var all = new List<WaveStatistics>();
            for (var s = 0; s < Seeds; s++)
            {
                context.Report((Seeds * k + s) / (double)(Seeds * s_radii.Length));
                var sheet = new SheetOptions { InhibitRadius = s_radii[k], Seed = context.Seed + (ulong)s };
                var run = WaveRun.Of(sheet, Seconds, context.Backend, cancellation: context.Cancellation);
                all.Add(WaveStatistics.Of(run.Spikes, run.Nodes, sheet.Geometry));
            }
            context.Report((k + 1.0) / s_radii.Length);
            found.Add(all.Average(w => w.Radius));
            if (s_radii[k] == 6)
                rate = all.Average(w => w.MeanRateHz);
            if (k > 0)
                least = Math.Min(least, found[k] - found[k - 1]);
        }
        var means = string.Join(", ", s_radii.Zip(found, (r, w) => string.Create(CultureInfo.InvariantCulture, $"{r}: {w:0.00}")));
        yield return VerifyResult.AtLeast("wave radius, least growth from one r_o to the next, 4 to 12", least, double.Epsilon, "sheet units", $"Mean of 3 seeds, 6 s, by r_o: {means}.");
        yield return VerifyResult.Near("wave radius at r_o = 6, mean of 3 seeds", found[Array.IndexOf(s_radii, 6)], 3.1, 0.3, "sheet units");
        yield return VerifyResult.Near("rate at r_o = 6, mean of 3 seeds", rate, 13, 3, "Hz");
    }
}
