namespace TorchBrain.Native.Networks;

/// <summary>
/// The network of Izhikevich (Neural Computation 18:245, 2006) whose delays and plasticity make groups of neurons that fire one after the other to the millisecond: 800 regular spiking and 200
/// fast spiking cells, each with 100 synapses onto different cells. Excitatory ones go anywhere, take 1 to 20 ms, five synapses each, and learn by <see cref="EligibilityStdp"/>; inhibitory ones go
/// to excitatory cells in 1 ms and stay. In each millisecond a random cell is kicked. Steps of 1 ms.
/// </summary>
/// <remarks>
/// Differences from the published program: traces decay by exp(-1/20) and not by 0.95 a step; an arrival and a postsynaptic spike in one step do not see each other, where the program
/// potentiates; a postsynaptic trace has decayed once when the next step sees it; and each population draws its
/// kicks for itself, an excitatory cell in 80 % of the steps, an inhibitory one in 20 %, where the program kicks exactly one of all.
/// </remarks>
public sealed record Polychronisation
{
    const int Published = 1000, SynapsesPerNeuron = 100, LongestDelayMs = 20;
    const double ExcitatoryWeight = 6, InhibitoryWeight = -5, LargestWeight = 10, Kick = 20;

    /// <summary>Part of the 1,000 neurons, above 0; synapses per neuron stay where there are enough neurons.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Seed of connectivity and kicks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The network; populations <c>E</c> and <c>I</c>, plastic projections <c>E -> E</c> and <c>E -> I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0)
    {
        var neurons = Math.Max(5, (int)Math.Round(Published * Scale));
        var (excitatory, inhibitory) = (neurons - neurons / 5, neurons / 5);
        var e = new Population("E", excitatory) { Neuron = Izhikevich.RegularSpiking };
        var i = new Population("I", inhibitory) { Neuron = Izhikevich.FastSpiking };
        var synapses = Enumerable.Range(0, neurons).SelectMany(n => Synapses(n, excitatory, neurons)).ToArray();
        Projection Join(Population source, Population target, Func<Synapse, bool> which, Func<Synapse, Synapse> local, double weight, LearningRule? rule) =>
            new(source, target) { Connectivity = new ExplicitList([.. synapses.Where(which).Select(local)]), Weight = weight, Learning = rule };
        return new Network
        {
            Name = "polychronisation",
            Seed = Seed,
            TimeStepMs = 1,
            Populations = [e, i],
            Projections =
            [
                Join(e, e, s => s.Source < excitatory && s.Target < excitatory, s => s, ExcitatoryWeight, Rule),
                Join(e, i, s => s.Source < excitatory && s.Target >= excitatory, s => s with { Target = s.Target - excitatory }, ExcitatoryWeight, Rule),
                Join(i, e, s => s.Source >= excitatory, s => s with { Source = s.Source - excitatory }, InhibitoryWeight, null),
            ],
            Inputs = [new RandomPulse(e) { Amplitude = Kick, Among = neurons }, new RandomPulse(i) { Amplitude = Kick, Among = neurons }],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(e) { Steps = recordingSteps }, new SpikeRecording(i) { Steps = recordingSteps }] : [],
        };
    }

    // Once a second: w = w + 0.01 + e, e = 0.9 e.
    static EligibilityStdp Rule { get; } = new()
    {
        PotentiationAmplitude = 0.1,
        DepressionAmplitude = 0.12,
        TauPlusMs = 20,
        TauMinusMs = 20,
        ConsolidationIntervalMs = 1000,
        Retention = 0.9,
        Drift = 0.01,
        Baseline = 1,
        MaxWeight = LargestWeight,
    };

    // Different targets, none of them the cell itself; delays in equal numbers.
    IEnumerable<Synapse> Synapses(int source, int excitatory, int neurons)
    {
        var excites = source < excitatory;
        var random = new RandomSequence(Seed, RandomStream.Named("polychronisation/targets"), (uint)source);
        int[] targets = [.. Enumerable.Range(0, excites ? neurons : excitatory).Where(n => n != source)];
        random.Shuffle(targets.AsSpan());
        var count = Math.Min(SynapsesPerNeuron, targets.Length);
        for (var k = 0; k < count; k++)
            yield return new Synapse(source, targets[k], null, excites ? 1 + k * LongestDelayMs / count : 1);
    }
}
