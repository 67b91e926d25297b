namespace TorchBrain.Native.Tests;

/// <summary>Rows that are made for each spike: every rule, with numbers and drawn values, within and between populations.</summary>
static class ProceduralCases
{
    static readonly LeakyIntegrateAndFire Listener = new() { Synapses = new DeltaSynapses(), RefractoryMs = 1 };

    public static IEnumerable<ParityCase> All()
    {
        Parameter normal = Parameter.Normal(1.5, 0.5), truncated = Parameter.TruncatedNormal(1, 2, -1, 3), delays = Parameter.Uniform(0.5, 20.5);
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var (n, m) = batch == 64 ? (11, 13) : (83, 341);
            yield return Wired($"procedural, skips, drawn, batch {batch}", new FixedProbability(0.2), new FixedProbability(0.15), Parameter.Normal(6, 2), Parameter.Normal(4, 2, 1, 12), batch, n, m);
            yield return Wired($"procedural, chosen, drawn, batch {batch}", new FixedTotal(12 * m), new FixedTotal(9 * m) { SelfConnections = false }, Parameter.Uniform(3, 9), delays, batch, n, m);
            yield return Wired($"procedural, each, drawn, batch {batch}", new AllToAll(), new AllToAll { SelfConnections = false }, normal, delays, batch, n, m);
        }
        yield return Wired("procedural, skips, numbers", new FixedProbability(0.12), new FixedProbability(0.6) { SelfConnections = true }, 8, 5);
        yield return Wired("procedural, skips, one delay", new FixedProbability(0.9), new FixedProbability(0.3), truncated);
        yield return Wired("procedural, skips, one weight", new FixedProbability(0.3), new FixedProbability(0.04), 4, Parameter.TruncatedNormal(3, 2, 1, 9));
        yield return Wired("procedural, chosen, numbers, more than pairs", new FixedTotal(3 * 83 * 141), new FixedTotal(141 * 141), 0.6, 2, 1, 83, 141);
        yield return Wired("procedural, each, numbers", new AllToAll(), new AllToAll { SelfConnections = false }, 1.5);
        yield return Wired("procedural, probability one", new FixedProbability(1), new FixedProbability(1), normal);
        yield return Wired("procedural, nobody connected", new FixedProbability(0), new FixedTotal(0), 1, current: 420);
        yield return Wired("procedural, long rows", new FixedProbability(0.3), new FixedProbability(0.002), Parameter.Normal(0.4, 0.2), delays, 1, 20, 9_001) with { Steps = 40 };
        foreach (var batch in new[] { 1, 3 })
        {
            var crowd = new Population("crowd", 140_000) { Neuron = new PoissonSource { RateHz = 30 } };
            var few = new Population("few", 5) { Neuron = Listener };
            yield return ParityCase.Of($"wide, procedural, batch {batch}", [crowd, few],
                [
                    new Projection(crowd, few) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(0.0009, 0.001), Rows = RowStorage.Procedural },
                    new Projection(crowd, few) { Name = "some", Connectivity = new FixedProbability(0.3), Weight = 0.001, DelayMs = Parameter.Uniform(1, 4), Rows = RowStorage.Procedural },
                ], batch: batch) with
            { Steps = 10, LeastSpikes = 4 };
        }
    }

    static ParityCase Wired(string name, Connectivity feed, Connectivity within, Parameter weight, Parameter? delay = null, int batch = 1, int sources = 83, int targets = 341, double current = 360)
    {
        var source = new Population("source", sources) { Neuron = new PoissonSource { RateHz = 60 } };
        var target = new Population("target", targets) { Neuron = Listener };
        return ParityCase.Of(name, [source, target],
            [
                new Projection(source, target) { Connectivity = feed, Weight = weight, DelayMs = delay, Rows = RowStorage.Procedural },
                new Projection(target, target) { Connectivity = within, Weight = Parameter.Normal(-0.1, 0.6), DelayMs = delay, Rows = RowStorage.Procedural },
            ],
            [new CurrentInjection(target) { Amplitude = current }], batch) with
        { Steps = 100 };
    }
}
