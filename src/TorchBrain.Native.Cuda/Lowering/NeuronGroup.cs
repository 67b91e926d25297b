using System.Globalization;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>A parameter of a model in its place in the population's table.</summary>
/// <param name="Name">Name of the define.</param>
/// <param name="Index">Place in the table.</param>
/// <param name="PerNeuron">One value per neuron; null where all share one.</param>
/// <param name="Shared">The value that all neurons share.</param>
readonly record struct ModelParameter(string Name, int Index, ParameterArray? PerNeuron, float Shared)
{
    /// <summary>The bits of the shared value.</summary>
    public uint Bits => BitConverter.SingleToUInt32Bits(Shared);
}

/// <summary>
/// Populations that share one launch: same model, inputs, widths and kind of parameters. Values that they share become constants of the kernel.
/// </summary>
sealed class NeuronGroup
{
    const int MostKinds = 16;

    NeuronGroup(IReadOnlyList<PopulationPlan> populations, KernelUnit unit)
    {
        Populations = populations;
        Unit = unit;
    }

    public IReadOnlyList<PopulationPlan> Populations { get; }
    public KernelUnit Unit { get; }

    /// <summary>The groups of a plan, in the order of their first populations.</summary>
    public static IReadOnlyList<NeuronGroup> Of(NetworkPlan plan, CudaTuning tuning) =>
        [.. plan.Populations.GroupBy(Structure).Select(g => new NeuronGroup([.. g],
            KernelCatalog.Unit(KernelCatalog.UpdateNeurons, tuning.UpdateBlock, plan.Batch, [.. g.Key.Split(' '), .. Constants([.. g])])))];

    /// <summary>What populations must have in common, as defines.</summary>
    static string Structure(PopulationPlan p)
    {
        List<string> defines = [.. Model(p), $"TBN_LESIONABLE={(p.Description.Lesionable ? 1 : 0)}", KernelCatalog.Define("TBN_INPUT_COUNT", p.Inputs.Count)];
        if (p.Inputs.Count <= MostKinds)
            defines.Add(string.Create(CultureInfo.InvariantCulture, $"TBN_INPUT_KINDS=0x{p.Inputs.Select((input, i) => (ulong)Kind(input) << (4 * i)).Aggregate(0ul, (a, b) => a | b):x}ull"));
        for (var c = 0; c < p.Channels.Count; c++)
            defines.Add(KernelCatalog.Define($"TBN_WIDE_{c}", p.Channels[c].Wide));
        defines.AddRange(Parameters(p).Where(x => x.PerNeuron is not null).Select(x => $"{x.Name}=2,0u"));
        return string.Join(' ', defines);
    }

