using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Weights by offset on a lattice. A spike adds rows of the stencil to rows of the sheet, as vectors; the stencil stays in the first-level cache, where a matrix would be read from further away.
/// </summary>
sealed class StencilStatic<V> : SynapseKernel where V : struct, ILanes<V>
{
    readonly StencilPieces _stencil;
    readonly StencilPhases? _phases;
    readonly StencilInterior? _interior;
    readonly int _columns;

    public StencilStatic(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _columns = plan.Stencil!.Lattice.Columns;
        _stencil = new StencilPieces(plan.Stencil, target.HugePages);
        _phases = _stencil.Whole && Batch == 1 && Ring is not null ? StencilPhases.Of(plan.Stencil, target.HugePages) : null;
        _interior = _stencil.Whole ? null : new StencilInterior(plan.Stencil, _stencil, V.Count, target.HugePages);
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
                AddScalar(spikes, slot, begin, Math.Min(end, Target.Plan.Elements));
            else if (_phases is not null)
                AddPhases(spikes, slot, begin, end);
            else if (_stencil.Whole)
                AddWhole(spikes, slot, begin, end);
            else
                AddPieces(spikes, slot, begin, end);
        }
    }

    // As a matrix is added: four spikes at a time, each from left to right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddPhases(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        int k = 0, shift = Plan.Shift, length = Math.Min(end, Target.Plan.Elements) - begin;
        ref var ring = ref Ring!.At(slot + begin);
        for (; k + 4 <= spikes.Length; k += 4)
        {
            ref var row0 = ref Unsafe.Add(ref _phases!.Row(spikes[k]), begin);
            ref var row1 = ref Unsafe.Add(ref _phases.Row(spikes[k + 1]), begin);
            ref var row2 = ref Unsafe.Add(ref _phases.Row(spikes[k + 2]), begin);
            ref var row3 = ref Unsafe.Add(ref _phases.Row(spikes[k + 3]), begin);
            var t = 0;
            for (; t <= length - V.Count; t += V.Count)
                V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(Sum(ref row0, ref row1, ref row2, ref row3, t), shift)), ref Unsafe.Add(ref ring, t));
            if (t < length) // behind the last node lie weights of other rows
                V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(Sum(ref row0, ref row1, ref row2, ref row3, t) & Before(length - t), shift)), ref Unsafe.Add(ref ring, t));
        }
        for (; k < spikes.Length; k++)
            AddRun(ref Unsafe.Add(ref _phases!.Row(spikes[k]), begin), ref ring, length, room: true, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Sum(ref short row0, ref short row1, ref short row2, ref short row3, int at) =>
        V.AddInt(V.AddInt(V.LoadInt16(ref Unsafe.Add(ref row0, at)), V.LoadInt16(ref Unsafe.Add(ref row1, at))), V.AddInt(V.LoadInt16(ref Unsafe.Add(ref row2, at)), V.LoadInt16(ref Unsafe.Add(ref row3, at))));

    // The window of a source: where the weight of the first node of a row of the sheet lies.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref short Window(int source, int row) => ref _stencil.At(row - source / _columns, -(source % _columns));

    // Four spikes at a time, row by row of the sheet.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddWhole(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        int k = 0, shift = Plan.Shift, last = Math.Min(end, Target.Plan.Elements);
        int firstRow = begin / _columns, rows = (last - 1) / _columns + 1;
        for (; k + 4 <= spikes.Length; k += 4)
        {
            ref var row0 = ref Window(spikes[k], firstRow);
            ref var row1 = ref Window(spikes[k + 1], firstRow);
            ref var row2 = ref Window(spikes[k + 2], firstRow);
            ref var row3 = ref Window(spikes[k + 3], firstRow);
            for (var row = firstRow; row < rows; row++)
            {
                int first = Math.Max(begin, row * _columns), length = Math.Min(last, (row + 1) * _columns) - first, skip = first - row * _columns;
                ref var ring = ref Ring!.At(slot + first);
                var t = 0;
                for (; t <= length - V.Count; t += V.Count)
                    V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(Sum(ref row0, ref row1, ref row2, ref row3, skip + t), shift)), ref Unsafe.Add(ref ring, t));
                if (t < length && first + length + V.Count <= end)
                    V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(Sum(ref row0, ref row1, ref row2, ref row3, skip + t) & Before(length - t), shift)), ref Unsafe.Add(ref ring, t));
                else
                    for (; t < length; t++)
                        Unsafe.Add(ref ring, t) += Unsafe.Add(ref row0, skip + t) + Unsafe.Add(ref row1, skip + t) + Unsafe.Add(ref row2, skip + t) + Unsafe.Add(ref row3, skip + t) << shift;
                row0 = ref Unsafe.Add(ref row0, _stencil.Stride);
                row1 = ref Unsafe.Add(ref row1, _stencil.Stride);
                row2 = ref Unsafe.Add(ref row2, _stencil.Stride);
                row3 = ref Unsafe.Add(ref row3, _stencil.Stride);
            }
        }
        for (; k < spikes.Length; k++)
            for (var row = firstRow; row < rows; row++)
            {
                int first = Math.Max(begin, row * _columns), length = Math.Min(last, (row + 1) * _columns) - first;
                AddRun(ref Unsafe.Add(ref Window(spikes[k], row), first - row * _columns), ref Ring!.At(slot + first), length, first + length + V.Count <= end, shift);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddPieces(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        var shift = Plan.Shift;
        foreach (var spike in spikes)
        {
            var (sourceRow, sourceColumn) = Math.DivRem(spike, _columns);
            if (spike + _interior!.FirstStep >= begin && spike + _interior.LastStep <= end && _interior.Holds(sourceRow, sourceColumn))
            {
                AddInterior(ref Ring!.At(slot + spike), shift);
                continue;
            }
            foreach (ref readonly var piece in _stencil.From(sourceRow))
            {
                var origin = (sourceRow + piece.Row) * _columns + sourceColumn; // a column offset leads from here to its target
                int first = Math.Max(begin, origin + Math.Max(piece.Begin, -sourceColumn)), last = Math.Min(end, origin + Math.Min(piece.End, _columns - sourceColumn));
                if (first < last)
                    AddRun(ref _stencil.At(piece.Row, first - origin), ref Ring!.At(slot + first), last - first, last + V.Count <= end, shift);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void AddInterior(ref int origin, int shift)
    {
        ref var weights = ref _interior!.Weights;
        foreach (var target in _interior.Steps)
        {
            ref var ring = ref Unsafe.Add(ref origin, target);
            V.StoreBits(V.AddInt(V.LoadBits(ref ring), V.ShiftLeft(V.LoadInt16(ref weights), shift)), ref ring);
            weights = ref Unsafe.Add(ref weights, V.Count);
        }
    }

    // Adds a run of weights. Where a last, partial vector stays within what the thread owns, it adds zeros behind the run.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddRun(ref short weights, ref int ring, int length, bool room, int shift)
    {
        var t = 0;
        for (; t <= length - V.Count; t += V.Count)
            V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(V.LoadInt16(ref Unsafe.Add(ref weights, t)), shift)), ref Unsafe.Add(ref ring, t));
        if (t < length && room)
            V.StoreBits(V.AddInt(V.LoadBits(ref Unsafe.Add(ref ring, t)), V.ShiftLeft(V.LoadInt16(ref Unsafe.Add(ref weights, t)) & Before(length - t), shift)), ref Unsafe.Add(ref ring, t));
        else
            for (; t < length; t++)
                Unsafe.Add(ref ring, t) += Unsafe.Add(ref weights, t) << shift;
    }

    // All bits of the lanes before one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Before(int lane) => V.GreaterInt(V.SplatBits((uint)lane), V.Iota);

    void AddScalar(ReadOnlySpan<int> spikes, long slot, int begin, int end)
    {
        foreach (var spike in spikes)
        {
            var (source, instance) = Math.DivRem(spike, Batch);
            var (sourceRow, sourceColumn) = Math.DivRem(source, _columns);
            int firstNeuron = (begin - instance + Batch - 1) / Batch, endNeuron = (end - instance + Batch - 1) / Batch;
            foreach (var piece in _stencil.From(sourceRow))
            {
                var origin = (sourceRow + piece.Row) * _columns + sourceColumn;
                int first = Math.Max(firstNeuron, origin + Math.Max(piece.Begin, -sourceColumn)), last = Math.Min(endNeuron, origin + Math.Min(piece.End, _columns - sourceColumn));
                for (var neuron = first; neuron < last; neuron++)
                    Add(slot + (long)neuron * Batch + instance, _stencil.At(piece.Row, neuron - origin) << Plan.Shift);
            }
        }
    }

    public override void Dispose()
    {
        _stencil.Dispose();
        _phases?.Dispose();
        _interior?.Dispose();
    }
}
