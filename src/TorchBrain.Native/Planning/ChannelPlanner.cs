namespace TorchBrain.Native.Planning;

/// <summary>Finds the worst-case input of every channel and from it the fixed-point scales.</summary>
sealed class ChannelPlanner
{
    readonly IReadOnlyList<ChannelPlan>[] _channels;

    public ChannelPlanner(Network network, NeuronPlan[] neurons, SynapseSurvey[] surveys)
    {
        _channels = new IReadOnlyList<ChannelPlan>[neurons.Length];
        for (var p = 0; p < neurons.Length; p++)
        {
            var population = network.Populations[p];
            _channels[p] = [.. neurons[p].Channels.Select((name, c) => Plan(name, c, population, network, surveys))];
        }
    }

    public IReadOnlyList<ChannelPlan> Of(int population) => _channels[population];

    static ChannelPlan Plan(string name, int channel, Population population, Network network, SynapseSurvey[] surveys)
    {
        var positive = new double[population.Count];
        var negative = new double[population.Count];
        double largest = 0, drive = 0, leastLargest = double.PositiveInfinity;
        for (var i = 0; i < surveys.Length; i++)
        {
            var projection = network.Projections[i];
            if (!ReferenceEquals(projection.Target, population) || ProjectionValidator.Channel(projection) != channel)
                continue;
            var here = Add(projection, surveys[i], positive, negative);
            largest = Math.Max(largest, here);
            leastLargest = Math.Min(leastLargest, projection.Learning is null ? here : 0);
        }
        foreach (var input in network.Inputs.OfType<PoissonInput>().Where(x => ReferenceEquals(x.Target, population)))
            if (ProjectionValidator.Channel(input.Receptor, population, input.Weight < 0) == channel)
            {
                drive += Math.Abs(input.Weight) * new PoissonTable(input.RateHz * network.TimeStepMs * 1e-3).MostCount * (1 + 1e-3);
                largest = Math.Max(largest, Math.Abs(input.Weight));
            }
        var worst = drive;
        for (var t = 0; t < positive.Length; t++)
            worst = Math.Max(worst, drive + Math.Max(positive[t], negative[t]));
        var (scale, wide) = FixedPointScale.Choose(worst, largest);
        // Where all weights are kept in 16 bits, digits below the finest of them hold nothing: the finest projection needs no shift then, and few differ.
        if (!wide && leastLargest is > 0 and < double.PositiveInfinity)
            scale -= FixedPointScale.Shift(leastLargest, scale);
        return new ChannelPlan(name, scale, wide, worst);
    }

    // Adds the projection's worst case to the sums and returns its largest weight. 2^-14 of the largest weight per synapse covers the rounding to 16 bits.
    static double Add(Projection projection, SynapseSurvey survey, double[] positive, double[] negative)
    {
        var sources = projection.Source.Count;
        switch (projection)
        {
            case { Learning: WinnerTakeAllHebbian rule }:
                for (var t = 0; t < positive.Length; t++)
                    positive[t] += rule.MeanWeight * sources * 1.001;
                return rule.MeanWeight * sources;
            case { Learning: { } rule } when LearningPlanner.Bounds(rule) is var (least, most):
                for (var t = 0; t < positive.Length; t++)
                {
                    positive[t] += Math.Max(0, most) * survey.InDegree[t] * 1.001;
                    negative[t] += Math.Max(0, -least) * survey.InDegree[t] * 1.001;
                }
                return Math.Max(Math.Abs(most), Math.Abs(least));
            case { WritableUpTo: { } written }:
                var limit = Math.Max(written, survey.LargestWeight); // the initial weights may lie above what the host may write
                for (var t = 0; t < positive.Length; t++)
                {
                    positive[t] += limit * sources * 1.001;
                    negative[t] += limit * sources * 1.001;
                }
                return limit;
            default:
                var rounding = survey.LargestWeight / 16384;
                for (var t = 0; t < positive.Length; t++)
                {
                    var (up, down) = survey.WorstCase(t);
                    positive[t] += up + rounding * survey.InDegree[t];
                    negative[t] += down + rounding * survey.InDegree[t];
                }
                return survey.LargestWeight;
        }
    }
}
