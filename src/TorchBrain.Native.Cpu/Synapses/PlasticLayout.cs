using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Builds plastic slices, in parallel over the sources; canonical order is by source, then delay, then target, then order of creation.</summary>
sealed class PlasticLayout : IDisposable
{
    readonly ProjectionPlan _plan;
    readonly int _delays, _batch;
    readonly bool _logged;
    readonly long[] _rowStarts;
    readonly PlasticSlice[] _slices;
    readonly int[] _sliceEnds;
    // All rows in canonical order, while they are sorted into slices.
    readonly AlignedBuffer<int> _targets;
    readonly AlignedBuffer<float> _weights;

    PlasticLayout(ProjectionPlan plan, CpuPopulation target, int batch, bool logged)
    {
        (_plan, _batch, _logged, _delays) = (plan, batch, logged, plan.MaxDelay - plan.MinDelay + 1);
        _rowStarts = new long[plan.Source.Count + 1];
        for (var i = 0; i < plan.Source.Count; i++)
            _rowStarts[i + 1] = _rowStarts[i] + plan.RowLengths[i];
        _targets = new AlignedBuffer<int>(_rowStarts[^1], target.HugePages, zeroed: false);
        _weights = new AlignedBuffer<float>(_rowStarts[^1], target.HugePages, zeroed: false);
        _slices = [.. Slices(target)];
        _sliceEnds = [.. _slices.Select(s => s.EndElement / batch)];
    }

    /// <summary>The slices of a projection, ascending; with logs of postsynaptic spikes or without.</summary>
    public static PlasticSlice[] Build(ProjectionPlan plan, CpuPopulation target, int batch, bool logged)
    {
        using var layout = new PlasticLayout(plan, target, batch, logged);
        new SourceRows(plan).ForEach(0, plan.Source.Count, layout.TakeRow);
        foreach (var slice in layout._slices)
        {
            for (var run = 0; run < slice.Runs; run++)
                slice.Starts.At(run + 1) += slice.Starts.At(run);
            slice.Allocate();
        }
        RowWorkers.For(plan.Source.Count, () => 0, (source, _) => layout.Distribute(source));
        return layout._slices;
    }

    // Borders of threads never cut a neuron (see CpuPopulation.Partition), and those of slices do not either.
    IEnumerable<PlasticSlice> Slices(CpuPopulation target)
    {
        var longest = Math.Max(_batch, PlasticSlice.LongestSlice / _batch * _batch);
        for (var thread = 0; thread + 1 < target.Starts.Length; thread++)
        {
            int first = Neurons(target.Starts[thread]) * _batch, end = Neurons(Math.Min(target.Starts[thread + 1], target.Plan.Elements)) * _batch;
            for (; first < end; first += longest)
                yield return new PlasticSlice(thread, first, Math.Min(end, first + longest), checked(_plan.Source.Count * _delays), _batch, _logged, target.HugePages);
        }
    }

    int Neurons(int elements) => (elements + _batch - 1) / _batch;

    // Sorts a row, keeps it, and counts its synapses by slice and run; counts stand one place ahead of where sums will.
    void TakeRow(int source, Span<RowEntry> row)
    {
        for (var n = 1; n < row.Length; n++)
            if (RowEntry.Canonical(row[n - 1], row[n]) > 0)
            {
                row.Sort(RowEntry.Canonical);
                break;
            }
        var at = _rowStarts[source];
        for (int delay = 0, n = 0; delay < _delays; delay++)
        {
            for (var slice = 0; slice < _slices.Length; slice++)
            {
                var from = n;
                for (; n < row.Length && row[n].Delay == _plan.MinDelay + delay && row[n].Target < _sliceEnds[slice]; n++)
                    (_targets.At(at + n), _weights.At(at + n)) = (row[n].Target, row[n].Weight);
                _slices[slice].Starts.At(source * _delays + delay + 1) = n - from;
            }
        }
    }

    void Distribute(int source)
    {
        var at = _rowStarts[source];
        for (var run = source * _delays; run < (source + 1) * _delays; run++)
            foreach (var slice in _slices)
                for (var n = slice.Starts.At(run); n < slice.Starts.At(run + 1); n++, at++)
                {
                    slice.Targets.At(n) = (ushort)(_targets.At(at) * _batch - slice.FirstElement);
                    slice.Initial.At(n) = _weights.At(at);
                }
    }

    public void Dispose()
    {
        _targets.Dispose();
        _weights.Dispose();
    }
}
