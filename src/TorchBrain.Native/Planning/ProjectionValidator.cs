namespace TorchBrain.Native.Planning;

/// <summary>Checks one projection, whose populations are known to be in the network.</summary>
static class ProjectionValidator
{
    const double LargestWeight = 1e9;

    public delegate void Report(string code, string where, string what, string fix);

    public static void Check(Projection p, Network network, Report add)
    {
        var where = $"projections[{p.EffectiveName}]";
        if (p.Target.Neuron is PoissonSource or SpikeArray)
            add(ErrorCode.Incompatible, $"{where}.Target", $"is '{p.Target.Name}', a source of spikes without input.", "Project onto a population of neurons.");
        Connectivity(p, where, add);
        var weightUsable = Weight(p, where, add);
        NetworkValidator.Defined($"{where}.Receptor", p.Receptor, add);
        var (negative, positive) = weightUsable ? Signs(p) : (false, false);
        CheckReceptor($"{where}.Receptor", p.Receptor, p.Target, negative, positive, add);
        if (weightUsable && TakesConductances(p.Target))
            Conductance(p, where, add);
        if (NetworkValidator.StepUsable(network))
            Delay(p, where, network, add);
        LearningValidator.Check(p, where, network, add);
        if (p.WritableUpTo is { } limit)
            Writable(p, limit, where, add);
        RowStorageValidator.Check(p, where, add);
        MemoryGuard.Check(p, where, network, add);
    }

    static void Writable(Projection p, double limit, string where, Report add)
    {
        where += ".WritableUpTo";
        if (!(limit > 0 && limit <= LargestWeight))
            add(ErrorCode.NumberOutOfRange, where, $"is {limit}; allowed is above 0, at most 1e9.", "Set the largest absolute weight the host will write.");
        if (p.Learning is not null)
            add(ErrorCode.Incompatible, where, "is set on a projection that learns.", "Plastic weights are always writable: leave it null.");
        // The projection becomes a matrix: one weight per pair, one delay for all.
        var list = (p.Connectivity as ExplicitList)?.Synapses;
        if (p.Connectivity is FixedInDegree { Multapses: true } or FixedTotal || list is not null && list.DistinctBy(s => (s.Source, s.Target)).Count() < list.Count)
            add(ErrorCode.Incompatible, where, "needs a matrix, but the connectivity can join a pair of neurons more than once.", "Use AllToAll, FixedProbability or a list without repeated pairs.");
        if (p.DelayMs is not (null or ConstantParameter) || list is not null && list.DistinctBy(s => s.DelayMs).Count() > 1)
            add(ErrorCode.Incompatible, where, "needs one delay for all synapses.", "Make DelayMs a number.");
        var first = p.Connectivity is DistanceKernel ? 0 : Math.Max(list?.Max(s => Math.Abs((double)(s.Weight ?? 0))) ?? 0, p.Weight is ConstantParameter or ListParameter { List.Count: > 0 } ? ParameterResolver.Bound(p.Weight) : 0);
        if (first > limit)
            add(ErrorCode.NumberOutOfRange, where, $"is {limit}, below a weight of {first} at the start.", "Raise the bound, or lower the weights.");
    }

