namespace TorchBrain.Native.Planning;

/// <summary>A parameter as the backends use it: one value for all neurons, or one per neuron.</summary>
public sealed class ParameterArray
{
    readonly float[] _values;

    internal ParameterArray(float[] values, int count)
    {
        Count = count;
        var first = values[0];
        _values = Array.TrueForAll(values, v => BitConverter.SingleToInt32Bits(v) == BitConverter.SingleToInt32Bits(first)) ? [first] : values;
    }

    /// <summary>Number of neurons.</summary>
    public int Count { get; }

    /// <summary>True if all neurons share one value.</summary>
    public bool IsUniform => _values.Length == 1;

    /// <summary>The value of a neuron.</summary>
    public float this[int neuron] => IsUniform ? _values[0] : _values[neuron];

    /// <summary>The stored values: one, or one per neuron.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <inheritdoc/>
    public override string ToString() => IsUniform ? _values[0].ToString("G6") : $"[{_values.Min():G4} .. {_values.Max():G4}]";
}

/// <summary>A neuron model with its constants worked out for the network's time step. The scalar equations of each are in docs/numerics.md.</summary>
public abstract class NeuronPlan
{
    private protected NeuronPlan() { }

    /// <summary>Names and units of the state variables, in buffer order.</summary>
    public abstract IReadOnlyList<StateVariable> State { get; }

    /// <summary>Names of the synaptic channels.</summary>
    public abstract IReadOnlyList<string> Channels { get; }
}

/// <summary>A float32 state variable of every neuron.</summary>
/// <param name="Name">For example <c>v</c>.</param>
/// <param name="Unit">For example <c>mV</c>.</param>
/// <param name="Initial">Stored value at the start, per neuron.</param>
/// <param name="Offset">What to add to the stored value to get the value in the unit, per neuron; null for nothing.</param>
/// <param name="Least">The least stored value that may be written.</param>
/// <param name="MostSteps">For a number of steps: the most that may be written, and only whole numbers may; 0 for any other variable.</param>
public sealed record StateVariable(string Name, string Unit, ParameterArray Initial, ParameterArray? Offset = null, float Least = float.NegativeInfinity, int MostSteps = 0);

/// <summary>Constants of <see cref="Izhikevich"/>.</summary>
public sealed class IzhikevichPlan : NeuronPlan
{
    internal IzhikevichPlan(StateVariable v, StateVariable u) => State = [v, u];
    /// <inheritdoc/>
    public override IReadOnlyList<StateVariable> State { get; }
    /// <inheritdoc/>
    public override IReadOnlyList<string> Channels { get; } = ["I"];
    /// <summary>The integration scheme.</summary>
    public required IzhikevichScheme Scheme { get; init; }
    /// <summary>dt in ms.</summary>
    public required float Dt { get; init; }
    /// <summary>dt / 2 in ms.</summary>
    public required float HalfDt { get; init; }
    /// <summary>a dt.</summary>
    public required ParameterArray ADt { get; init; }
    /// <summary>b.</summary>
    public required ParameterArray B { get; init; }
    /// <summary>c, mV.</summary>
    public required ParameterArray C { get; init; }
    /// <summary>d.</summary>
    public required ParameterArray D { get; init; }
    /// <summary>Peak, mV.</summary>
    public required float Peak { get; init; }
    /// <summary>Coefficient of v^2.</summary>
    public required float K2 { get; init; }
    /// <summary>Coefficient of v.</summary>
    public required float K1 { get; init; }
    /// <summary>The constant.</summary>
    public required float K0 { get; init; }
    /// <summary>Recovery reference, mV.</summary>
    public required float R { get; init; }
    /// <summary>Recovery decay.</summary>
    public required float E { get; init; }
}

/// <summary>Constants of <see cref="ThresholdLinear"/>. State: the input x of this step and the threshold theta.</summary>
public sealed class ThresholdLinearPlan : NeuronPlan
{
    internal ThresholdLinearPlan(StateVariable x, StateVariable theta) => State = [x, theta];
    /// <inheritdoc/>
    public override IReadOnlyList<StateVariable> State { get; }
    /// <inheritdoc/>
    public override IReadOnlyList<string> Channels { get; } = ["x"];
    /// <summary>Who may be active.</summary>
    public required Competition Competition { get; init; }
}

/// <summary>Constants of <see cref="PoissonSource"/>.</summary>
public sealed class PoissonSourcePlan : NeuronPlan
{
    internal PoissonSourcePlan() { }
    /// <inheritdoc/>
    public override IReadOnlyList<StateVariable> State { get; } = [];
    /// <inheritdoc/>
    public override IReadOnlyList<string> Channels { get; } = [];
    /// <summary>Per neuron: spikes where the random word is below this bound (probability x 2^32).</summary>
    public required uint[] Bound { get; init; }
    /// <summary>Stream of the random words.</summary>
    public required uint Stream { get; init; }
}

/// <summary>Constants of <see cref="SpikeArray"/>: spikes sorted by step, then index.</summary>
public sealed class SpikeArrayPlan : NeuronPlan
{
    internal SpikeArrayPlan() { }
    /// <inheritdoc/>
    public override IReadOnlyList<StateVariable> State { get; } = [];
    /// <inheritdoc/>
    public override IReadOnlyList<string> Channels { get; } = [];
    /// <summary>The steps that hold spikes, ascending.</summary>
    public required long[] Steps { get; init; }
    /// <summary>For entry k of <see cref="Steps"/>, its indices are <c>Indices[Starts[k] .. Starts[k + 1])</c>, ascending.</summary>
    public required int[] Starts { get; init; }
    /// <summary>Neuron indices.</summary>
    public required int[] Indices { get; init; }
}
