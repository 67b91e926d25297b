using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>The window of one state recording: rows of samples on the device, brought over when they are asked for, one part while the other is handed out.</summary>
sealed class StateSamples
{
    const int StagingBytes = 4 << 20;

    readonly RecordingPlan _plan;
    readonly DeviceMemory _memory;
    readonly CudaDeviceVariable<float> _samples;
    readonly CudaPinnedMemory<float> _staging;
    readonly CudaEvent[] _arrived;
    readonly int _elements;
    readonly int _rowsAtATime;

    public StateSamples(RecordingPlan plan, CudaPopulation population, DeviceMemory memory)
    {
        (_plan, _memory) = (plan, memory);
        _elements = plan.Population.Elements;
        Rows = (plan.Description.Steps + plan.EverySteps - 1L) / plan.EverySteps + 1;
        _samples = memory.New<float>(Rows * _elements, $"recording of {population.Plan.Name}");
        _rowsAtATime = (int)Math.Clamp(StagingBytes / sizeof(float) / _elements, 1, Rows);
        _staging = memory.Pinned<float>(2L * _rowsAtATime * _elements);
        _arrived = [memory.Own(new CudaEvent(memory.Context)), memory.Own(new CudaEvent(memory.Context))];
        State = population.StateAddress(plan.Variable);
    }

    nint State { get; }
    long Rows { get; }

    /// <summary>Number of elements.</summary>
    public int Elements => _elements;

    /// <summary>The recording's row in the table of the launch.</summary>
    public SamplingAbi Describe(uint firstBlock) => new()
    {
        State = State,
        Samples = _samples.DevicePointer,
        Every = (ulong)_plan.EverySteps,
        Rows = (ulong)Rows,
        Elements = (uint)_elements,
        FirstBlock = firstBlock,
    };

    /// <summary>Hands out the samples of the steps [first, end).</summary>
    public void Drain(long first, long end, Action<long, ReadOnlySpan<float>> sink)
    {
        var (next, last) = ((first + _plan.EverySteps - 1) / _plan.EverySteps, (end + _plan.EverySteps - 1) / _plan.EverySteps);
        var count = Queue(next, last, 0);
        for (var half = 0; count > 0; half ^= 1)
        {
            var following = Queue(next + count, last, half ^ 1);
            _arrived[half].Synchronize();
            for (var k = 0; k < count; k++)
                sink((next + k) * _plan.EverySteps, _staging.Slice(((long)half * _rowsAtATime + k) * _elements, _elements));
            (next, count) = (next + count, following);
        }
    }

    // Queues the copy of the next samples that lie side by side.
    int Queue(long sample, long end, int half)
    {
        var count = (int)Math.Min(Math.Min(end - sample, _rowsAtATime), Rows - sample % Rows);
        if (count <= 0)
            return 0;
        _samples.CopyToHostAsync(_staging, (long)half * _rowsAtATime * _elements, sample % Rows * _elements, (long)count * _elements, _memory.Stream);
        _arrived[half].Record(_memory.Stream);
        return count;
    }
}
