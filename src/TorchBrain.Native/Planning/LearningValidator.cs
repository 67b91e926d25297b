namespace TorchBrain.Native.Planning;

/// <summary>Checks the learning rule of a projection.</summary>
static class LearningValidator
{
    public static void Check(Projection p, string where, Network network, ProjectionValidator.Report add)
    {
        void Finite(string name, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
                add(ErrorCode.NumberOutOfRange, $"{where}.Learning.{name}", $"is {value}; allowed is {min} to {max}.", "Use a finite number in that range.");
        }

        void Bounds(double min, double max)
        {
            Finite("MinWeight", min, -1e9, 1e9);
            Finite("MaxWeight", max, -1e9, 1e9);
            if (min > max)
                add(ErrorCode.NumberOutOfRange, $"{where}.Learning.MinWeight", $"{min} is above MaxWeight {max}.", "Swap them.");
        }

        switch (p.Learning)
        {
            case WinnerTakeAllHebbian rule:
                Finite("LearningRate", rule.LearningRate, 0, 1e6);
                Finite("ThresholdGain", rule.ThresholdGain, 0, 1e6);
                Finite("MeanWeight", rule.MeanWeight, 1e-6, 1e6);
                Finite("ResetEverySteps", rule.ResetEverySteps, 0, int.MaxValue);
                Finite("ResetBelowWins", rule.ResetBelowWins, 0, int.MaxValue);
                Finite("ResetFraction", rule.ResetFraction, 0, 1e3);
                if (p.Connectivity is not AllToAll || ReferenceEquals(p.Source, p.Target) || p.Target.Neuron is not ThresholdLinear { Competition: Competition.WinnerTakesAll })
                    add(ErrorCode.Incompatible, $"{where}.Learning", "WinnerTakeAllHebbian needs AllToAll from another population onto a ThresholdLinear population with Competition.WinnerTakesAll.", "Change the connectivity or the target's model.");
                if (p.DelayMs is not null and not ConstantParameter)
                    add(ErrorCode.Incompatible, $"{where}.DelayMs", "WinnerTakeAllHebbian needs one delay for all synapses.", "Use a number.");
                if (p.Weight is ListParameter l && l.List is { } list && list.Any(w => w < 0) || p.Weight is ConstantParameter { Value: <= 0 })
                    add(ErrorCode.NumberOutOfRange, $"{where}.Weight", "WinnerTakeAllHebbian needs weights that are not negative, with a positive sum.", "Use positive weights; they are normalised at the start.");
                break;
            case PairStdp rule:
                Finite("PotentiationAmplitude", rule.PotentiationAmplitude, -1e6, 1e6);
                Finite("DepressionAmplitude", rule.DepressionAmplitude, -1e6, 1e6);
                Finite("TauPlusMs", rule.TauPlusMs, 1e-3, 1e6);
                Finite("TauMinusMs", rule.TauMinusMs, 1e-3, 1e6);
                Bounds(rule.MinWeight, rule.MaxWeight);
                NetworkValidator.Defined($"{where}.Learning.WeightDependence", rule.WeightDependence, add);
                NetworkValidator.Defined($"{where}.Learning.Order", rule.Order, add);
                Finite("Exponent", rule.Exponent, 1e-3, 1);
                Finite("ReferenceWeight", rule.ReferenceWeight, 1e-9, 1e9);
                if (rule.WeightDependence == WeightDependence.PowerLaw && rule.MinWeight < 0)
                    add(ErrorCode.NumberOutOfRange, $"{where}.Learning.MinWeight", $"MinWeight is {rule.MinWeight}; a power law has no negative weights.", "Use 0 or more.");
                break;
            case EligibilityStdp rule:
                Finite("PotentiationAmplitude", rule.PotentiationAmplitude, -1e6, 1e6);
                Finite("DepressionAmplitude", rule.DepressionAmplitude, -1e6, 1e6);
                Finite("TauPlusMs", rule.TauPlusMs, 1e-3, 1e6);
                Finite("TauMinusMs", rule.TauMinusMs, 1e-3, 1e6);
                Finite("Retention", rule.Retention, 0, 1);
                Finite("Drift", rule.Drift, -1e6, 1e6);
                Finite("Baseline", rule.Baseline, -1e6, 1e6);
                Finite("TauRewardMs", rule.TauRewardMs, 1e-3, 1e9);
                Finite("MaxWeight", rule.MaxWeight, 0, 1e9);
                if (NetworkValidator.StepUsable(network))
                    WholeSteps(rule.ConsolidationIntervalMs, network.TimeStepMs, where, add);
                break;
            case TripletStdp rule:
                Finite("PairPotentiation", rule.PairPotentiation, -1e6, 1e6);
                Finite("TripletPotentiation", rule.TripletPotentiation, -1e6, 1e6);
                Finite("PairDepression", rule.PairDepression, -1e6, 1e6);
                Finite("TripletDepression", rule.TripletDepression, -1e6, 1e6);
                Finite("TauPlusMs", rule.TauPlusMs, 1e-3, 1e6);
                Finite("TauMinusMs", rule.TauMinusMs, 1e-3, 1e6);
                Finite("TauXMs", rule.TauXMs, 1e-3, 1e6);
                Finite("TauYMs", rule.TauYMs, 1e-3, 1e6);
                Bounds(rule.MinWeight, rule.MaxWeight);
                break;
        }
    }

    // One part in a million is room for 0.1 ms not being a binary number.
    static void WholeSteps(double intervalMs, double stepMs, string where, ProjectionValidator.Report add)
    {
        var steps = intervalMs / stepMs;
        if (!(steps >= 0.999999 && steps <= 1e9 && Math.Abs(steps - Math.Round(steps)) <= 1e-6 * steps))
            add(ErrorCode.NumberOutOfRange, $"{where}.Learning.ConsolidationIntervalMs", $"is {intervalMs} ms; allowed is a whole number of steps of {stepMs} ms, 1 to 1e9.", "Use a multiple of the time step.");
    }
}
