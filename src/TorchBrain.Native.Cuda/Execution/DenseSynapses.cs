using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>A full matrix of 16-bit weights, one row per source, rows padded to whole chunks of <see cref="KernelCatalog.DenseTargets"/>.</summary>
sealed class DenseSynapses : CudaProjection
{
    const long StagingWeights = 16 << 20;

    readonly CudaDeviceVariable<short> _weights;
    readonly int _stride;
    bool _written;

    public DenseSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        _stride = Work.Chunks(plan.Target.Count, KernelCatalog.DenseTargets) * KernelCatalog.DenseTargets;
        _weights = memory.New<short>((long)plan.Source.Count * _stride, $"{plan.Name}.weights");
        FillFromPlan();
    }

    int RowsAtATime => (int)Math.Clamp(StagingWeights / _stride, 1, Plan.Source.Count);

    void FillFromPlan()
    {
        var rows = Plan.Synapses.ByTarget ? Columns() : null;
        var staging = new short[(long)RowsAtATime * _stride];
        for (var first = 0; first < Plan.Source.Count; first += RowsAtATime)
        {
            var end = Math.Min(Plan.Source.Count, first + RowsAtATime);
            Array.Clear(staging);
            Parallel.For(first, end, () => new SynapseBuffer(), (source, _, buffer) =>
            {
                var row = staging.AsSpan((source - first) * _stride, _stride);
                if (rows is not null)
                {
                    rows.AsSpan(source * _stride, _stride).CopyTo(row);
                    return buffer;
                }
                Plan.Synapses.Generate(source, buffer);
                for (var k = 0; k < buffer.Count; k++)
                    row[buffer.Partner[k]] = Plan.Quantise(buffer.Weight[k]);
                return buffer;
            }, _ => { });
            _weights.CopyToDevice(staging.AsSpan(0, (end - first) * _stride), (long)first * _stride, Memory.Stream);
        }
    }

    // What is made by target is made whole, once.
    short[] Columns()
    {
        var matrix = new short[(long)Plan.Source.Count * _stride];
        Parallel.For(0, Plan.Target.Count, () => new SynapseBuffer(), (target, _, buffer) =>
        {
            Plan.Synapses.Generate(target, buffer);
            for (var k = 0; k < buffer.Count; k++)
                matrix[(long)buffer.Partner[k] * _stride + target] = Plan.Quantise(buffer.Weight[k]);
            return buffer;
        }, _ => { });
        return matrix;
    }

    /// <summary>The projection's row in the table of its launch.</summary>
    public DenseAbi Describe() => new()
    {
        Source = Source.Spikes,
        Weights = _weights.DevicePointer,
        Ring = Target.Ring(Plan.Channel),
        Targets = (uint)Plan.Target.Count,
        Stride = (uint)_stride,
        Delay = 0,
        Ahead = (uint)Plan.MinDelay,
        Shift = (uint)Plan.Shift,
        Chunks = (uint)Work.Chunks(Plan.Target.Count, KernelCatalog.DenseTargets),
    };

    public override void Reset()
    {
        if (_written)
            FillFromPlan();
        _written = false;
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var weights = MemoryMarshal.Cast<byte, float>(destination);
        var matrix = new short[_weights.Length];
        _weights.CopyToHost(matrix, 0, Memory.Stream);
        for (var s = 0; s < Plan.Source.Count; s++)
            for (var t = 0; t < Plan.Target.Count; t++)
                weights[s * Plan.Target.Count + t] = Plan.Dequantise(matrix[(long)s * _stride + t]);
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        var weights = MemoryMarshal.Cast<byte, float>(source);
        var matrix = new short[_weights.Length];
        for (var s = 0; s < Plan.Source.Count; s++)
            for (var t = 0; t < Plan.Target.Count; t++)
                matrix[(long)s * _stride + t] = Plan.Quantise(weights[s * Plan.Target.Count + t]);
        _weights.CopyToDevice(matrix, 0, Memory.Stream);
        _written = true;
    }
}
