using System.Globalization;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Tests;

/// <summary>
/// Everything that the networks at hand need compiled: the parity matrix, 80 random networks and those of the command, with the default tuning; the networks with learning
/// and those of the command also with the smallest and the largest blocks; whole steps as one kernel; and the kernels that measure a device. Units that differ only in the values of numbers are one unit here: the values decide nothing
/// that this gate looks at.
/// </summary>
static partial class DeviceUnits
{
    const int RandomNetworkCount = 80;

    // What is pushed by default can be pulled too.
    static readonly CudaTuning s_default = new() { PullFromActivity = 0.1 };

    // The size of a block means nothing to the neuron update but a limit to its registers, so its smallest blocks are left out.
    static readonly CudaTuning[] s_extremes = [Blocks(32) with { UpdateBlock = s_default.UpdateBlock }, Blocks(1024)];

    static readonly Lazy<(KernelUnit[] Units, int Merged, int Plans)> s_collected = new(Collect);

    /// <summary>The units, each once, in the order in which networks ask for them.</summary>
    public static IReadOnlyList<KernelUnit> All => s_collected.Value.Units;

    /// <summary>Units left out because another differs from them only in the values of numbers.</summary>
    public static int Merged => s_collected.Value.Merged;

    /// <summary>Networks asked.</summary>
    public static int Plans => s_collected.Value.Plans;

    public static IReadOnlyList<KernelUnit> Of(string file) => [.. All.Where(u => u.File == file)];

    /// <summary>Threads of a block of the unit.</summary>
    public static int Block(KernelUnit unit) => int.Parse(unit.Defines.Single(d => d.StartsWith("TBN_BLOCK=", StringComparison.Ordinal)).AsSpan("TBN_BLOCK=".Length), CultureInfo.InvariantCulture);

    /// <summary>The unit in words, without the sizes that all have.</summary>
    public static string Show(KernelUnit unit) => $"{unit.File} {string.Join(' ', unit.Defines.Where(d => !d.StartsWith("TBN_SIZE_", StringComparison.Ordinal)).Select(d => "-D" + d))}";

    /// <summary>
    /// The unit with values in place of its constants that no compiler can simplify: odd bits, no two alike, none of them 0 or 1. A batch is 1 or, for every larger one, 3:
    /// no power of two, so that its divisions stay.
    /// </summary>
    public static KernelUnit Normalised(KernelUnit unit)
    {
        var bits = 0x3f9d70a5u;
        return unit with { Defines = [.. unit.Defines.Select(Number)], Generated = GeneratedLiteral().Replace(unit.Generated, m => m.Groups["name"].Value + Next()) };

        string Next() => string.Create(CultureInfo.InvariantCulture, $"0,0x{bits += 0x01010u:x8}u");

        string Number(string define) => Literal().Match(define) is { Success: true } m ? $"{m.Groups["name"].Value}={Next()}"
            : define.StartsWith("TBN_BATCH=", StringComparison.Ordinal) && define != "TBN_BATCH=1" ? "TBN_BATCH=3" : define;
    }

    static CudaTuning Blocks(int threads) => s_default with { UpdateBlock = threads, CompactBlock = threads, SparseBlock = threads, DenseBlock = threads, WinnerBlock = threads };

    static (KernelUnit[], int, int) Collect()
    {
        var everything = LearningCases.Everything(1).Network;
        var recorded = everything with { Recordings = [new StateRecording(everything.Populations[0], "v"), new SpikeRecording(everything.Populations[0])] };
        NetworkPlan[] learning = [recorded.Plan(), .. LearningCases.All().Select(c => c.Network.Plan()), .. MnistPlans.All()];
        NetworkPlan[] all =
        [
            .. ParityCases.All.AsParallel().AsOrdered().Select(c => c.Network.Plan()), .. learning,
            .. Enumerable.Range(0, RandomNetworkCount).AsParallel().AsOrdered().Select(seed => RandomNetworks.Case(seed, new Random(seed)).Network.Plan()),
        ];
        KernelUnit[] exact =
        [
            .. from plan in all.AsParallel().AsOrdered() from unit in CudaLowering.Units(plan, s_default) select unit,
            .. from tuning in s_extremes from plan in learning from unit in CudaLowering.Units(plan, tuning) select unit,
            .. ManySteps([.. learning, .. all]),
            .. Lazy(),
            .. BenchKernels.Units(),
        ];
        exact = [.. exact.Distinct()];
        KernelUnit[] units = [.. exact.Select(Normalised).Distinct()];
        return (units, exact.Length - units.Length, all.Length);
    }

    // Pair STDP that takes up spikes late: each weight dependence, a batch, and the blocks that need the most shared memory. The rest of its constants is that of the other way.
    static IEnumerable<KernelUnit> Lazy()
    {
        var tuning = new CudaTuning { Plasticity = CudaPlasticity.Lazy };
        NetworkPlan[] plans = [.. s_lazy.Select(name => ParityCases.All.Single(c => c.Name == name).Network.Plan())];
        return [
            .. from plan in plans from unit in CudaLowering.Units(plan, tuning) select unit,
            .. CudaLowering.Units(plans[0], tuning with { SparseBlock = 1024 }),
            StepProgram.Of(plans[0], tuning.WithBlocks(1024), oneBlock: true).Launch.Unit,
        ];
    }

    static readonly string[] s_lazy = ["stdp PowerLaw, many delays, batch 1", "stdp Additive, one delay, batch 1", "stdp Multiplicative, many delays, batch 3"];

    // Whole steps as one kernel: networks until every phase, and every model of neurons, stands in one on many blocks and in one on a single block of the largest size. What
    // a phase's other constants do to it is seen where it is a kernel of its own.
    static IEnumerable<KernelUnit> ManySteps(IReadOnlyList<NetworkPlan> plans)
    {
        foreach (var (oneBlock, block) in new[] { (false, 256), (true, 1024) })
        {
            var tuning = new CudaTuning().WithBlocks(block);
            HashSet<string> seen = [];
            foreach (var plan in plans)
            {
                var known = seen.Count;
                seen.UnionWith(CudaLowering.Lower(plan, tuning).Select(Kind));
                if (seen.Count > known)
                    yield return StepProgram.Of(plan, tuning, oneBlock).Launch.Unit;
            }
            // Pulling is off by default: one network that pulls beside everything else there is.
            var pulling = s_default.WithBlocks(block);
            yield return StepProgram.Of(plans.First(p => p.Projections.Any(q => PullRule.HasColumns(q, pulling))), pulling, oneBlock).Launch.Unit;
        }
    }

    static string Kind(LoweredLaunch launch)
    {
        var defines = Normalised(launch.Unit).Defines;
        return launch.Kernel == KernelCatalog.UpdateNeurons
            ? string.Join(' ', defines.Where(d => s_ofModel.Any(m => d.StartsWith(m, StringComparison.Ordinal))))
            : $"{launch.Kernel.Entry} {string.Join(' ', defines)}";
    }

    static readonly string[] s_ofModel = ["TBN_MODEL=", "TBN_SCHEME=", "TBN_CURRENTS=", "TBN_DRIVEN=", "TBN_COMPETES="];

    [GeneratedRegex("^(?<name>#define TBN_[A-Z0-9_]+ )0,0x[0-9a-f]{8}u$", RegexOptions.Multiline)]
    private static partial Regex GeneratedLiteral();

    [GeneratedRegex("^(?<name>TBN_[A-Z0-9_]+)=0,0x[0-9a-f]{8}u$")]
    private static partial Regex Literal();
}
