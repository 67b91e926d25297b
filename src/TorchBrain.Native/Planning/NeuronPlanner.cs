namespace TorchBrain.Native.Planning;

/// <summary>Works out the constants of a neuron model for the time step, in double, and checks every drawn value.</summary>
static class NeuronPlanner
{
    public static NeuronPlan Plan(Population p, double stepMs, ulong seed, IReadOnlyList<Position>? positions, List<Problem> problems)
    {
        ParameterArray Resolve(Parameter parameter, string name, Func<double, double>? map = null) =>
            Finite(ParameterResolver.PerNeuron(parameter, p.Name, name, p.Count, seed, positions, map), name);

        ParameterArray Finite(ParameterArray array, string name)
        {
            foreach (var value in array.Values)
                if (!float.IsFinite(value))
                {
                    problems.Add(new Problem(ErrorCode.NumberOutOfRange, $"populations[{p.Name}].{name}", $"gave {value} for a neuron.", "Check the function or distribution."));
                    break;
                }
            return array;
        }

        return p.Neuron switch
        {
            Izhikevich m => PlanIzhikevich(m, stepMs, Resolve),
            LeakyIntegrateAndFire m => new LeakyPlanner(m, p, stepMs, seed, positions, Finite, problems).Plan(),
            ThresholdLinear m => new ThresholdLinearPlan(new StateVariable("x", "", Resolve(0.0, "x")), new StateVariable("theta", "", Resolve(m.Threshold, "Threshold"))) { Competition = m.Competition },
            PoissonSource m => new PoissonSourcePlan { Bound = PlanPoisson(Resolve(m.RateHz, "RateHz"), stepMs), Stream = RandomStream.Named($"{p.Name}/spikes") },
            SpikeArray m => PlanSpikes(m),
            _ => throw new InvalidOperationException($"No plan for {p.Neuron.GetType().Name}."),
        };
    }

    delegate ParameterArray Resolver(Parameter parameter, string name, Func<double, double>? map = null);

    static IzhikevichPlan PlanIzhikevich(Izhikevich m, double stepMs, Resolver resolve)
    {
        var v = resolve(m.InitialV, "InitialV");
        var b = resolve(m.B, "B");
        var u = m.InitialU is not null ? resolve(m.InitialU, "InitialU")
            : PerNeuron(v.Count, v.IsUniform && b.IsUniform, i => (float)((double)b[i] * (v[i] - m.RecoveryReferenceMv)));
        return new IzhikevichPlan(new StateVariable("v", "mV", v), new StateVariable("u", "", u))
        {
            Scheme = m.Scheme,
            Dt = (float)stepMs,
            HalfDt = (float)(0.5 * stepMs),
            ADt = resolve(m.A, "A", a => a * stepMs),
            B = b,
            C = resolve(m.C, "C"),
            D = resolve(m.D, "D"),
            Peak = (float)m.PeakMv,
            K2 = (float)m.Quadratic,
            K1 = (float)m.Linear,
            K0 = (float)m.Offset,
            R = (float)m.RecoveryReferenceMv,
            E = (float)m.RecoveryDecay,
        };
    }

    internal static ParameterArray PerNeuron(int count, bool uniform, Func<int, float> value)
    {
        var values = new float[uniform ? 1 : count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(i);
        return new ParameterArray(values, count);
    }

    static uint[] PlanPoisson(ParameterArray rates, double stepMs)
    {
        var bounds = new uint[rates.Count];
        for (var i = 0; i < bounds.Length; i++)
        {
            var rate = Math.Max(0.0, rates[i]);
            bounds[i] = (uint)Math.Min(uint.MaxValue, Math.Round((1 - Math.Exp(-rate * stepMs * 1e-3)) * 4294967296.0));
        }
        return bounds;
    }

    static SpikeArrayPlan PlanSpikes(SpikeArray m)
    {
        var groups = m.Spikes.Distinct().OrderBy(s => s.Step).ThenBy(s => s.Index).GroupBy(s => s.Step).ToArray();
        var starts = new int[groups.Length + 1];
        for (var k = 0; k < groups.Length; k++)
            starts[k + 1] = starts[k] + groups[k].Count();
        return new SpikeArrayPlan { Steps = [.. groups.Select(g => g.Key)], Starts = starts, Indices = [.. groups.SelectMany(g => g.Select(s => s.Index))] };
    }
}