    static void Connectivity(Projection p, string where, Report add)
    {
        switch (p.Connectivity)
        {
            case null:
                add(ErrorCode.Missing, $"{where}.Connectivity", "is null.", "Choose a connectivity.");
                break;
            case OneToOne when p.Source.Count != p.Target.Count:
                add(ErrorCode.Incompatible, $"{where}.Connectivity", $"is OneToOne between {p.Source.Count} and {p.Target.Count} neurons.", "Use populations of one size, or another connectivity.");
                break;
            // Below 1e-12 the logarithm of 1 - p has no digits left.
            case FixedProbability f when !(f.Probability is 0 or >= 1e-12 and <= 1):
                add(ErrorCode.NumberOutOfRange, $"{where}.Connectivity.Probability", $"is {f.Probability}; allowed is 0, or 1e-12 to 1.", "Use a probability.");
                break;
            case FixedInDegree f:
                var free = p.Source.Count - (ReferenceEquals(p.Source, p.Target) && !f.SelfConnections ? 1 : 0);
                if (f.InDegree < 0 || !f.Multapses && f.InDegree > free || f.InDegree > 0 && free == 0)
                    add(ErrorCode.NumberOutOfRange, $"{where}.Connectivity.InDegree", $"is {f.InDegree}; allowed is 0 to {(f.Multapses && free > 0 ? "any number" : free.ToString())} here.", "Lower it, or allow multapses.");
                break;
            case FixedTotal f:
                var others = p.Target.Count - (ReferenceEquals(p.Source, p.Target) && !f.SelfConnections ? 1 : 0);
                if (f.Synapses < 0 || f.Synapses > 0 && others == 0)
                    add(ErrorCode.NumberOutOfRange, $"{where}.Connectivity.Synapses", $"is {f.Synapses}; allowed is 0{(others > 0 ? " or more" : ": there is no other neuron")}.", "Use the number of synapses of the whole projection.");
                break;
            case ExplicitList list when list.Synapses is null:
                add(ErrorCode.Missing, $"{where}.Connectivity.Synapses", "is null.", "Give a list of synapses.");
                break;
            case ExplicitList list:
                for (var k = 0; k < list.Synapses.Count; k++)
                {
                    var s = list.Synapses[k];
                    if (s.Source < 0 || s.Source >= p.Source.Count || s.Target < 0 || s.Target >= p.Target.Count)
                    {
                        add(ErrorCode.IndexOutOfRange, $"{where}.Connectivity.Synapses[{k}]", $"connects {s.Source} to {s.Target}; there are {p.Source.Count} sources and {p.Target.Count} targets.", "Indices begin at 0.");
                        break;
                    }
                    if (s.Weight is { } w && !(Math.Abs(w) <= LargestWeight) || s.DelayMs is { } d && !(d >= 0 && float.IsFinite(d)))
                    {
                        add(ErrorCode.NumberOutOfRange, $"{where}.Connectivity.Synapses[{k}]", $"has weight {s.Weight} and delay {s.DelayMs}; allowed are weights of -1e9 to 1e9 and delays of 0 or more.", "Use finite numbers.");
                        break;
                    }
                }
                break;
            case DistanceKernel k:
                if (p.Source.Geometry is null || p.Target.Geometry is null)
                    add(ErrorCode.GeometryInvalid, $"{where}.Connectivity", "depends on distance, but a population has no Geometry.", "Set Geometry on source and target.");
                if (k.WeightAt is null)
                    add(ErrorCode.Missing, $"{where}.Connectivity.WeightAt", "is null.", "Give the weight as a function of distance.");
                if (!(k.CutOff > 0))
                    add(ErrorCode.NumberOutOfRange, $"{where}.Connectivity.CutOff", $"is {k.CutOff}; it must be above 0.", "Use a distance, or infinity for none.");
                break;
        }
    }

