using System.Numerics;

namespace TorchBrain.Native.Cuda;

/// <summary>Runs networks on an NVIDIA device, with kernels that are compiled for the device and the network by NVRTC. Gives the bits of <c>CpuBackend</c>.</summary>
public sealed class CudaBackend : IBackend
{
    readonly CudaOptions _options;
    readonly KernelCompiler _compiler;

    /// <summary>Opens a device.</summary>
    /// <param name="options">Options; null for the first device and defaults.</param>
    /// <exception cref="TorchBrainException">
    /// <see cref="ErrorCode.CudaUnavailable"/>: no driver or device. <see cref="ErrorCode.BackendOption"/>: an option is out of range. The other codes TBN2### say what
    /// else is missing: driver too old, no run-time compiler, device too old.
    /// </exception>
    public CudaBackend(CudaOptions? options = null)
    {
        _options = options ?? new CudaOptions();
        if (_options.StepsPerGraph is < 0 or > 1024 || _options.StepsPerGraph > 0 && !BitOperations.IsPow2(_options.StepsPerGraph))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaOptions.StepsPerGraph is {_options.StepsPerGraph}; allowed are powers of two up to 1,024, and 0 (choose).", "Use 0.");
        _options.Tuning.Validate();
        Context = CudaContext.Open(_options.Device);
        try
        {
            var sources = _options.KernelSourceFolder is { Length: > 0 } folder ? KernelSources.FromFolder(folder) : KernelSources.Embedded;
            var cache = _options.KernelCacheFolder is { Length: 0 } ? null : new KernelCache(_options.KernelCacheFolder ?? KernelCache.DefaultFolder());
            _compiler = new KernelCompiler(Context, sources, cache, string.Join(' ', KernelCatalog.All.Select(k => $"{k.Entry}:{k.ArgumentBytes}")));
        }
        catch
        {
            Context.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => "cuda";

    /// <summary>The device's primary context, shared with whatever else uses it in this process; its handle is a <c>CUcontext</c>.</summary>
    public CudaContext Context { get; }

    internal KernelCompiler Compiler => _compiler;

    /// <summary>Kernel files compiled since the backend was opened; those found in the cache do not count.</summary>
    public int KernelsCompiled => _compiler.Compiled;

    /// <summary>Kernel files taken from the cache since the backend was opened.</summary>
    public int KernelsFromCache => _compiler.CacheHits;

    /// <inheritdoc/>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DeviceOutOfMemory"/>: it does not fit the device.</exception>
    public ICompiledNetwork Compile(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new CudaNetwork(plan, Context, _compiler, _options);
    }

    /// <summary>
    /// The kernels that the steps of a network need, in order: what decides how they fill the device. One per phase where steps are graphs; one in all where a kernel runs many steps.
    /// </summary>
    /// <exception cref="ArgumentException">The network is of another backend.</exception>
    public static IReadOnlyList<CudaLaunch> Launches(ICompiledNetwork network) =>
        network is CudaNetwork mine ? mine.Launches : throw new ArgumentException("The network was not compiled by the CUDA backend.", nameof(network));

    /// <summary>The options with the choices that the backend makes for a plan, of <see cref="CudaTuning.Stepping"/> and sizes, in place of "choose".</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Options.</param>
    /// <param name="cooperative">Whether the device supports cooperative launches (<see cref="CudaContext.SupportsCooperativeLaunch"/>).</param>
    /// <param name="multiprocessors">How many it has (<see cref="CudaContext.Multiprocessors"/>).</param>
    public static CudaOptions Resolve(NetworkPlan plan, CudaOptions options, bool cooperative, int multiprocessors)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var stepping = SteppingRule.Choose(plan, options, cooperative).Stepping;
        return options with { Tuning = SteppingRule.Tuning(plan, options.Tuning, stepping, multiprocessors) with { Stepping = stepping } };
    }

    /// <inheritdoc/>
    public void Dispose() => Context.Dispose();
}
