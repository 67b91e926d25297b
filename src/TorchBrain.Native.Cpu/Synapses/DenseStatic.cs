using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A full matrix of 16-bit weights, one row per source. A spike adds its row to a slot of the ring; reading the rows is all the memory traffic there is.
/// </summary>
sealed class DenseStatic<V> : SynapseKernel where V : struct, ILanes<V>
{
    readonly AlignedBuffer<short> _weights;
    readonly int _stride;
    bool _written;

    public DenseStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _stride = (plan.Target.Count + CpuPopulation.Group - 1) / CpuPopulation.Group * CpuPopulation.Group;
        _weights = new AlignedBuffer<short>((long)plan.Source.Count * _stride, target.HugePages);
        FillFromPlan();
    }

    void FillFromPlan() => Parallel.For(0, Plan.Synapses.Rows, () => new SynapseBuffer(), (row, _, buffer) =>
    {
        Plan.Synapses.Generate(row, buffer);
        for (var k = 0; k < buffer.Count; k++)
        {
            var (source, target) = Plan.Synapses.ByTarget ? (buffer.Partner[k], row) : (row, buffer.Partner[k]);
            _weights.At((long)source * _stride + target) = Plan.Quantise(buffer.Weight[k]);
        }
        return buffer;
    }, _ => { });

    public override void Reset()
    {
        if (!_written)
            return;
        _weights.Clear();
        FillFromPlan();
        _written = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Propagate(int thread, long step)
    {
        int begin = Target.Starts[thread], end = Target.Starts[thread + 1];
        if (begin == end)
            return;
        var slot = Origin(thread, step + Plan.MinDelay);
        for (var k = 0; k < Threads; k++)
        {
            var spikes = Source.NewSpikes(k, step);
            if (spikes.IsEmpty)
                continue;
            if (Batch > 1 || Ring is null)
                AddScalar(spikes, slot, begin, end);
            else
                AddVectors(spikes, slot, begin, end);
        }
    }

    // Four rows at a time, each read from left to right, so that the processor fetches ahead; the ring's slot stays in the first-level cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddVectors(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        int k = 0, shift = Plan.Shift;
        for (; k + 4 <= spikes.Length; k += 4)
        {
            ref var row0 = ref _weights.At((long)spikes[k] * _stride + begin);
            ref var row1 = ref _weights.At((long)spikes[k + 1] * _stride + begin);
            ref var row2 = ref _weights.At((long)spikes[k + 2] * _stride + begin);
            ref var row3 = ref _weights.At((long)spikes[k + 3] * _stride + begin);
            ref var ring = ref Ring!.At(slot + begin);
            for (var t = 0; t < end - begin; t += V.Count)
            {
                var sum = V.AddInt(V.AddInt(V.LoadInt16(ref Unsafe.Add(ref row0, t)), V.LoadInt16(ref Unsafe.Add(ref row1, t))),
                    V.AddInt(V.LoadInt16(ref Unsafe.Add(ref row2, t)), V.LoadInt16(ref Unsafe.Add(ref row3, t))));
                V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(sum, shift)), ref Unsafe.Add(ref ring, t));
            }
        }
        for (; k < spikes.Length; k++)
        {
            ref var row = ref _weights.At((long)spikes[k] * _stride + begin);
            ref var ring = ref Ring!.At(slot + begin);
            for (var t = 0; t < end - begin; t += V.Count)
                V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(V.LoadInt16(ref Unsafe.Add(ref row, t)), shift)), ref Unsafe.Add(ref ring, t));
        }
    }

    void AddScalar(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        end = Math.Min(end, Target.Plan.Elements);
        foreach (var spike in spikes)
        {
            var (source, instance) = Math.DivRem(spike, Batch);
            var first = begin + (instance - begin % Batch + Batch) % Batch;
            for (var e = first; e < end; e += Batch)
                Add(slot + e, _weights.At((long)source * _stride + e / Batch) << Plan.Shift);
        }
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var weights = MemoryMarshal.Cast<byte, float>(destination);
        for (var s = 0; s < Plan.Source.Count; s++)
            for (var t = 0; t < Plan.Target.Count; t++)
                weights[s * Plan.Target.Count + t] = Plan.Dequantise(_weights.At((long)s * _stride + t));
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        var weights = MemoryMarshal.Cast<byte, float>(source);
        for (var s = 0; s < Plan.Source.Count; s++)
            for (var t = 0; t < Plan.Target.Count; t++)
                _weights.At((long)s * _stride + t) = Plan.Quantise(weights[s * Plan.Target.Count + t]);
        _written = true;
    }

    public override void Dispose() => _weights.Dispose();
}
