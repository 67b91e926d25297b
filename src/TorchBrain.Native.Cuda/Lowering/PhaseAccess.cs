namespace TorchBrain.Native.Cuda;

/// <summary>What phases of a step share, per population or projection.</summary>
enum Resource
{
    /// <summary>Sums on their way into a population, all slots of its ring.</summary>
    Input,
    /// <summary>State of a population.</summary>
    State,
    /// <summary>Spike bits and totals of a population.</summary>
    Spikes,
    /// <summary>Candidates of a competing population.</summary>
    Winners,
    /// <summary>Spike lists of a population.</summary>
    Lists,
    /// <summary>Weights and traces of a projection.</summary>
    Synapses,
    /// <summary>What a projection that learns by competition keeps of each target.</summary>
    Targets,
    /// <summary>Samples of a recording.</summary>
    Samples,
}

/// <summary>What a phase does to something shared.</summary>
enum Use
{
    Read,
    Write,
    /// <summary>Adds by integer atomics: additions commute, so two phases that add do not wait for each other.</summary>
    Add,
}

/// <summary>One thing that a phase touches.</summary>
/// <param name="What">The kind of thing.</param>
/// <param name="Index">Of the population, projection or recording.</param>
/// <param name="Use">How.</param>
readonly record struct PhaseAccess(Resource What, int Index, Use Use)
{
    /// <summary>Whether a barrier must lie between the two: same thing, and neither only reads beside a reader nor only adds beside an adder.</summary>
    public bool Conflicts(PhaseAccess other) => What == other.What && Index == other.Index && (Use == Use.Write || Use != other.Use);
}
