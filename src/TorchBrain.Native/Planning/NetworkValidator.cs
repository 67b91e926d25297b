namespace TorchBrain.Native.Planning;

/// <summary>Checks a description and collects every problem. One method per part; nothing here allocates in proportion to the network.</summary>
sealed class NetworkValidator
{
    const double MinStepMs = 1e-6, MaxStepMs = 10;

    // The countdown is a float; above 2^24 subtracting 1 changes nothing and a neuron would never wake.
    const int MostRefractorySteps = 1 << 24;

    readonly Network _network;
    readonly List<Problem> _problems = [];

    NetworkValidator(Network network) => _network = network;

    public static IReadOnlyList<Problem> Problems(Network network)
    {
        var validator = new NetworkValidator(network);
        validator.Run();
        return validator._problems;
    }

    /// <summary>False if the time step itself is wrong: what depends on it cannot be judged then.</summary>
    public static bool StepUsable(Network network) => network.TimeStepMs is >= MinStepMs and <= MaxStepMs;

    void Add(string code, string where, string what, string fix) => _problems.Add(new Problem(code, where, what, fix));

    void Run()
    {
        Range("network.TimeStepMs", _network.TimeStepMs, MinStepMs, MaxStepMs, "ms");
        if (_network.Batch is < 1 or > 65536)
            Add(ErrorCode.NumberOutOfRange, "network.Batch", $"is {_network.Batch}; allowed is 1 to 65,536.", "Set Batch to the number of instances to run side by side.");
        if (_network.Name is null)
            Add(ErrorCode.Missing, "network.Name", "is null.", "Give the network a name.");
        var populations = Parts("Populations", _network.Populations);
        var projections = Parts("Projections", _network.Projections);
        var inputs = Parts("Inputs", _network.Inputs);
        Parts("Recordings", _network.Recordings);
        if (_network.Populations is { Count: 0 })
            Add(ErrorCode.Missing, "network.Populations", "is empty.", "Add at least one Population.");
        Unique("Populations", populations.Select(p => p.Name));
        Unique("Projections", projections.Select(p => p.EffectiveName));
        Unique("Inputs", inputs.Select(i => i.EffectiveName));
        foreach (var population in populations)
            Check(population);
        foreach (var projection in projections)
            if (Member($"projections[{projection.EffectiveName}].Source", projection.Source, populations) & Member($"projections[{projection.EffectiveName}].Target", projection.Target, populations))
                ProjectionValidator.Check(projection, _network, Add);
        foreach (var input in inputs)
            if (Member($"inputs[{input.EffectiveName}].Target", input.Target, populations))
                Check(input);
        foreach (var (r, recording) in (_network.Recordings ?? []).Index())
            if (recording is not null && Member($"recordings[{r}].Target", recording.Target, populations))
                Check(recording, r);
        MemoryGuard.CheckTotal(_network, populations, projections, _problems, Add);
    }

    // The parts that are there; a missing list or entry is reported.
    List<T> Parts<T>(string list, IReadOnlyList<T>? parts) where T : class
    {
        if (parts is null)
            Add(ErrorCode.Missing, $"network.{list}", "is null.", "Give a list; where the network can do without, it may be empty.");
        else if (parts.Contains(null!))
            Add(ErrorCode.Missing, $"network.{list}", "contains null.", "Remove it.");
        return [.. (parts ?? []).Where(p => p is not null)];
    }

    bool Member(string where, Population? population, List<Population> populations)
    {
        if (population is not null && populations.Contains(population))
            return true;
        var known = string.Join(", ", populations.Select(p => $"'{p.Name}'"));
        Add(ErrorCode.PopulationNotInNetwork, where, population is null ? "is null." : $"is '{population.Name}', which is not in network.Populations.",
            $"Add it to the list, or use the same object; there are: {known}.");
        return false;
    }

    void Unique(string list, IEnumerable<string?> names)
    {
        foreach (var group in names.GroupBy(n => n))
        {
            if (string.IsNullOrWhiteSpace(group.Key))
                Add(ErrorCode.NameNotUnique, $"network.{list}", "contains an empty name.", "Give every part a name.");
            else if (group.Count() > 1)
                Add(ErrorCode.NameNotUnique, $"network.{list}", $"contains the name '{group.Key}' {group.Count()} times.", "Give each its own Name.");
        }
    }

    void Range(string where, double value, double min, double max, string unit)
    {
        if (!(value >= min && value <= max))
            Add(ErrorCode.NumberOutOfRange, where, $"is {value}; allowed is {min} to {max} {unit}.".Replace(" .", "."), "Use a finite number in that range.");
    }

