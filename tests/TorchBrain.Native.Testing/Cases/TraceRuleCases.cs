namespace TorchBrain.Native.Tests;

/// <summary>Eligibility and reward, and triplets.</summary>
static class TraceRuleCases
{
    static readonly EligibilityStdp s_eligibility = new()
    {
        PotentiationAmplitude = 0.3,
        DepressionAmplitude = 0.2,
        TauPlusMs = 15,
        TauMinusMs = 22,
        ConsolidationIntervalMs = 7,
        Retention = 0.8,
        Drift = 0.01,
        Baseline = 0.25,
        TauRewardMs = 30,
        MaxWeight = 4,
    };

    static readonly TripletStdp s_triplet = new()
    {
        PairPotentiation = 0.1,
        TripletPotentiation = 0.2,
        PairDepression = 0.12,
        TripletDepression = 0.1,
        TauPlusMs = 15,
        TauMinusMs = 22,
        TauXMs = 40,
        TauYMs = 50,
        MinWeight = 0.25,
        MaxWeight = 4,
    };

    public static IEnumerable<ParityCase> All()
    {
        foreach (var (name, rule) in new (string, LearningRule)[] { ("eligibility", s_eligibility), ("triplets", s_triplet) })
            foreach (var batch in new[] { 1, 3, 64 })
                foreach (var (label, delay) in new (string, Parameter?)[] { ("one delay", 3.0), ("delays 1 to 20", Parameter.Uniform(0.5, 20.5)) })
                    yield return Case($"{name}, {label}, batch {batch}", rule, delay, batch);

        // Both onto cells with two receptors, with a static projection beside, duplicates and lesions, and wide sums.
        var a = new Population("a", 40) { Neuron = new PoissonSource { RateHz = 70 }, Lesionable = true };
        var b = new Population("b", 66) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauInhibitoryMs = 8 } }, Lesionable = true };
        yield return ParityCase.Of("eligibility and triplets, duplicates, lesions", [a, b],
            [
                new Projection(a, b) { Connectivity = new ExplicitList([.. Enumerable.Range(0, 900).Select(k => new Synapse(k * 7 % 40, k * 11 % 66, k % 50, 1 + k % 9 / 2))]), Learning = s_eligibility with { MaxWeight = 60, Drift = -0.5, DepressionAmplitude = -3 } },
                new Projection(a, b) { Name = "triplets", Connectivity = new FixedProbability(0.2), Weight = 20, Learning = s_triplet with { MinWeight = 0, MaxWeight = 60, TripletDepression = -4, TripletPotentiation = 9 } },
                new Projection(b, b) { Connectivity = new AllToAll(), Weight = -8 },
            ], [new CurrentInjection(b) { Amplitude = 380 }], batch: 2) with
        {
            Host = (s, step) =>
            {
                NeuronCases.Lesion(s, "a", step);
                NeuronCases.Lesion(s, "b", step + 3);
                s.AddReward(s.Projection("a", "b"), [0.5f, -0.25f]);
            },
        };
        var one = new Population("one", 3) { Neuron = new PoissonSource { RateHz = 300 } };
        var heard = new Population("heard", 70) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses() } };
        yield return ParityCase.Of("eligibility and triplets, wide", [one, heard],
            [
                new Projection(one, heard) { Connectivity = new ExplicitList([.. Enumerable.Range(0, 150_000).Select(k => new Synapse(k % 3, k % 1000 == 0 ? 69 : 3, 9f, 1 + k % 5))]) },
                new Projection(one, heard) { Name = "eligibility", Connectivity = new AllToAll(), Weight = 3, Learning = s_eligibility },
                new Projection(heard, heard) { Connectivity = new FixedProbability(0.2), Weight = 3, Learning = s_triplet },
            ], [new CurrentInjection(heard) { Amplitude = 350 }]) with
        { Steps = 60 };
    }

    static ParityCase Case(string name, LearningRule rule, Parameter? delay, int batch)
    {
        var (n, m) = batch == 64 ? (13, 9) : (53, 71);
        var source = new Population("source", n) { Neuron = new PoissonSource { RateHz = 70 } };
        var target = new Population("target", m) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        return ParityCase.Of(name, [source, target],
            [
                new Projection(source, target) { Connectivity = new FixedProbability(0.4), Weight = Parameter.Uniform(0, 5), DelayMs = delay, Learning = rule },
                new Projection(target, target) { Connectivity = new FixedInDegree(6) { SelfConnections = true }, Weight = Parameter.Uniform(0, 3), DelayMs = delay, Learning = rule },
            ], [new CurrentInjection(target) { Amplitude = 300 }], batch) with
        {
            Steps = 140,
            HostEvery = 33,
            Host = (s, _) =>
            {
                if (rule is EligibilityStdp)
                    s.AddReward(s.Projection("source", "target"), 0.75f);
            },
        };
    }
}
