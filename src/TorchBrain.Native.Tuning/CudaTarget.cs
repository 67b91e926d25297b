using System.Globalization;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tuning;

/// <summary>A CUDA device.</summary>
public sealed class CudaTarget : ITunable
{
    const string Stepping = "stepping", StepsBlock = "steps-block";

    const string Never = "never";

    static readonly int[] s_blocks = [64, 128, 256, 512];

    // About where bytes and additions predict that pulling begins to pay (decision 0020).
    static readonly double[] s_activities = [0.02, 0.05, 0.15];

    // Sizes of blocks that count only where each phase is a launch of its own.
    static readonly string[] s_graphBlocks = ["update-block", "sparse-block", "dense-block", "winner-block", "compact-block"];

    // What made the most of it on an H100 comes first: a budget may end before the rest.
    static readonly Knob<CudaOptions>[] s_knobs =
    [
        Named(Stepping, _ => [CudaStepping.OneBlock, CudaStepping.Persistent, CudaStepping.Graph], t => t.Stepping, (t, s) => t with { Stepping = s }),
        Named("plasticity", plan => plan.Projections.Any(p => p.Learning is PairStdpPlan) ? [CudaPlasticity.Column, CudaPlasticity.Lazy] : [], t => t.Plasticity, (t, p) => t with { Plasticity = p }),
        Sized(StepsBlock, _ => [64, 128, 256, 512, 1024], t => t.StepsBlock, (t, n) => t with { StepsBlock = n }),
        Sized("chunk-length", plan => Stores(plan, SynapseStorage.SparseInt16, SynapseStorage.SparseFloat, SynapseStorage.Stencil, SynapseStorage.Procedural) ? [32, 128, 256, 512] : [], t => t.ChunkLength, (t, n) => t with { ChunkLength = n }),
        Sized("blocks-per-multiprocessor", plan => plan.Projections.Count > 0 ? [1, 2, 4, 8, 16] : [], t => t.BlocksPerMultiprocessor, (t, n) => t with { BlocksPerMultiprocessor = n }),
        Knob<CudaOptions>.Whole("steps-per-graph", _ => [16, 32, 128, 256], o => o.StepsPerGraph, (o, n) => o with { StepsPerGraph = n }),
        Sized("update-block", _ => s_blocks, t => t.UpdateBlock, (t, n) => t with { UpdateBlock = n }),
        Sized("sparse-block", plan => Stores(plan, SynapseStorage.SparseInt16, SynapseStorage.SparseFloat, SynapseStorage.Procedural) ? s_blocks : [], t => t.SparseBlock, (t, n) => t with { SparseBlock = n }),
        Sized("dense-block", plan => Stores(plan, SynapseStorage.DenseInt16, SynapseStorage.DenseFloat, SynapseStorage.Stencil) ? s_blocks : [], t => t.DenseBlock, (t, n) => t with { DenseBlock = n }),
        Sized("winner-block", plan => Stores(plan, SynapseStorage.DenseFloat) ? s_blocks : [], t => t.WinnerBlock, (t, n) => t with { WinnerBlock = n }),
        Sized("compact-block", plan => plan.Populations.Any(p => p.Neuron is ThresholdLinearPlan { Competition: Competition.WinnerTakesAll }) ? s_blocks : [], t => t.CompactBlock, (t, n) => t with { CompactBlock = n }),
        new("pull-from-activity", plan => Stores(plan, SynapseStorage.SparseInt16) ? s_activities.Select(Word) : [], o => Word(o.Tuning.PullFromActivity),
            (o, w) => w == Never ? o with { Tuning = o.Tuning with { PullFromActivity = 0 } }
                : double.TryParse(w, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) ? o with { Tuning = o.Tuning with { PullFromActivity = part } } : null),
    ];

    readonly Knobs<CudaOptions> _knobs;
    readonly bool _cooperative;
    readonly int _multiprocessors;

    /// <summary>Creates the target.</summary>
    /// <param name="options">What holds in any case: the device, and fields that are then not tuned.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaUnavailable"/> and others: the device cannot be opened.</exception>
    public CudaTarget(CudaOptions? options = null)
    {
        options ??= new CudaOptions();
        using var context = CudaContext.Open(options.Device);
        (_cooperative, _multiprocessors) = (context.SupportsCooperativeLaunch, context.Multiprocessors);
        _knobs = new Knobs<CudaOptions>(options, new CudaOptions(), s_knobs, Resolve);
        Device = $"{context.Device.Name}, compute capability {context.Device.ComputeCapability}, driver for CUDA {CudaProbe.Machine.DriverVersion ?? "(no answer)"}";
    }

    /// <inheritdoc/>
    public string Backend => "cuda";

    /// <summary>Name of the device, compute capability, and version of the driver.</summary>
    public string Device { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tunable> Tunables(NetworkPlan plan) => _knobs.Tunables(plan);

    /// <summary>The options with settings.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.TuningFileDamaged"/>: a word that its name does not allow.</exception>
    public CudaOptions Options(TuningSettings settings) => _knobs.With(settings);

    /// <inheritdoc/>
    public bool Matters(NetworkPlan plan, TuningSettings settings, string name)
    {
        var resolved = Resolve(plan, Options(settings)).Tuning.Stepping;
        return name == StepsBlock ? resolved != CudaStepping.Graph
            : name == "blocks-per-multiprocessor" ? resolved != CudaStepping.OneBlock
            : resolved == CudaStepping.Graph || !s_graphBlocks.Contains(name);
    }

    /// <inheritdoc/>
    public IBackend Open(TuningSettings settings) => new CudaBackend(Options(settings));

    /// <inheritdoc/>
    public IReadOnlyList<CudaLaunch> Launches(IBackend backend, ICompiledNetwork network) => CudaBackend.Launches(network);

    CudaOptions Resolve(NetworkPlan plan, CudaOptions options) => CudaBackend.Resolve(plan, options, _cooperative, _multiprocessors);

    // OneBlock is one-block.
    static string Word<T>(T choice) where T : struct, Enum => string.Concat(choice.ToString().Select((c, k) => char.IsUpper(c) ? $"{(k > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    static Knob<CudaOptions> Named<T>(string name, Func<NetworkPlan, IEnumerable<T>> values, Func<CudaTuning, T> get, Func<CudaTuning, T, CudaTuning> set) where T : struct, Enum =>
        new(name, plan => values(plan).Select(Word), o => Word(get(o.Tuning)), (o, w) => Enum.GetValues<T>().Where(v => Word(v) == w).Select(v => o with { Tuning = set(o.Tuning, v) }).FirstOrDefault());

    static string Word(double activity) => activity == 0 ? Never : activity.ToString(CultureInfo.InvariantCulture);

    static Knob<CudaOptions> Sized(string name, Func<NetworkPlan, IEnumerable<int>> values, Func<CudaTuning, int> get, Func<CudaTuning, int, CudaTuning> set) =>
        Knob<CudaOptions>.Whole(name, values, o => get(o.Tuning), (o, n) => o with { Tuning = set(o.Tuning, n) });

    static bool Stores(NetworkPlan plan, params SynapseStorage[] storages) => plan.Projections.Any(p => storages.Contains(p.Storage));
}
