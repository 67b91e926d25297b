namespace TorchBrain.Native.Planning;

/// <summary>A synaptic channel of a population: where fixed-point input is summed.</summary>
/// <param name="Name">Name within the model.</param>
/// <param name="ScaleLog2">Input in the unit of the weights = integer sum x 2^-ScaleLog2.</param>
/// <param name="Wide">True for 64-bit sums, where 32 bits would leave the largest weight fewer than 15 bits of magnitude.</param>
/// <param name="WorstCase">Largest absolute sum that can meet in one step, in the unit of the weights.</param>
public sealed record ChannelPlan(string Name, int ScaleLog2, bool Wide, double WorstCase);

/// <summary>A population as planned.</summary>
public sealed class PopulationPlan
{
    internal PopulationPlan() { }
    /// <summary>Position in the plan.</summary>
    public required int Index { get; init; }
    /// <summary>The description.</summary>
    public required Population Description { get; init; }
    /// <summary>Name.</summary>
    public string Name => Description.Name;
    /// <summary>Neurons.</summary>
    public required int Count { get; init; }
    /// <summary>Elements: neurons x batch. Element = neuron x batch + instance.</summary>
    public required int Elements { get; init; }
    /// <summary>Positions, or null without geometry.</summary>
    public required IReadOnlyList<Position>? Positions { get; init; }
    /// <summary>Model constants.</summary>
    public required NeuronPlan Neuron { get; init; }
    /// <summary>Synaptic channels.</summary>
    public required IReadOnlyList<ChannelPlan> Channels { get; init; }
    /// <summary>Slots of the input ring, a power of two above the largest delay of static projections that end here.</summary>
    public required int RingSlots { get; init; }
    /// <summary>Steps of spikes kept for plastic projections that begin here, a power of two, at least 2.</summary>
    public required int HistorySlots { get; init; }
    /// <summary>Inputs onto this population, in the order they are added.</summary>
    public required IReadOnlyList<InputPlan> Inputs { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>An input as planned.</summary>
public abstract class InputPlan
{
    private protected InputPlan() { }
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>Channel whose sum it joins.</summary>
    public int Channel { get; init; }
}

/// <summary>A host-set current: added as float.</summary>
public sealed class CurrentPlan : InputPlan
{
    internal CurrentPlan() { }
    /// <summary>Value at the start, per neuron.</summary>
    public required ParameterArray Initial { get; init; }
}

/// <summary>Gaussian noise: deviation x normal draw, added as float.</summary>
public sealed class NoisePlan : InputPlan
{
    internal NoisePlan() { }
    /// <summary>Standard deviation per neuron.</summary>
    public required ParameterArray Deviation { get; init; }
    /// <summary>Random stream.</summary>
    public required uint Stream { get; init; }
}

/// <summary>A pulse into one neuron of each instance: word = random word of element = instance; neuron = (word x Among) >> 32; added as float where there is such a neuron.</summary>
public sealed class PulsePlan : InputPlan
{
    internal PulsePlan() { }
    /// <summary>The current.</summary>
    public required float Amplitude { get; init; }
    /// <summary>Neurons drawn from.</summary>
    public required int Among { get; init; }
    /// <summary>Random stream.</summary>
    public required uint Stream { get; init; }

    /// <summary>The neuron of an instance in a step; it may lie beyond the population.</summary>
    public uint Neuron(ulong seed, int instance, long step) => (uint)(((ulong)StepMath.Word(seed, Stream, instance, step) * (uint)Among) >> 32);
}

/// <summary>Poisson input: a count drawn from the table, times the weight, added in fixed point.</summary>
public sealed class PoissonPlan : InputPlan
{
    internal PoissonPlan() { }
    /// <summary>The distribution of the count of a step.</summary>
    public required PoissonTable Table { get; init; }
    /// <summary>Weight in units of the channel's fixed point.</summary>
    public required int FixedWeight { get; init; }
    /// <summary>Random stream.</summary>
    public required uint Stream { get; init; }
}

/// <summary>A recording as planned.</summary>
/// <param name="Index">Position in the plan.</param>
/// <param name="Description">The description.</param>
/// <param name="Population">The population recorded.</param>
/// <param name="Variable">For state recordings the index of the state variable, else -1.</param>
/// <param name="EverySteps">A sample every so many steps.</param>
public sealed record RecordingPlan(int Index, Recording Description, PopulationPlan Population, int Variable, int EverySteps);
