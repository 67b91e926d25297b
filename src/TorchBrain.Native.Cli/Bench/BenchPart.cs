using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli;

/// <summary>What a bench says in run.json.</summary>
/// <param name="Processor">Its name, as the system gives it.</param>
/// <param name="Device">The CUDA device, where one was used.</param>
/// <param name="Emulated">True where the device is emulated, so that its figures mean nothing.</param>
/// <param name="Networks">The networks.</param>
/// <param name="Figures">Figures of the device.</param>
/// <param name="Ceilings">What the processor can do at most: the units of the floors; only where networks ran on it.</param>
/// <param name="DeviceCeilings">What the device can do at most, likewise.</param>
sealed record BenchPart(string Processor, string? Device, bool Emulated, IReadOnlyList<NetworkPart> Networks, IReadOnlyList<CudaMeasurement> Figures, MachineCeilings? Ceilings = null,
    CudaCeilings? DeviceCeilings = null);

/// <summary>A network that ran. Times of a step are the median, the least and the largest of the repeats, in microseconds.</summary>
sealed record NetworkPart
{
    public required string Name { get; init; }
    public required long Neurons { get; init; }
    public required long Synapses { get; init; }
    public required double StepMs { get; init; }
    public required double PlanSeconds { get; init; }
    public required double CompileSeconds { get; init; }
    public required long StepsPerRepeat { get; init; }
    public required int Repeats { get; init; }
    public required double StepUs { get; init; }
    public required double StepUsLow { get; init; }
    public required double StepUsHigh { get; init; }
    /// <summary>Time that passes per simulated time: below 1 is faster than life.</summary>
    public required double RealTimeFactor { get; init; }
    public required double SpikesPerStep { get; init; }
    /// <summary>Synapses that spikes reach, per second that passes.</summary>
    public required double EventsPerSecond { get; init; }
    public required Dictionary<string, double> RatesHz { get; init; }
    /// <summary>Of all repeats and the tenth of a repeat before them; the warm-up is not in it.</summary>
    public required string SpikeHash { get; init; }
    public required string How { get; init; }
    /// <summary>First steps that were compared with the processor.</summary>
    public int? CheckedSteps { get; init; }
    /// <summary>Whether they gave the same spikes.</summary>
    public bool? HashEqual { get; init; }
    /// <summary>Threads, on the processor.</summary>
    public int? Threads { get; init; }
    /// <summary>What a step cannot be shorter than.</summary>
    public StepFloor? Floor { get; init; }
    /// <summary>The median over that.</summary>
    public double? OverFloor { get; init; }
    /// <summary>Memory that compiling added, over the synapses; neurons and buffers included. Not given for few synapses, nor for a device.</summary>
    public double? BytesPerSynapse { get; init; }
    /// <summary>The most memory the process had until this network was done.</summary>
    public long? PeakBytes { get; init; }
}
