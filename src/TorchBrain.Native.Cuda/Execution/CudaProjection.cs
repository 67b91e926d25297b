using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>The synapses of one projection on the device.</summary>
abstract class CudaProjection(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory)
{
    public ProjectionPlan Plan { get; } = plan;
    protected CudaPopulation Source { get; } = source;
    protected CudaPopulation Target { get; } = target;
    protected DeviceMemory Memory { get; } = memory;
    protected int Batch { get; } = plan.Source.Elements / plan.Source.Count;

    /// <summary>2^ScaleLog2 of the target's channel: plastic weights become integers with it.</summary>
    protected float Scale => (float)Math.ScaleB(1, Plan.Target.Channels[Plan.Channel].ScaleLog2);

    /// <summary>Back to the initial weights and traces.</summary>
    public virtual void Reset() { }

    /// <summary>Called before the clock is set, where the steps before it are done and all buffers will be written after it.</summary>
    public virtual void LeaveClock(long from, long to) { }

    /// <summary>Reads a buffer in its canonical layout.</summary>
    public virtual void Read(BufferSpec buffer, Span<byte> destination, long step) => throw NoBuffer(buffer);

    /// <summary>Writes a buffer.</summary>
    public virtual void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step) => throw NoBuffer(buffer);

    /// <summary>Gives every instance of a synapse the same weight; instances are innermost.</summary>
    protected void UploadToInstances(float[] weights, CudaDeviceVariable<float> device)
    {
        var each = weights;
        if (Batch > 1)
        {
            each = new float[weights.LongLength * Batch];
            for (var k = 0L; k < each.LongLength; k++)
                each[k] = weights[k / Batch];
        }
        device.CopyToDevice(each, 0, Memory.Stream);
    }

    protected InvalidOperationException NoBuffer(BufferSpec buffer) => new($"Projection {Plan.Name} has no buffer {buffer.Name}.");
}
