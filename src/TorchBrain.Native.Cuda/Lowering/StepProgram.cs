using System.Globalization;
using System.Text;

namespace TorchBrain.Native.Cuda;

/// <summary>The phases of a step as one kernel that runs many steps, before there is a device.</summary>
/// <param name="Phases">The phases in order, in blocks of one size.</param>
/// <param name="Barriers">For each phase, whether all blocks wait for each other before it.</param>
/// <param name="Launch">The kernel with the text that makes it this network's.</param>
/// <param name="TableBytes">Shared memory that a launch adds for the tables of the phases; 0 where they stay in global memory.</param>
sealed record StepProgram(IReadOnlyList<LoweredLaunch> Phases, IReadOnlyList<bool> Barriers, LoweredLaunch Launch, int TableBytes)
{
    /// <summary>Most bytes that the arguments of all phases may take: they lie in constant memory, of which a module has 64 KiB.</summary>
    public const int MostArgumentBytes = 60 << 10;

    // What a unit of its own needs and all phases share.
    static readonly string[] s_common = ["TBN_SIZE_", "TBN_BLOCK=", "TBN_BATCH="];

    /// <summary>Bytes of the arguments of all phases.</summary>
    public int ArgumentBytes => BytesOf(Phases);

    /// <summary>Makes one of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tuning">Sizes: blocks of one size for all phases (<see cref="CudaTuning.WithBlocks"/>).</param>
    /// <param name="oneBlock">Whether it runs on a single block.</param>
    public static StepProgram Of(NetworkPlan plan, CudaTuning tuning, bool oneBlock)
    {
        var block = tuning.StepsBlock;
        var phases = CudaLowering.Lower(plan, tuning);
        var entries = phases.Select(l => PhaseCatalog.Of(l.Kernel)).ToArray();
        var barriers = StepBarriers.Of([.. phases.Select((l, k) => entries[k].Accesses(plan, l).ToArray())]);
        var tables = StepTables.BytesAtMost(plan, phases, tuning);
        if (tables > StepTables.MostBytes)
            tables = 0;
        var unit = KernelCatalog.Unit(KernelCatalog.RunSteps, block, plan.Batch, KernelCatalog.Define("TBN_ONE_BLOCK", oneBlock ? 1 : 0), KernelCatalog.Define("TBN_SHARED_TABLES", tables > 0 ? 1 : 0),
            KernelCatalog.Define("TBN_SCRATCH", Math.Max(1, entries.Max(e => e.ScratchWords(block)))), KernelCatalog.Define("TBN_SIZE_PHASES", BytesOf(phases)));
        return new StepProgram(phases, barriers, new LoweredLaunch(KernelCatalog.RunSteps, unit with { Generated = Text(phases, entries, barriers) }, []), tables);
    }

    static int BytesOf(IReadOnlyList<LoweredLaunch> phases) => phases.Sum(l => l.Kernel.ArgumentBytes);

    // Each specialisation has a namespace, in which the file of the phase is read with its constants.
    static string Text(IReadOnlyList<LoweredLaunch> phases, PhaseEntry[] entries, bool[] barriers)
    {
        var text = new StringBuilder("// The phases of one network and their order, made by the host (StepProgram.cs).\n");
        List<string> special = [];
        var names = new string[phases.Count];
        for (var k = 0; k < phases.Count; k++)
        {
            string[] defines = [.. phases[k].Unit.Defines.Where(d => !s_common.Any(c => d.StartsWith(c, StringComparison.Ordinal)))];
            var key = $"{entries[k].Header} {string.Join(' ', defines)}";
            var at = special.IndexOf(key);
            if (at < 0)
            {
                at = special.Count;
                special.Add(key);
                Specialise(text, at, entries[k].Header, defines);
            }
            names[k] = Invariant($"tbn_special_{at}::{entries[k].Function}");
        }
        text.Append("\n#define TBN_PHASE_ARGUMENTS(MEMBER)");
        for (var k = 0; k < phases.Count; k++)
            text.Append(CultureInfo.InvariantCulture, $" \\\n    MEMBER({k}, {entries[k].Arguments})");
        text.Append(CultureInfo.InvariantCulture, $"\n\n#define TBN_PHASE_COUNT {phases.Count}u");
        text.Append("\n\n#define TBN_PHASES(RUN, BARRIER, NO_BARRIER)");
        for (var k = 0; k < phases.Count; k++)
            text.Append(CultureInfo.InvariantCulture, $" \\\n    {(barriers[k] ? "BARRIER" : "NO_BARRIER")}({k}) RUN({k}, {names[k]})");
        return text.Append('\n').ToString();
    }

    static void Specialise(StringBuilder text, int number, string header, string[] defines)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nnamespace tbn_special_{number}\n{{\n");
        foreach (var define in defines)
            text.Append(CultureInfo.InvariantCulture, $"#define {NameOf(define)} {define[(NameOf(define).Length + 1)..]}\n");
        text.Append(CultureInfo.InvariantCulture, $"#include \"{header}\"\n");
        foreach (var define in defines)
            text.Append(CultureInfo.InvariantCulture, $"#undef {NameOf(define)}\n");
        text.Append("}\n");
    }

    static string NameOf(string define) => define[..define.IndexOf('=', StringComparison.Ordinal)];

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