    /// <summary>Reports a value that no member of its enumeration has.</summary>
    public static void Defined<T>(string where, T value, ProjectionValidator.Report add) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            add(ErrorCode.NumberOutOfRange, where, $"is {value}, which is no {typeof(T).Name}.", $"Use one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    void Check(Population p)
    {
        var where = $"populations[{p.Name}]";
        if (p.Count < 1)
            Add(ErrorCode.EmptyPopulation, $"{where}.Count", $"is {p.Count}; at least 1 is needed.", "Set the number of neurons.");
        else if ((long)p.Count * Math.Max(1, _network.Batch) > 1 << 30)
            Add(ErrorCode.TooLarge, $"{where}.Count", $"{p.Count:N0} neurons x {_network.Batch:N0} instances; at most {1 << 30:N0} elements are possible.", "Use fewer neurons or a smaller batch.");
        else
            MemoryGuard.Check(p, where, _network, Add);
        p.Geometry?.Validate((what, fix) => Add(ErrorCode.GeometryInvalid, $"{where}.Geometry", what, fix));
        if (p.Geometry is Points { Positions: { } positions } && positions.Count != p.Count)
            Add(ErrorCode.IndexOutOfRange, $"{where}.Geometry", $"has {positions.Count} positions for {p.Count} neurons.", "Give one position per neuron.");
        switch (p.Neuron)
        {
            case null:
                Add(ErrorCode.Missing, $"{where}.Neuron", "is null.", "Choose a neuron model.");
                break;
            case Izhikevich m:
                PerNeuron(p, where, "A", m.A, -10, 10);
                PerNeuron(p, where, "B", m.B, -100, 100);
                PerNeuron(p, where, "C", m.C, -1000, 1000);
                PerNeuron(p, where, "D", m.D, -10000, 10000);
                PerNeuron(p, where, "InitialV", m.InitialV, -1000, 1000);
                if (m.InitialU is not null)
                    PerNeuron(p, where, "InitialU", m.InitialU, -1e5, 1e5);
                Range($"{where}.PeakMv", m.PeakMv, -1000, 1000, "mV");
                Range($"{where}.Quadratic", m.Quadratic, -100, 100, "");
                Range($"{where}.Linear", m.Linear, -1000, 1000, "");
                Range($"{where}.Offset", m.Offset, -1e5, 1e5, "");
                Range($"{where}.RecoveryReferenceMv", m.RecoveryReferenceMv, -1000, 1000, "mV");
                Range($"{where}.RecoveryDecay", m.RecoveryDecay, -100, 100, "");
                Defined($"{where}.Scheme", m.Scheme, Add);
                break;
            case LeakyIntegrateAndFire m:
                Check(p, where, m);
                break;
            case ThresholdLinear m:
                PerNeuron(p, where, "Threshold", m.Threshold, -1e9, 1e9);
                Defined($"{where}.Competition", m.Competition, Add);
                break;
            case PoissonSource m:
                PerNeuron(p, where, "RateHz", m.RateHz, 0, 1e7);
                break;
            case SpikeArray m:
                if (m.Spikes is null)
                    Add(ErrorCode.Missing, $"{where}.Spikes", "is null.", "Give a list of spikes (it may be empty).");
                else if (m.Spikes.Any(s => s.Step < 0 || s.Index < 0 || s.Index >= p.Count))
                {
                    var bad = m.Spikes.First(s => s.Step < 0 || s.Index < 0 || s.Index >= p.Count);
                    Add(ErrorCode.IndexOutOfRange, $"{where}.Spikes", $"contains {bad}; steps begin at 0 and indices are 0 to {p.Count - 1}.", "Remove or mend it.");
                }
                break;
        }
    }

    void Check(Population p, string where, LeakyIntegrateAndFire m)
    {
        PerNeuron(p, where, "TauMs", m.TauMs, 1e-3, 1e7);
        PerNeuron(p, where, "CapacitancePf", m.CapacitancePf, 1e-6, 1e9);
        PerNeuron(p, where, "RestMv", m.RestMv, -1000, 1000);
        PerNeuron(p, where, "ThresholdMv", m.ThresholdMv, -1000, 1000);
        PerNeuron(p, where, "ResetMv", m.ResetMv, -1000, 1000);
        if (m.InitialMv is not null)
            PerNeuron(p, where, "InitialMv", m.InitialMv, -1000, 1000);
        Range($"{where}.RefractoryMs", m.RefractoryMs, 0, 1e4, "ms");
        Defined($"{where}.SpikeReset", m.SpikeReset, Add);
        if (m.SpikeReset == SpikeReset.BySubtraction && m.RefractoryMs != 0)
            Add(ErrorCode.Incompatible, $"{where}.SpikeReset", $"is BySubtraction with a refractory period of {m.RefractoryMs} ms, which would clamp the potential.", "Set RefractoryMs = 0, or reset ToPotential.");
        if (StepUsable(_network) && Math.Round(m.RefractoryMs / _network.TimeStepMs) > MostRefractorySteps)
            Add(ErrorCode.NumberOutOfRange, $"{where}.RefractoryMs", $"is {m.RefractoryMs} ms = {m.RefractoryMs / _network.TimeStepMs:N0} steps; at most {MostRefractorySteps:N0} steps can be counted down.", "Shorten it, or take a longer step.");
        if (m.ResetMv is ConstantParameter reset && m.ThresholdMv is ConstantParameter threshold && reset.Value >= threshold.Value)
            Add(ErrorCode.NumberOutOfRange, $"{where}.ResetMv", $"is {reset.Value} mV, not below the threshold of {threshold.Value} mV: every neuron would spike for ever.", "Lower ResetMv.");
        switch (m.Synapses)
        {
            case null:
                Add(ErrorCode.Missing, $"{where}.Synapses", "is null.", "Use DeltaSynapses, ExponentialSynapses, AlphaSynapses or ConductanceSynapses.");
                break;
            case ExponentialSynapses s:
                SynapticTaus(where, s.TauMs, s.TauInhibitoryMs);
                break;
            case AlphaSynapses s:
                SynapticTaus(where, s.TauMs, s.TauInhibitoryMs);
                break;
            case ConductanceSynapses s:
                SynapticTaus(where, s.TauMs, s.TauInhibitoryMs);
                Range($"{where}.Synapses.ReversalMv", s.ReversalMv, -1000, 1000, "mV");
                Range($"{where}.Synapses.InhibitoryReversalMv", s.InhibitoryReversalMv, -1000, 1000, "mV");
                if (s.InitialExcitatoryNs is not null)
                    PerNeuron(p, where, "Synapses.InitialExcitatoryNs", s.InitialExcitatoryNs, 0, 1e9);
                if (s.InitialInhibitoryNs is not null)
                    PerNeuron(p, where, "Synapses.InitialInhibitoryNs", s.InitialInhibitoryNs, 0, 1e9);
                Defined($"{where}.Synapses.Scheme", s.Scheme, Add);
                break;
        }
    }

    void SynapticTaus(string where, double tauMs, double? tauInhibitoryMs)
    {
        // A current that is gone within a five-hundredth of a step cannot be integrated over the step: the propagator would be infinity times zero.
        var shortest = StepUsable(_network) ? Math.Max(1e-3, _network.TimeStepMs / 500) : 1e-3;
        Range($"{where}.Synapses.TauMs", tauMs, shortest, 1e6, "ms");
        if (tauInhibitoryMs is { } tau)
            Range($"{where}.Synapses.TauInhibitoryMs", tau, shortest, 1e6, "ms");
    }

    void PerNeuron(Population p, string owner, string name, Parameter? parameter, double min, double max)
    {
        var where = $"{owner}.{name}";
        switch (parameter)
        {
            case null:
                Add(ErrorCode.Missing, where, "is null.", "Give a number, a list or a distribution.");
                break;
            case ConstantParameter c:
                Range(where, c.Value, min, max, "");
                break;
            case ListParameter l when l.List is null || l.List.Count != p.Count:
                Add(ErrorCode.IndexOutOfRange, where, $"has {l.List?.Count ?? 0} values for {p.Count} neurons.", "Give one value per neuron.");
                break;
            case ListParameter l:
                for (var i = 0; i < l.List.Count; i++)
                    if (!(l.List[i] >= min && l.List[i] <= max))
                    {
                        Add(ErrorCode.NumberOutOfRange, $"{where}[{i}]", $"is {l.List[i]}; allowed is {min} to {max}.", "Use finite numbers in that range.");
                        break;
                    }
                break;
            case DistanceParameter:
                Add(ErrorCode.Incompatible, where, "depends on a distance, but a neuron has none.", "Use FromPosition, or a distribution.");
                break;
            case PositionParameter when p.Geometry is null:
                Add(ErrorCode.GeometryInvalid, where, "depends on the position, but the population has no Geometry.", "Set Geometry.");
                break;
            case DrawnParameter { Function: null } or PositionParameter { Function: null }:
                Add(ErrorCode.Missing, where, "has no function.", "Give a function.");
                break;
            case DrawnParameter d:
                Drawn(where, ParameterValidator.Misfit(d.Function, min, max), min, max);
                break;
            case PositionParameter d:
                Drawn(where, ParameterValidator.Misfit(d, p, _network.Seed, min, max), min, max);
                break;
        }
    }

    void Drawn(string where, string? misfit, double min, double max)
    {
        if (misfit is not null)
            Add(ErrorCode.NumberOutOfRange, where, $"{misfit}; allowed is {min} to {max}.", "Clip the distribution, or check its numbers.");
    }

    void Check(Input input)
    {
        var where = $"inputs[{input.EffectiveName}]";
        if (input.Target.Neuron is PoissonSource or SpikeArray)
            Add(ErrorCode.Incompatible, $"{where}.Target", $"is '{input.Target.Name}', a source of spikes without input.", "Drive a population of neurons.");
        switch (input)
        {
            case CurrentInjection c:
                PerNeuron(input.Target, where, "Amplitude", c.Amplitude, -1e9, 1e9);
                break;
            case GaussianNoise n:
                PerNeuron(input.Target, where, "Deviation", n.Deviation, 0, 1e9);
                break;
            case RandomPulse r:
                Range($"{where}.Amplitude", r.Amplitude, -1e9, 1e9, "");
                if (r.Among is { } among && among < input.Target.Count)
                    Add(ErrorCode.NumberOutOfRange, $"{where}.Among", $"is {among}; the draw is made from the {input.Target.Count} neurons of '{input.Target.Name}' at least.", "Leave it null, or name the larger number that they are part of.");
                break;
            case PoissonInput p:
                Range($"{where}.RateHz", p.RateHz, 0, StepUsable(_network) ? 64000 / _network.TimeStepMs : double.MaxValue, "Hz (64 events per step)");
                Range($"{where}.Weight", p.Weight, -1e9, 1e9, "");
                Defined($"{where}.Receptor", p.Receptor, Add);
                ProjectionValidator.CheckReceptor($"{where}.Receptor", p.Receptor, input.Target, p.Weight < 0, p.Weight >= 0, Add);
                if (p.Weight < 0 && ProjectionValidator.TakesConductances(input.Target))
                    Add(ErrorCode.NumberOutOfRange, $"{where}.Weight", $"is {p.Weight}; '{input.Target.Name}' takes conductances, which are 0 or more.", "Use a positive weight onto Receptor.Inhibitory.");
                break;
        }
    }

    void Check(Recording recording, int index)
    {
        var where = $"recordings[{index}]";
        if (recording.Steps is < 1 or > 100_000_000)
            Add(ErrorCode.NumberOutOfRange, $"{where}.Steps", $"is {recording.Steps}; allowed is 1 to 100,000,000.", "Set the window in steps.");
        else
            MemoryGuard.Check(recording, where, _network, Add);
        if (recording is StateRecording state)
        {
            if (state.EverySteps < 1)
                Add(ErrorCode.NumberOutOfRange, $"{where}.EverySteps", $"is {state.EverySteps}; at least 1 is needed.", "Set it to 1 or more.");
            var names = StateNames(recording.Target.Neuron);
            if (!names.Contains(state.Variable))
                Add(ErrorCode.UnknownName, $"{where}.Variable", $"is '{state.Variable}'; '{recording.Target.Name}' has {(names.Length == 0 ? "no state" : string.Join(", ", names))}.", "Use one of these.");
        }
    }

    static string[] StateNames(NeuronModel? model) => model switch
    {
        Izhikevich => ["v", "u"],
        LeakyIntegrateAndFire { Synapses: DeltaSynapses } => ["v", "refractory"],
        LeakyIntegrateAndFire { Synapses: ExponentialSynapses { TauInhibitoryMs: null } } => ["v", "refractory", "i"],
        LeakyIntegrateAndFire { Synapses: AlphaSynapses { TauInhibitoryMs: null } } => ["v", "refractory", "i", "rise"],
        LeakyIntegrateAndFire { Synapses: AlphaSynapses } => ["v", "refractory", "i_exc", "rise_exc", "i_inh", "rise_inh"],
        LeakyIntegrateAndFire { Synapses: ConductanceSynapses } => ["v", "refractory", "g_exc", "g_inh"],
        LeakyIntegrateAndFire => ["v", "refractory", "i_exc", "i_inh"],
        ThresholdLinear => ["x", "theta"],
        _ => [],
    };
}
