namespace TorchBrain.Native.Planning;

/// <summary>Checks what drawing has shown: values of functions and distributions that the description alone does not tell.</summary>
static class DrawnValues
{
    public static void Check(Projection projection, SynapseSurvey survey, List<Problem> problems)
    {
        void Add(string code, string part, string what, string fix) => problems.Add(new Problem(code, $"projections[{projection.EffectiveName}].{part}", what, fix));

        if (survey is { Count: > 0, MinDelay: < 1 })
            Add(ErrorCode.DelayOutOfRange, "DelayMs", "gave NaN for a synapse.", "Check the delay function.");
        if (!survey.AllFinite)
            Add(ErrorCode.NumberOutOfRange, "Weight", "gave NaN or infinity for a synapse.", "Check the weight function.");
        else if (survey.LargestWeight > 1e9)
            Add(ErrorCode.NumberOutOfRange, "Weight", $"gave a weight of size {survey.LargestWeight}; allowed is up to 1e9.", "Check the weight function.");
        else if (projection.Learning is WinnerTakeAllHebbian && survey.LeastWeight < 0)
            Add(ErrorCode.NumberOutOfRange, "Weight", $"drew {survey.LeastWeight}; winner-take-all needs weights that are not negative.", "Clip the distribution at 0.");
        else if (survey.LeastWeight < 0 && ProjectionValidator.TakesConductances(projection.Target))
            Add(ErrorCode.NumberOutOfRange, "Weight", $"gave {survey.LeastWeight}; '{projection.Target.Name}' takes conductances, which are 0 or more.", "Check the function, or clip the distribution at 0.");
        if (projection.WritableUpTo is not { } limit)
            return;
        if (survey.AllFinite && survey.LargestWeight > limit)
            Add(ErrorCode.NumberOutOfRange, "WritableUpTo", $"is {limit}, below a weight of {survey.LargestWeight} at the start.", "Raise the bound, or lower the weights.");
        if (survey.MaxDelay > survey.MinDelay)
            Add(ErrorCode.Incompatible, "WritableUpTo", $"needs one delay for all synapses; there are {survey.MinDelay} to {survey.MaxDelay} steps.", "Use one delay, or a projection per delay.");
    }

    public static void Check(Input input, InputPlan plan, List<Problem> problems)
    {
        var values = plan switch { CurrentPlan c => c.Initial.Values, NoisePlan n => n.Deviation.Values, _ => [] };
        foreach (var value in values)
            if (!float.IsFinite(value))
            {
                problems.Add(new Problem(ErrorCode.NumberOutOfRange, $"inputs[{input.EffectiveName}]", $"gave {value} for a neuron.", "Check the function or distribution."));
                return;
            }
    }
}
