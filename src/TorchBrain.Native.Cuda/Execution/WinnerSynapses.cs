using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>A full matrix of float weights onto competing units, [source][target][instance].</summary>
sealed class WinnerSynapses : CudaProjection
{
    readonly WinnerTakeAllPlan _rule;
    readonly CudaDeviceVariable<float> _weights, _largest;
    readonly CudaDeviceVariable<int> _wins;

    public WinnerSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        _rule = (WinnerTakeAllPlan)plan.Learning!;
        _weights = memory.New<float>((long)plan.Source.Count * plan.Target.Elements, $"{plan.Name}.weights");
        _largest = memory.New<float>(plan.Target.Elements, $"{plan.Name}.largestInput");
        _wins = memory.New<int>(plan.Target.Elements, $"{plan.Name}.wins");
    }

    /// <summary>The projection's row in the table of arrivals.</summary>
    public DenseAbi DescribeArrival() => new()
    {
        Source = Source.Spikes,
        Weights = _weights.DevicePointer,
        Ring = Target.Ring(Plan.Channel),
        Targets = (uint)Plan.Target.Count,
        Stride = (uint)Plan.Target.Elements,
        Delay = (uint)Plan.MaxDelay,
        Ahead = 0,
        Chunks = (uint)Work.Chunks(Plan.Target.Count, KernelCatalog.ArriveTargets),
        Scale = Scale,
    };

    /// <summary>What the learning kernels need.</summary>
    public WinnerAbi Describe() => new()
    {
        Source = Source.Spikes,
        Target = Target.Spikes,
        Weights = _weights.DevicePointer,
        X = Target.StateAddress(0),
        Theta = Target.StateAddress(1),
        Largest = _largest.DevicePointer,
        Wins = _wins.DevicePointer,
        Sources = (uint)Plan.Source.Count,
        Targets = (uint)Plan.Target.Count,
        Delay = (uint)Plan.MaxDelay,
        ResetEvery = (uint)_rule.ResetEverySteps,
        ResetBelow = (uint)_rule.ResetBelowWins,
        LearningRate = _rule.LearningRate,
        ThresholdGain = _rule.ThresholdGain,
        WeightSum = _rule.WeightSum,
        ResetFraction = _rule.ResetFraction,
    };

    public override void Reset()
    {
        UploadToInstances(_rule.InitialWeights, _weights);
        _largest.Clear(Memory.Stream);
        _wins.Clear(Memory.Stream);
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        if (buffer.Kind == BufferKind.Wins)
            _wins.CopyToHost(MemoryMarshal.Cast<byte, int>(destination), 0, Memory.Stream);
        else
            Floats(buffer).CopyToHost(MemoryMarshal.Cast<byte, float>(destination), 0, Memory.Stream);
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        if (buffer.Kind == BufferKind.Wins)
            _wins.CopyToDevice(MemoryMarshal.Cast<byte, int>(source), 0, Memory.Stream);
        else
            Floats(buffer).CopyToDevice(MemoryMarshal.Cast<byte, float>(source), 0, Memory.Stream);
    }

    CudaDeviceVariable<float> Floats(BufferSpec buffer) => buffer.Kind switch
    {
        BufferKind.Weights => _weights,
        BufferKind.LargestInput => _largest,
        _ => throw NoBuffer(buffer),
    };
}
