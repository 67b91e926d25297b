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

    /// <summary>Reads a buffer in its canonical layout.</summary>
    public virtual void Read(BufferSpec buffer, Span<byte> destination, long step) => throw NoBuffer(buffer);

    /// <summary>Writes a buffer.</summary>
    public virtual void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step) => throw NoBuffer(buffer);

    protected InvalidOperationException NoBuffer(BufferSpec buffer) => new($"Projection {Plan.Name} has no buffer {buffer.Name}.");
}
