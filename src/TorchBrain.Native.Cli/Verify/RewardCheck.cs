using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Check 13, third part: eligibility that waits for a reward (Izhikevich 2007), against closed forms.</summary>
sealed class RewardCheck : VerifyCheck
{
    const double APlus = 0.1, TauPlusMs = 20, TauEligibilityMs = 1000, TauRewardMs = 200, Reward = 0.5;
    const int PairAtMs = 105, LagOfPairMs = 6, AfterMs = 12_000;

    static readonly int[] s_lagsMs = [0, 1000, 3000];

    public override int Number => 13;
    public override string Title => "reward-modulated STDP";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var first = APlus * Math.Exp(-LagOfPairMs / TauPlusMs);
        foreach (var intervalMs in new[] { 10, 1 })
            for (var k = 0; k < s_lagsMs.Length; k++)
            {
                context.Report((k + (intervalMs == 1 ? s_lagsMs.Length : 0)) / (2.0 * s_lagsMs.Length));
                using var synapse = new TaughtSynapse(context, Rule(intervalMs), [PairAtMs - LagOfPairMs - 1], [PairAtMs], 1);
                // The pair's own step, and whole intervals after it.
                synapse.Simulation.Run(PairAtMs + 5 + s_lagsMs[k]);
                var intervals = (PairAtMs + 5 + s_lagsMs[k]) / intervalMs - PairAtMs / intervalMs;
                var left = first * Math.Exp(-intervals * (double)intervalMs / TauEligibilityMs);
                var name = string.Create(CultureInfo.InvariantCulture, $"weights every {intervalMs} ms, reward {s_lagsMs[k] / 1000} s after the pair");
                yield return VerifyResult.AtMost($"{name}: eligibility left, engine", Math.Abs(synapse.Eligibility / left - 1), 1e-7 * (intervals + 20), "relative",
                    "float32: a factor rounded to 3e-8, applied as often as there were intervals, with a rounding of 6e-8 each time.");

                synapse.Reward(Reward);
                synapse.Simulation.Run(AfterMs);
                double kept = Math.Exp(-intervalMs / TauEligibilityMs), decayed = Math.Exp(-intervalMs / TauRewardMs);
                var sum = synapse.Weight / (left * Reward * decayed / (1 - kept * decayed)) - 1;
                yield return VerifyResult.AtMost($"{name}: change of the weight and the sum over intervals, engine", Math.Abs(sum), 1e-4, "relative",
                    "float32: both factors of each term are multiplied up step by step, and some hundred terms are added.");
                if (intervalMs != 1)
                    continue;
                var formula = left * Reward / (1 / TauEligibilityMs + 1 / TauRewardMs);
                yield return VerifyResult.AtMost($"{name}: change of the weight and c d e^(-s/tc) / (1/tc + 1/td), engine", Math.Abs(synapse.Weight / formula - 1), 0.0025, "relative",
                    "The formula is for continuous time. A sum over steps of 1 ms whose first term has decayed once differs from the integral by half a step over td less half a step over tc: 0.2 %.");
            }
    }

    static EligibilityStdp Rule(double intervalMs) => new()
    {
        PotentiationAmplitude = APlus,
        DepressionAmplitude = 1.5 * APlus,
        TauPlusMs = TauPlusMs,
        TauMinusMs = TauPlusMs,
        ConsolidationIntervalMs = intervalMs,
        Retention = Math.Exp(-intervalMs / TauEligibilityMs),
        Drift = 0,
        Baseline = 0,
        TauRewardMs = TauRewardMs,
        MaxWeight = 1000,
    };
}
