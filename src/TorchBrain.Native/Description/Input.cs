namespace TorchBrain.Native;

/// <summary>A drive from outside onto one population. A closed set: see the derived records.</summary>
/// <param name="Target">The population driven.</param>
public abstract record Input(Population Target)
{
    private protected abstract string Kind { get; }

    /// <summary>Unique name; default <c>kind(target)</c>. It names the random stream too.</summary>
    public string? Name { get; init; }

    /// <summary>The name, given or default.</summary>
    public string EffectiveName => Name ?? $"{Kind}({Target?.Name})";
}

/// <summary>
/// A current per neuron that the host may change at any time with <see cref="Simulation.SetCurrent"/>; it stays until changed.
/// In pA for integrate-and-fire, in the model's own unit for Izhikevich and threshold-linear units.
/// </summary>
/// <param name="Target">The population driven.</param>
public sealed record CurrentInjection(Population Target) : Input(Target)
{
    private protected override string Kind => "current";
    /// <summary>The current at the start.</summary>
    public Parameter Amplitude { get; init; } = 0.0;
}

/// <summary>
/// Gaussian white noise: a new independent normal current per neuron and step (constant within the step). Unit as for
/// <see cref="CurrentInjection"/>.
/// </summary>
/// <param name="Target">The population driven.</param>
public sealed record GaussianNoise(Population Target) : Input(Target)
{
    private protected override string Kind => "noise";
    /// <summary>Standard deviation, 0 or more.</summary>
    public Parameter Deviation { get; init; } = 1.0;
}

/// <summary>
/// A current for the length of one step into one neuron, drawn anew in each step and in each instance of a batch: the random kicks of the polychronisation network (Izhikevich 2006). Unit as for
/// <see cref="CurrentInjection"/>.
/// </summary>
/// <param name="Target">The population driven.</param>
public sealed record RandomPulse(Population Target) : Input(Target)
{
    private protected override string Kind => "pulse";
    /// <summary>The current.</summary>
    public double Amplitude { get; init; } = 20.0;
    /// <summary>
    /// How many neurons the draw is made from, all equally likely; null for those of the population. With more, those of the population are the first of them, and a step whose draw falls beyond
    /// gives this population nothing: a tenth of the steps has a pulse where 100 neurons are drawn from 1,000.
    /// </summary>
    public int? Among { get; init; }
}

/// <summary>Independent Poisson spikes onto every neuron through synapses of one weight, as from <c>RateHz</c> worth of background neurons.</summary>
/// <param name="Target">The population driven.</param>
public sealed record PoissonInput(Population Target) : Input(Target)
{
    private protected override string Kind => "poisson";
    /// <summary>Total rate onto each neuron, Hz; 0 or more, and at most 64 events per step on average.</summary>
    public double RateHz { get; init; } = 1000.0;
    /// <summary>Weight of each spike, in the unit of the receptor.</summary>
    public double Weight { get; init; } = 1.0;
    /// <summary>Receptor of the target.</summary>
    public Receptor Receptor { get; init; } = Receptor.Auto;
}
