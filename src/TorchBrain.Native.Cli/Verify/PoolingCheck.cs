using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>Check 15, third part: the waves teach a pooling layer.</summary>
sealed class PoolingCheck : VerifyCheck
{
    const int Seeds = 3;

    public override int Number => 15;
    public override string Title => "Torch Brain, pooling";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var grown = new List<GrowthResult>();
        for (var s = 0; s < Seeds; s++)
        {
            grown.Add(Grow(context, context.Seed + (ulong)s, s / (double)Seeds, 1.0 / Seeds));
        }
        string Each(Func<GrowthResult, double> of) => "By seed: " + string.Join(", ", grown.Select(g => of(g).ToString("0.###", CultureInfo.InvariantCulture))) + ".";
        yield return VerifyResult.Exactly("seeds in which more than 90 % of the fields fall below 150 inputs", grown.Count(g => g.Complete), Seeds, "of 3");
        yield return new VerifyResult("time until then, mean of 3 seeds", grown.Average(g => g.Seconds), 80, 150, "s")
        {
            Note = Each(g => g.Seconds) + " Asked of the mean: from seed to seed the time has a deviation of 19 s.",
        };
        yield return VerifyResult.AtLeast("units with a field below 150 inputs, fewest of 3 seeds", grown.Min(g => g.Layer.WithFieldBelow(150)), 361, "of 400", Each(g => g.Layer.WithFieldBelow(150)));
        yield return new VerifyResult("mean field, smallest of 3 seeds", grown.Min(g => g.Layer.MeanField), 95, 125, "inputs") { Note = Each(g => g.Layer.MeanField) };
        yield return new VerifyResult("mean field, largest of 3 seeds", grown.Max(g => g.Layer.MeanField), 95, 125, "inputs");
        yield return VerifyResult.AtLeast("coverage of the sheet, least of 3 seeds", grown.Min(g => g.Layer.Coverage), Math.BitIncrement(0.95), "", Each(g => g.Layer.Coverage));
    }

    /// <summary>A pooling layer with the published settings, grown to its end.</summary>
    public static GrowthResult Grow(VerifyContext context, ulong seed, double from, double share)
    {
        using var growth = new PoolingGrowth(new SheetOptions { Seed = seed }, new PoolingOptions(), context.Backend);
        var result = growth.Run(new Forward(p => context.Progress(from + share * Math.Min(1, p.Formed / 0.9))), context.Cancellation);
        context.Report(from + share);
        return result;
    }

    sealed class Forward(Action<GrowthProgress> report) : IProgress<GrowthProgress>
    {
        public void Report(GrowthProgress value) => report(value);
    }
}
