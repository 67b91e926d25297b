using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The synapses of one projection. Each thread touches only the targets it owns.</summary>
abstract class SynapseKernel(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : IDisposable
{
    protected ProjectionPlan Plan { get; } = plan;
    protected CpuPopulation Source { get; } = source;
    protected CpuPopulation Target { get; } = target;
    protected int Threads { get; } = threads;
    protected int Batch { get; } = plan.Source.Elements / plan.Source.Count;
    /// <summary>What a float weight is multiplied with to be added to sums.</summary>
    protected float Scale { get; } = (float)Math.ScaleB(1, plan.Target.Channels[plan.Channel].ScaleLog2);
    protected AlignedBuffer<int>? Ring { get; } = target.Sums(plan.Channel);
    protected AlignedBuffer<long>? WideRing { get; } = target.WideSums(plan.Channel);

    /// <summary>Before the update: spikes reach plastic synapses.</summary>
    public virtual void Arrive(int thread, long step) { }

    /// <summary>After the update and the barrier: weights change.</summary>
    public virtual void Learn(int thread, long step) { }

    /// <summary>After the update and the barrier: spikes of this step go through static synapses into later slots.</summary>
    public virtual void Propagate(int thread, long step) { }

    /// <summary>Back to the initial weights and traces.</summary>
    public virtual void Reset() { }

    /// <summary>Reads a buffer of this projection in its canonical layout.</summary>
    public virtual void Read(BufferSpec buffer, Span<byte> destination, long step) => throw NoBuffer(buffer);

    /// <summary>Writes a buffer of this projection.</summary>
    public virtual void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step) => throw NoBuffer(buffer);

    protected InvalidOperationException NoBuffer(BufferSpec buffer) => new($"Projection {Plan.Name} has no buffer {buffer.Name}.");

    /// <summary>What to add to an element that the thread owns to get its place in the sums of a step.</summary>
    protected long Origin(int thread, long step) => Target.Origin(Plan.Channel, thread, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Add(long at, int fixedWeight)
    {
        if (Ring is not null)
            Ring.At(at) += fixedWeight;
        else
            WideRing!.At(at) += fixedWeight;
    }

    /// <summary>Adds amounts to the sums of elements, named from an origin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Deliver(ref ushort targets, ref int amounts, int length, long origin)
    {
        if (Ring is not null)
            Deliver(ref targets, ref amounts, length, ref Ring.At(origin));
        else
            Deliver(ref targets, ref amounts, length, ref WideRing!.At(origin));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Deliver(ref ushort targets, ref int amounts, int length, ref int sums)
    {
        nint k = 0;
        for (; k + 4 <= length; k += 4)
        {
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k)) += Unsafe.Add(ref amounts, k);
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k + 1)) += Unsafe.Add(ref amounts, k + 1);
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k + 2)) += Unsafe.Add(ref amounts, k + 2);
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k + 3)) += Unsafe.Add(ref amounts, k + 3);
        }
        for (; k < length; k++)
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k)) += Unsafe.Add(ref amounts, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Deliver(ref ushort targets, ref int amounts, int length, ref long sums)
    {
        for (nint k = 0; k < length; k++)
            Unsafe.Add(ref sums, (nint)Unsafe.Add(ref targets, k)) += Unsafe.Add(ref amounts, k);
    }

    public virtual void Dispose() { }
}
