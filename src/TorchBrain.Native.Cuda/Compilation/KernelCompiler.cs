using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace TorchBrain.Native.Cuda;

/// <summary>Gets kernels onto a device: from the cache if they are there, else compiled for it. May be used from several threads; a unit is compiled once.</summary>
sealed class KernelCompiler
{
    readonly CudaContext _context;
    readonly KernelSources _sources;
    readonly KernelCache? _cache;
    readonly string _argumentLayout;
    readonly string[] _extra;
    readonly ConcurrentDictionary<KernelUnit, Lazy<byte[]>> _images = new();
    int _compiled, _cacheHits;

    /// <param name="context">The device.</param>
    /// <param name="sources">The texts.</param>
    /// <param name="cache">Where compiled kernels are kept; null for nowhere.</param>
    /// <param name="argumentLayout">The layout of the kernels' arguments on the host's side; part of the key of an entry.</param>
    /// <param name="extraOptions">More options for the compiler.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.RuntimeCompilerMissing"/>; <see cref="ErrorCode.DeviceUnsupported"/>.</exception>
    public KernelCompiler(CudaContext context, KernelSources sources, KernelCache? cache, string argumentLayout = "", params IReadOnlyList<string> extraOptions)
    {
        NvrtcCompiler.Require();
        (_context, _sources, _cache, _argumentLayout, _extra) = (context, sources, cache, argumentLayout, [.. extraOptions]);
        Architecture = NvrtcCompiler.ArchitectureFor(10 * context.ComputeMajor + context.ComputeMinor, NvrtcCompiler.SupportedArchitectures);
    }

    /// <summary>What is compiled for: <c>sm_90</c> (machine code) or <c>compute_90</c> (PTX, for a device newer than NVRTC).</summary>
    public string Architecture { get; }

    /// <summary>Units compiled so far.</summary>
    public int Compiled => _compiled;

    /// <summary>Units found in the cache so far.</summary>
    public int CacheHits => _cacheHits;

    /// <summary>A unit as a module of its own, which the caller disposes.</summary>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelMissing"/>; <see cref="ErrorCode.DeviceUnsupported"/>; <see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public CudaModule Load(KernelUnit unit) => CudaModule.Load(_context, Image(unit), unit.ToString());

    /// <summary>Compiles what is missing, several units at once, so that <see cref="Load"/> does not wait later.</summary>
    /// <exception cref="KernelCompilationException">One does not compile; the first in the order given.</exception>
    public void Prepare(IReadOnlyList<KernelUnit> units)
    {
        var failures = new Exception?[units.Count];
        Parallel.For(0, units.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                _ = Image(units[i]);
            }
            catch (TorchBrainException e)
            {
                failures[i] = e;
            }
        });
        if (failures.FirstOrDefault(f => f is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }

    byte[] Image(KernelUnit unit)
    {
        var image = _images.GetOrAdd(unit, static (u, self) => new Lazy<byte[]>(() => self.Make(u)), this);
        try
        {
            return image.Value;
        }
        catch
        {
            _images.TryRemove(KeyValuePair.Create(unit, image));
            throw;
        }
    }

    byte[] Make(KernelUnit unit)
    {
        var key = _cache is null ? null : KernelCache.Key(_sources, unit, NvrtcCompiler.Options(unit, Architecture, _extra), NvrtcCompiler.Version!.Value, _argumentLayout);
        if (key is not null && _cache!.Load(key) is { } kept)
        {
            Interlocked.Increment(ref _cacheHits);
            return kept;
        }
        var image = NvrtcCompiler.Compile(_sources, unit, Architecture, _extra).Bytes;
        Interlocked.Increment(ref _compiled);
        if (key is not null)
            _cache!.Save(key, image);
        return image;
    }
}