    // False if nothing can be said about signs.
    static bool Weight(Projection p, string where, Report add)
    {
        var allowsList = p.Connectivity is OneToOne || p.Connectivity is AllToAll { SelfConnections: true } || p.Connectivity is AllToAll && !ReferenceEquals(p.Source, p.Target);
        var needed = p.Connectivity is OneToOne ? p.Source.Count : (long)p.Source.Count * p.Target.Count;
        switch (p.Weight)
        {
            case null:
                add(ErrorCode.Missing, $"{where}.Weight", "is null.", "Give a number or a distribution.");
                return false;
            case ConstantParameter c when !(Math.Abs(c.Value) <= LargestWeight):
                add(ErrorCode.NumberOutOfRange, $"{where}.Weight", $"is {c.Value}; allowed is -1e9 to 1e9.", "Use a finite weight.");
                return false;
            case ListParameter when !allowsList:
                add(ErrorCode.Incompatible, $"{where}.Weight", "is a list, which only AllToAll and OneToOne take.", "Put weights into an ExplicitList.");
                return false;
            case ListParameter l when l.List is null || l.List.Count != needed:
                add(ErrorCode.IndexOutOfRange, $"{where}.Weight", $"has {l.List?.Count ?? 0} values; {needed} are needed (row by row, by source).", "Give one weight per synapse.");
                return false;
            case ListParameter l when l.List.Any(w => !(Math.Abs(w) <= LargestWeight)):
                add(ErrorCode.NumberOutOfRange, $"{where}.Weight", "contains NaN, infinity or more than 1e9.", "Use finite weights.");
                return false;
            case PositionParameter:
                add(ErrorCode.Incompatible, $"{where}.Weight", "depends on the position of one neuron.", "Use FromDistance.");
                return false;
            case DrawnParameter { Function: null } or DistanceParameter { Function: null }:
                add(ErrorCode.Missing, $"{where}.Weight", "has no function.", "Give a function.");
                return false;
            case DistanceParameter when p.Source.Geometry is null || p.Target.Geometry is null:
                add(ErrorCode.GeometryInvalid, $"{where}.Weight", "depends on distance, but a population has no Geometry.", "Set Geometry on source and target.");
                return false;
            case DrawnParameter or DistanceParameter when p.Connectivity is ExplicitList:
                add(ErrorCode.Incompatible, $"{where}.Weight", "is drawn, but an ExplicitList carries its weights.", "Put the weights into the list.");
                return false;
            case DrawnParameter d when ParameterValidator.Misfit(d.Function, -LargestWeight, LargestWeight) is { } misfit:
                add(ErrorCode.NumberOutOfRange, $"{where}.Weight", $"{misfit}; allowed is -1e9 to 1e9.", "Check the numbers of the distribution.");
                return false;
        }
        return true;
    }

    static (bool Negative, bool Positive) Signs(Projection p) => p.Weight switch
    {
        _ when LearningPlanner.Bounds(p.Learning) is var (least, most) => (least < 0, most > 0),
        _ when p.WritableUpTo is not null || p.Connectivity is DistanceKernel => (true, true),
        _ when p.Connectivity is ExplicitList { Synapses: { } list } => (list.Any(s => s.Weight < 0), list.Any(s => s.Weight is null or >= 0)),
        ConstantParameter c => (c.Value < 0, c.Value >= 0),
        ListParameter l => (l.List.Any(w => w < 0), l.List.Any(w => w >= 0)),
        DrawnParameter { Low: var low, High: var high } => (!(low >= 0 && high >= 0), !(low <= 0 && high <= 0)),
        _ => (true, true),
    };

    // What can be known before drawing; DrawnValues sees the rest.
    static void Conductance(Projection p, string where, Report add)
    {
        const string fix = "Use weights of 0 or more, clip distributions at 0, and name the receptor: Receptor.Inhibitory where spikes inhibit.";
        var least = p.Weight switch
        {
            _ when p.Connectivity is DistanceKernel => 0,
            _ when p.Connectivity is ExplicitList { Synapses: { Count: > 0 } list } => list.Min(s => s.Weight ?? 0),
            ConstantParameter c => c.Value,
            ListParameter { List.Count: > 0 } l => l.List.Min(),
            DrawnParameter d => d.Low,
            _ => 0,
        };
        if (least < 0)
            add(ErrorCode.NumberOutOfRange, $"{where}.Weight", $"can be {least}; '{p.Target.Name}' takes conductances, which are 0 or more.", fix);
        if (LearningPlanner.Bounds(p.Learning) is ( < 0, _) bounds)
            add(ErrorCode.NumberOutOfRange, $"{where}.Learning.MinWeight", $"is {bounds.Min}; '{p.Target.Name}' takes conductances, which are 0 or more.", fix);
    }

    /// <summary>True if weights onto a population are conductances, which are never negative.</summary>
    public static bool TakesConductances(Population target) => target.Neuron is LeakyIntegrateAndFire { Synapses: ConductanceSynapses };

