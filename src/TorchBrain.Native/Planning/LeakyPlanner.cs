namespace TorchBrain.Native.Planning;

/// <summary>Works out the constants of a leaky integrate-and-fire population for the time step <paramref name="h"/>, in double.</summary>
sealed class LeakyPlanner(LeakyIntegrateAndFire m, Population p, double h, ulong seed, IReadOnlyList<Position>? positions, Func<ParameterArray, string, ParameterArray> finite, List<Problem> problems)
{
    static readonly string[] s_receptors = ["_exc", "_inh"];

    public NeuronPlan Plan() => m.Synapses switch
    {
        DeltaSynapses => PlanCurrents([]),
        ExponentialSynapses s => PlanCurrents(s.TauInhibitoryMs is { } tau ? [s.TauMs, tau] : [s.TauMs]),
        AlphaSynapses s => PlanAlpha(s.TauInhibitoryMs is { } tau ? [s.TauMs, tau] : [s.TauMs]),
        ConductanceSynapses s => PlanConductances(s),
        _ => throw new InvalidOperationException($"No plan for {m.Synapses.GetType().Name}."),
    };

    double Value(Parameter parameter, string name, int i) => ParameterResolver.Value(parameter, p.Name, name, i, seed, positions);

    ParameterArray Derived(string name, Func<int, double> value, params Parameter?[] from) =>
        finite(NeuronPlanner.PerNeuron(p.Count, Array.TrueForAll(from, x => x is null or ConstantParameter), i => (float)value(i)), name);

    double Tau(int i) => Value(m.TauMs, "TauMs", i);
    double C(int i) => Value(m.CapacitancePf, "CapacitancePf", i);
    double Rest(int i) => Value(m.RestMv, "RestMv", i);

    ParameterArray Zero { get; } = new([0f], p.Count);

    List<StateVariable> CommonState()
    {
        var initial = m.InitialMv is { } start ? Derived("InitialMv", i => Value(start, "InitialMv", i) - Rest(i), start, m.RestMv) : Zero;
        return [new("v", "mV", initial, Derived("RestMv", Rest, m.RestMv)), new("refractory", "steps", Zero, Least: 0, MostSteps: Math.Max(short.MaxValue, (int)RefractorySteps))];
    }

    ParameterArray Threshold => Derived("ThresholdMv", i => Value(m.ThresholdMv, "ThresholdMv", i) - Rest(i), m.ThresholdMv, m.RestMv);
    ParameterArray Reset => Derived("ResetMv", i => Value(m.ResetMv, "ResetMv", i) - Rest(i), m.ResetMv, m.RestMv);
    bool Subtracts => m.SpikeReset == SpikeReset.BySubtraction;
    float RefractorySteps => (float)Math.Round(m.RefractoryMs / h);

    ParameterArray Q22 => Derived("TauMs", i => LifPropagators.Q22(h, Tau(i)), m.TauMs);
    ParameterArray P20 => Derived("TauMs", i => LifPropagators.P20(h, Tau(i), C(i)), m.TauMs, m.CapacitancePf);
    ParameterArray[] P21(double[] taus) => [.. taus.Select(s => Derived("TauMs", i => LifPropagators.P21(h, Tau(i), C(i), s), m.TauMs, m.CapacitancePf))];
    float[] P11(double[] taus) => [.. taus.Select(s => (float)LifPropagators.P11(h, s))];

    // The suffix of a receptor's variables: none where there is one receptor.
    static string Of(int receptor, int receptors) => receptors == 1 ? "" : s_receptors[receptor];

    LifPlan PlanCurrents(double[] taus)
    {
        string[] currents = [.. taus.Select((_, k) => "i" + Of(k, taus.Length))];
        return new LifPlan([.. CommonState(), .. currents.Select(name => new StateVariable(name, "pA", Zero))], taus.Length == 0 ? ["delta"] : currents)
        {
            Delta = taus.Length == 0,
            Q22 = Q22,
            P20 = P20,
            P21 = P21(taus),
            P11 = P11(taus),
            Threshold = Threshold,
            Reset = Reset,
            Subtracts = Subtracts,
            RefractorySteps = RefractorySteps,
        };
    }

    AlphaLifPlan PlanAlpha(double[] taus)
    {
        string[] currents = [.. taus.Select((_, k) => "i" + Of(k, taus.Length))];
        var state = currents.SelectMany((name, k) => new StateVariable[] { new(name, "pA", Zero), new("rise" + Of(k, taus.Length), "pA", Zero) });
        return new AlphaLifPlan([.. CommonState(), .. state], currents)
        {
            Delta = false,
            Q22 = Q22,
            P20 = P20,
            P21 = P21(taus),
            P11 = P11(taus),
            RiseToPotential = [.. taus.Select(s => Derived("TauMs", i => Math.E / s * LifPropagators.P31(h, Tau(i), C(i), s), m.TauMs, m.CapacitancePf))],
            RiseToCurrent = [.. taus.Select(s => (float)(Math.E / s * h * LifPropagators.P11(h, s)))],
            Threshold = Threshold,
            Reset = Reset,
            Subtracts = Subtracts,
            RefractorySteps = RefractorySteps,
        };
    }

    ConductanceLifPlan PlanConductances(ConductanceSynapses s)
    {
        ParameterArray Initial(Parameter? parameter, string name)
        {
            if (parameter is null)
                return Zero;
            var values = Derived(name, i => Value(parameter, name, i), parameter);
            foreach (var value in values.Values)
                if (value < 0)
                {
                    problems.Add(new Problem(ErrorCode.NumberOutOfRange, $"populations[{p.Name}].Synapses.{name}", $"drew {value}; a conductance is 0 or more.", "Clip the distribution at 0."));
                    break;
                }
            return values;
        }

        return new ConductanceLifPlan(
            [.. CommonState(), new("g_exc", "nS", Initial(s.InitialExcitatoryNs, nameof(s.InitialExcitatoryNs)), Least: 0), new("g_inh", "nS", Initial(s.InitialInhibitoryNs, nameof(s.InitialInhibitoryNs)), Least: 0)],
            ["g_exc", "g_inh"])
        {
            Scheme = s.Scheme,
            Leak = Derived("TauMs", i => h / Tau(i), m.TauMs),
            Gain = Derived("CapacitancePf", i => h / C(i), m.CapacitancePf),
            Reversal = [Derived("ReversalMv", i => s.ReversalMv - Rest(i), m.RestMv), Derived("InhibitoryReversalMv", i => s.InhibitoryReversalMv - Rest(i), m.RestMv)],
            Decay = P11([s.TauMs, s.TauInhibitoryMs]),
            Threshold = Threshold,
            Reset = Reset,
            Subtracts = Subtracts,
            RefractorySteps = RefractorySteps,
        };
    }
}
