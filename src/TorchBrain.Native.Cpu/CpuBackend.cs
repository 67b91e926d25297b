using System.Runtime.Intrinsics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Runs networks on the processor: vector lanes, and a fixed team of threads each of which owns a slice of the targets.</summary>
public sealed class CpuBackend : IBackend
{
    readonly CpuOptions _options;

    /// <summary>Creates the backend.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.BackendOption"/>: an option is out of range.</exception>
    public CpuBackend(CpuOptions? options = null)
    {
        _options = options ?? new CpuOptions();
        if (_options.Threads is < 0 or > 1024)
            throw new TorchBrainException(ErrorCode.BackendOption, $"CpuOptions.Threads is {_options.Threads}; allowed is 0 (choose) to 1,024.", "Use the number of cores, or 0.");
        if (_options.VectorBits is not (0 or 128 or 256 or 512))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CpuOptions.VectorBits is {_options.VectorBits}; allowed is 128, 256, 512, or 0 (choose).", "Use 0.");
        _options.Tuning.Validate();
    }

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>The widest vector width, in bits, that this processor runs in hardware.</summary>
    public static int NativeVectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>The name of this machine's processor, as the system gives it; its architecture where it gives none.</summary>
    public static string ProcessorName { get; } = Cpu.ProcessorName.Find();

    /// <summary>Options with threads, vector width and delivery chosen for a plan where they leave it to the backend, as <see cref="Compile"/> chooses.</summary>
    public static CpuOptions Resolve(NetworkPlan plan, CpuOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var choices = CpuChoices.For(plan, options);
        return options with { Threads = choices.Threads, VectorBits = choices.VectorBits, Tuning = options.Tuning with { Delivery = choices.Push ? SpikeDelivery.Push : SpikeDelivery.Pull } };
    }

    /// <summary>Whether this backend keeps a projection as one bit a pair, where <see cref="CpuTuning.Bitmasks"/> lets it.</summary>
    public static bool HasBitmask(ProjectionPlan projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return BitmaskRows.Include(projection);
    }

    /// <inheritdoc/>
    public ICompiledNetwork Compile(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var choices = CpuChoices.For(plan, _options);
        return choices.VectorBits switch
        {
            512 => new CpuNetwork<Lanes512>(plan, choices),
            256 => new CpuNetwork<Lanes256>(plan, choices),
            _ => new CpuNetwork<Lanes128>(plan, choices),
        };
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
