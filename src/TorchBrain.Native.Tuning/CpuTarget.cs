using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tuning;

/// <summary>This machine's processor.</summary>
public sealed class CpuTarget : ITunable
{
    static readonly Knob<CpuOptions>[] s_knobs =
    [
        Knob<CpuOptions>.Whole("threads", _ => Threads(), o => o.Threads, (o, n) => o with { Threads = n }),
        new("delivery", plan => Sums(plan) > 0 ? ["pull", "push"] : [], o => Word(o.Tuning.Delivery),
            (o, w) => Enum.GetValues<SpikeDelivery>().Where(d => Word(d) == w).Select(d => o with { Tuning = o.Tuning with { Delivery = d } }).FirstOrDefault()),
        Knob<CpuOptions>.Whole("slice-elements", plan => new[] { 4096, 8192, 16384, 32768 }.Where(n => n < Sums(plan)), o => o.Tuning.SliceElements, (o, n) => o with { Tuning = o.Tuning with { SliceElements = n } }),
        Knob<CpuOptions>.Whole("vector-bits", _ => new[] { 128, 256, 512 }.Where(n => n < CpuBackend.NativeVectorBits), o => o.VectorBits, (o, n) => o with { VectorBits = n }),
        new("bitmasks", plan => plan.Projections.Any(CpuBackend.HasBitmask) ? ["off"] : [], o => o.Tuning.Bitmasks ? "on" : "off", (o, w) => w is "on" or "off" ? o with { Tuning = o.Tuning with { Bitmasks = w == "on" } } : null),
        new("huge-pages", _ => OperatingSystem.IsLinux() ? ["off"] : [], o => o.Tuning.HugePages ? "on" : "off", (o, w) => w is "on" or "off" ? o with { Tuning = o.Tuning with { HugePages = w == "on" } } : null),
    ];

    readonly Knobs<CpuOptions> _knobs;

    /// <summary>Creates the target.</summary>
    /// <param name="options">What holds in any case: fields set here are not tuned.</param>
    public CpuTarget(CpuOptions? options = null) => _knobs = new Knobs<CpuOptions>(options ?? new CpuOptions(), new CpuOptions(), s_knobs, CpuBackend.Resolve);

    /// <inheritdoc/>
    public string Backend => "cpu";

    /// <summary>Name of the processor, cores, and width of vectors.</summary>
    public string Device => $"{CpuBackend.ProcessorName}, {Environment.ProcessorCount} cores, {CpuBackend.NativeVectorBits} bits";

    /// <inheritdoc/>
    public IReadOnlyList<Tunable> Tunables(NetworkPlan plan) => _knobs.Tunables(plan);

    /// <summary>The options with settings.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.TuningFileDamaged"/>: a word that its name does not allow.</exception>
    public CpuOptions Options(TuningSettings settings) => _knobs.With(settings);

    /// <inheritdoc/>
    public IBackend Open(TuningSettings settings) => new CpuBackend(Options(settings));

    /// <inheritdoc/>
    public IReadOnlyList<CudaLaunch> Launches(IBackend backend, ICompiledNetwork network) => [];

    static string Word(SpikeDelivery delivery) => delivery.ToString().ToLowerInvariant();

    static IEnumerable<int> Threads()
    {
        for (var n = 1; n < Environment.ProcessorCount; n *= 2)
            yield return n;
        yield return Environment.ProcessorCount;
    }

    // Sums that static sparse synapses may name; 0 where there are none of these.
    static long Sums(NetworkPlan plan) => plan.Projections.Any(p => p.Storage == SynapseStorage.SparseInt16) ? plan.Populations.Sum(p => (long)p.Elements * p.Channels.Count) : 0;
}