    static IEnumerable<string> Constants(PopulationPlan[] populations)
    {
        var each = populations.Select(Parameters).ToArray(); // of one model, so in one order
        for (var k = 0; k < each[0].Count; k++)
            if (each[0][k] is { PerNeuron: null } parameter)
                yield return each.All(p => p[k].Bits == parameter.Bits) ? string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}=0,0x{parameter.Bits:x8}u") : $"{parameter.Name}=1,0u";
    }

    /// <summary>Whether the winner takes all, so that the update leaves candidates and not spikes.</summary>
    public static bool Competes(PopulationPlan p) => p.Neuron is ThresholdLinearPlan { Competition: Competition.WinnerTakesAll };

    static IEnumerable<string> Model(PopulationPlan p)
    {
        return
        [
            .. p.Neuron switch
            {
                IzhikevichPlan m => (string[])["TBN_MODEL=1", KernelCatalog.Define("TBN_SCHEME", m.Scheme switch { IzhikevichScheme.TwoHalfSteps => 0, IzhikevichScheme.Euler => 1, _ => 2 })],
                AlphaLifPlan m => ["TBN_MODEL=6", KernelCatalog.Define("TBN_CURRENTS", m.P11.Count), Driven(p), KernelCatalog.Define("TBN_SUBTRACTS", m.Subtracts)],
                ConductanceLifPlan m =>
                [
                    "TBN_MODEL=7", KernelCatalog.Define("TBN_SCHEME", m.Scheme == ConductanceScheme.ExponentialEuler ? 1 : 0), Driven(p), KernelCatalog.Define("TBN_SUBTRACTS", m.Subtracts),
                ],
                LifPlan m =>
                [
                    "TBN_MODEL=2", KernelCatalog.Define("TBN_CURRENTS", m.P11.Count), Driven(p),
                    KernelCatalog.Define("TBN_DELTA", m.Delta), KernelCatalog.Define("TBN_SUBTRACTS", m.Subtracts),
                ],
                ThresholdLinearPlan => ["TBN_MODEL=3"],
                PoissonSourcePlan => ["TBN_MODEL=4"],
                SpikeArrayPlan => ["TBN_MODEL=5"],
                _ => throw new InvalidOperationException($"The CUDA backend has no kernel for {p.Neuron.GetType().Name}."),
            },
            $"TBN_COMPETES={(Competes(p) ? 1 : 0)}",
        ];
    }

    static string Driven(PopulationPlan p) => KernelCatalog.Define("TBN_DRIVEN", p.Inputs.Any(i => i is CurrentPlan or NoisePlan or PulsePlan));

    /// <summary>The kind of an input in the kernels.</summary>
    public static uint Kind(InputPlan input) => input switch
    {
        CurrentPlan => 1,
        NoisePlan n => n.Deviation.IsUniform ? 2u : 3u,
        PoissonPlan => 4,
        PulsePlan => 5,
        _ => throw new InvalidOperationException($"The CUDA backend has no input {input.GetType().Name}."),
    };

    /// <summary>The parameters of a population's model, in the places where kernels/neuron/update_neurons.cu looks for them.</summary>
    public static IReadOnlyList<ModelParameter> Parameters(PopulationPlan p)
    {
        List<ModelParameter> list = [];
        void Add(string name, int index, ParameterArray values) => list.Add(new ModelParameter($"TBN_{name}", index, values.IsUniform ? null : values, values[0]));
        void Constant(string name, int index, float value) => list.Add(new ModelParameter($"TBN_{name}", index, null, value));

        void Common(LeakyPlan m)
        {
            Add("THRESHOLD", 4, m.Threshold);
            Add("RESET", 5, m.Reset);
            Constant("REFRACTORY_STEPS", 6, m.RefractorySteps);
        }

        for (var c = 0; c < p.Channels.Count; c++)
            Constant($"SCALE_{c}", c, MathF.ScaleB(1f, -p.Channels[c].ScaleLog2));
        switch (p.Neuron)
        {
            case IzhikevichPlan m:
                Add("A_DT", 2, m.ADt);
                Add("B", 3, m.B);
                Add("C", 4, m.C);
                Add("D", 5, m.D);
                Constant("DT", 6, m.Dt);
                Constant("HALF_DT", 7, m.HalfDt);
                Constant("PEAK", 8, m.Peak);
                Constant("K2", 9, m.K2);
                Constant("K1", 10, m.K1);
                Constant("K0", 11, m.K0);
                Constant("R", 12, m.R);
                Constant("E", 13, m.E);
                break;
            case LifPlan m:
                Add("Q22", 2, m.Q22);
                Add("P20", 3, m.P20);
                Common(m);
                for (var k = 0; k < m.P11.Count; k++)
                {
                    var at = 7 + (m is AlphaLifPlan ? 4 : 2) * k;
                    Add($"P21_{k}", at, m.P21[k]);
                    Constant($"P11_{k}", at + 1, m.P11[k]);
                    if (m is not AlphaLifPlan alpha)
                        continue;
                    Add($"RISE_TO_POTENTIAL_{k}", at + 2, alpha.RiseToPotential[k]);
                    Constant($"RISE_TO_CURRENT_{k}", at + 3, alpha.RiseToCurrent[k]);
                }
                break;
            case ConductanceLifPlan m:
                Add("LEAK", 2, m.Leak);
                Add("GAIN", 3, m.Gain);
                Common(m);
                for (var k = 0; k < m.Decay.Count; k++)
                {
                    Add($"REVERSAL_{k}", 7 + 2 * k, m.Reversal[k]);
                    Constant($"DECAY_{k}", 8 + 2 * k, m.Decay[k]);
                }
                break;
        }
        return list;
    }
}
