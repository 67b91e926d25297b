using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>Check 15, last part: pools that grew from noise read MNIST as well as hand-crafted ones, and no better than random ones.</summary>
sealed class DigitCheck : VerifyCheck
{
    const int Seeds = 3, RandomDraws = 5, RandomPool = 143, Train = 10_000, Test = 1000;
    const float Side = 28;

    public override int Number => 15;
    public override string Title => "Torch Brain, MNIST read-out";
    public override bool Quick => false;

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        context.Report(0);
        var digits = context.Digits.Value.Data;
        if (digits.IsDrawn || digits.Train.Count < Train || digits.Test.Count < Test)
        {
            yield return VerifyResult.NotRun("hand-crafted, self-organised and random pools", $"MNIST was not found; name its folder with --data or {DigitSource.Variable}");
            yield break;
        }
        var (train, test) = (digits.Train.Take(Train), digits.Test.Take(Test));
        double hand = 0, self = 0, random = 0;
        for (var s = 0; s < Seeds; s++)
        {
            var (seed, begin) = (context.Seed + (ulong)s, s / (double)Seeds);
            var layer = PoolingCheck.Grow(context, seed, begin, 0.1 / Seeds).Layer;
            var pools = layer.Pools();
            float[] x = [.. layer.Positions.Select(p => p.X)], y = [.. layer.Positions.Select(p => p.Y)];
            var sampler = new ImageSampler(x, y, Side);
            var fits = 0;
            double Points(PoolingMatrix matrix)
            {
                var accuracy = ExtremeLearningReadout.Fit(matrix, sampler, train, new ExtremeLearningOptions { Seed = seed, Threads = context.Workers }).Accuracy(test);
                context.Report(begin + (0.1 + 0.9 * ++fits / (2 + RandomDraws)) / Seeds);
                return 100 * accuracy;
            }
            hand += Points(PoolingMatrix.HandCrafted(x, y, Side, PoolingMatrix.RadiusForMean(x, y, Side))) / Seeds;
            self += Points(pools) / Seeds;
            random += Enumerable.Range(0, RandomDraws).Average(k => Points(PoolingMatrix.Random(layer.Inputs, pools.Units, RandomPool, RandomDraws * seed + (ulong)k))) / Seeds;
        }
        var each = string.Create(CultureInfo.InvariantCulture, $"10,000 training and 1,000 test digits, mean of 3 sheets: hand-crafted {hand:0.00} %, self-organised {self:0.00} %, random (5 draws each) {random:0.00} %.");
        yield return new VerifyResult("hand-crafted over self-organised pools", hand - self, 0, 3, "points") { Note = each };
        yield return VerifyResult.Near("self-organised over random pools", self - random, 0, 2, "points");
    }
}