    public static bool HasTwoReceptors(Population target) => target.Neuron is LeakyIntegrateAndFire
    {
        Synapses: ExponentialSynapses { TauInhibitoryMs: not null } or AlphaSynapses { TauInhibitoryMs: not null } or ConductanceSynapses,
    };

    /// <summary>The channel a projection feeds.</summary>
    public static int Channel(Projection p) => Channel(p.Receptor, p.Target, Signs(p).Negative);

    /// <summary>The channel that a receptor means.</summary>
    public static int Channel(Receptor receptor, Population target, bool negative) => !HasTwoReceptors(target) ? 0
        : receptor switch { Receptor.Excitatory => 0, Receptor.Inhibitory => 1, _ => negative ? 1 : 0 };

    public static void CheckReceptor(string where, Receptor receptor, Population target, bool negative, bool positive, Report add)
    {
        if (receptor == Receptor.Inhibitory && !HasTwoReceptors(target))
            add(ErrorCode.Incompatible, where, $"is Inhibitory, but '{target.Name}' has one receptor for both signs.", "Leave it Auto, or give the model a TauInhibitoryMs.");
        if (receptor == Receptor.Auto && TakesConductances(target))
            add(ErrorCode.Incompatible, where, $"is Auto, but '{target.Name}' takes conductances: both receptors take positive weights, so the sign chooses none.", "Say Excitatory or Inhibitory.");
        else if (receptor == Receptor.Auto && HasTwoReceptors(target) && negative && positive)
            add(ErrorCode.Incompatible, where, "is Auto, but the weights have both signs and the target has two receptors.", "Say Excitatory or Inhibitory, or split the projection by sign.");
    }

    static void Delay(Projection p, string where, Network network, Report add)
    {
        var max = Network.MaxDelaySteps * network.TimeStepMs;
        switch (p.DelayMs)
        {
            case ConstantParameter c when !(c.Value >= network.TimeStepMs * 0.999 && c.Value <= max):
                add(ErrorCode.DelayOutOfRange, $"{where}.DelayMs", $"is {c.Value} ms; allowed is one step ({network.TimeStepMs} ms) to {max} ms.", "There are no zero delays: the shortest is one step.");
                break;
            case ListParameter or PositionParameter:
                add(ErrorCode.Incompatible, $"{where}.DelayMs", "is a list or depends on one neuron's position.", "Use a number, a distribution, FromDistance, or an ExplicitList.");
                break;
            case DrawnParameter { Function: null } or DistanceParameter { Function: null }:
                add(ErrorCode.Missing, $"{where}.DelayMs", "has no function.", "Give a function.");
                break;
            case DrawnParameter d when ParameterValidator.Misfit(d.Function, double.NegativeInfinity, max) is { } misfit:
                add(ErrorCode.DelayOutOfRange, $"{where}.DelayMs", $"{misfit}; allowed is at most {max} ms ({Network.MaxDelaySteps} steps).", "Clip the distribution.");
                break;
            case DrawnParameter or DistanceParameter when p.Connectivity is ExplicitList:
                add(ErrorCode.Incompatible, $"{where}.DelayMs", "is drawn, but an ExplicitList carries its delays.", "Put the delays into the list.");
                break;
            case DistanceParameter when p.Source.Geometry is null || p.Target.Geometry is null:
                add(ErrorCode.GeometryInvalid, $"{where}.DelayMs", "depends on distance, but a population has no Geometry.", "Set Geometry on source and target.");
                break;
        }
        if (p.Connectivity is ExplicitList { Synapses: { } list } && list.Any(s => s.DelayMs is { } d && !(d >= network.TimeStepMs * 0.999 && d <= max)))
            add(ErrorCode.DelayOutOfRange, $"{where}.Connectivity", $"contains a delay outside one step ({network.TimeStepMs} ms) to {max} ms.", "There are no zero delays: the shortest is one step.");
    }
}
