namespace TorchBrain.Native.Tests;

/// <summary>Dense random synapses of one weight and one delay, which a backend may keep as one bit a pair.</summary>
static class BitmaskCases
{
    static readonly LeakyIntegrateAndFire Listener = new() { Synapses = new ExponentialSynapses(), RefractoryMs = 1 };

    public static IEnumerable<ParityCase> All()
    {
        // More spikes in a step than are counted together, and targets in several blocks, the last of them not full.
        yield return Wired("one weight, crowd", 1200, 1101, 5000, new FixedProbability(0.1), 4, null) with { Steps = 12 };
        yield return Wired("one weight, few spikes", 90, 1601, 2, new FixedProbability(0.05), 900, 3.0) with { Steps = 150 };
        yield return Wired("one weight, pairs connected twice", 300, 530, 40, new FixedInDegree(90), 90, 7.0) with { Steps = 100 };
        yield return Wired("one weight, total, thick", 61, 510, 60, new FixedTotal(20_000), 60, 1.0);
        yield return Wired("one weight, below the density", 61, 510, 60, new FixedProbability(0.03), 900, 2.0);
        yield return Wide();
        yield return Mixed();
    }

    // One neuron hears a source so often that the sums of all take 64 bits, which bits are not counted into.
    static ParityCase Wide()
    {
        var source = new Population("source", 300) { Neuron = new PoissonSource { RateHz = 40 } };
        var target = new Population("target", 530) { Neuron = Listener };
        return ParityCase.Of("one weight, sums of 64 bits", [source, target],
            [
                new Projection(source, target) { Connectivity = new FixedProbability(0.1), Weight = 90, DelayMs = 3 },
                new Projection(source, target) { Name = "copies", Connectivity = new ExplicitList([.. Enumerable.Range(0, 150_000).Select(k => new Synapse(k % 3, 3, -90f, 1))]) },
            ], [new CurrentInjection(target) { Amplitude = 250 }]);
    }

    // Excitation and inhibition from the same neurons: with and without bits, of one delay and of many, onto populations of all sizes.
    static ParityCase Mixed()
    {
        var source = new Population("source", 150) { Neuron = new PoissonSource { RateHz = 50 } };
        Population[] cells = [.. new[] { 63, 64, 577, 2050 }.Select((n, i) => new Population($"cells{i}", n) { Neuron = Listener })];
        return ParityCase.Of("one weight, among others", [source, .. cells],
            [
                .. cells.Select((c, i) => new Projection(source, c) { Name = $"feed{i}", Connectivity = new FixedInDegree(20), Weight = 130, DelayMs = 1 + i }),
                .. cells.Select((c, i) => new Projection(source, c) { Name = $"calm{i}", Connectivity = new FixedProbability(0.2), Weight = -25, DelayMs = 9 - i }),
                new Projection(cells[2], cells[3]) { Connectivity = new FixedProbability(0.06), Weight = Parameter.Normal(1, 20), DelayMs = Parameter.Uniform(1, 9) },
                new Projection(cells[3], cells[2]) { Connectivity = new FixedProbability(0.04), Weight = -8, DelayMs = 2 },
                new Projection(cells[1], cells[3]) { Connectivity = new FixedProbability(0.2), Weight = 30, DelayMs = 20 },
            ], [.. cells.Select(c => new CurrentInjection(c) { Amplitude = 260 })]) with
        { Steps = 100 };
    }

    static ParityCase Wired(string name, int sources, int targets, double hz, Connectivity connectivity, double weight, Parameter? delay)
    {
        var source = new Population("source", sources) { Neuron = new PoissonSource { RateHz = hz } };
        var target = new Population("target", targets) { Neuron = Listener };
        return ParityCase.Of(name, [source, target], [new Projection(source, target) { Connectivity = connectivity, Weight = weight, DelayMs = delay }], [new CurrentInjection(target) { Amplitude = 250 }]);
    }
}
