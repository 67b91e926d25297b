using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A full matrix of 16-bit weights, one row per source. The rows of all spikes of a step are summed in registers, four vectors of targets at a time, and the sum
/// goes to the ring once: reading the rows is all the memory traffic there is.
/// </summary>
sealed class DenseStatic<V> : SynapseKernel where V : struct, ILanes<V>
{
    readonly AlignedBuffer<short> _weights;
    readonly int _stride;
    bool _written;

    public DenseStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _stride = (plan.Target.Count + CpuPopulation.Group - 1) / CpuPopulation.Group * CpuPopulation.Group;
        _weights = new AlignedBuffer<short>((long)plan.Source.Count * _stride);
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
        var slot = SlotStart(step + Plan.MinDelay);
        for (var k = 0; k < Threads; k++)
        {
            var spikes = Source.Spikes(k, step);
            if (spikes.IsEmpty)
                continue;
            if (Batch > 1 || Ring is null)
                AddScalar(spikes, slot, begin, end);
            else
                AddVectors(spikes, slot, begin, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddVectors(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        var step = 4 * V.Count;
        for (var first = begin; first < end; first += step)
        {
            V sum0 = V.SplatBits(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            foreach (var spike in spikes)
            {
                ref var row = ref _weights.At((long)spike * _stride + first);
                sum0 = V.AddInt(sum0, V.LoadInt16(ref row));
                sum1 = V.AddInt(sum1, V.LoadInt16(ref Unsafe.Add(ref row, V.Count)));
                sum2 = V.AddInt(sum2, V.LoadInt16(ref Unsafe.Add(ref row, 2 * V.Count)));
                sum3 = V.AddInt(sum3, V.LoadInt16(ref Unsafe.Add(ref row, 3 * V.Count)));
            }
            ref var ring = ref Ring!.At(slot + first);
            V.StoreBits(V.AddInt(V.LoadBits(ref ring), V.ShiftLeft(sum0, Plan.Shift)), ref ring);
            ref var ring1 = ref Unsafe.Add(ref ring, V.Count);
            V.StoreBits(V.AddInt(V.LoadBits(ref ring1), V.ShiftLeft(sum1, Plan.Shift)), ref ring1);
            ref var ring2 = ref Unsafe.Add(ref ring, 2 * V.Count);
            V.StoreBits(V.AddInt(V.LoadBits(ref ring2), V.ShiftLeft(sum2, Plan.Shift)), ref ring2);
            ref var ring3 = ref Unsafe.Add(ref ring, 3 * V.Count);
            V.StoreBits(V.AddInt(V.LoadBits(ref ring3), V.ShiftLeft(sum3, Plan.Shift)), ref ring3);
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
