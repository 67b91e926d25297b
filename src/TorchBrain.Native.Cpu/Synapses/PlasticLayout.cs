using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The plastic synapses onto the targets of one thread.</summary>
sealed class PlasticSlice(int minDelay, int delays, int firstNeuron, long[] runs, int[] targets, int[] canonical, float[] initial, int batch, bool hugePages)
{
    int[] _columnStarts = [];

    /// <summary>Target neuron of each synapse.</summary>
    public int[] Targets { get; } = targets;
    /// <summary>Place of each synapse in the canonical order.</summary>
    public int[] Canonical { get; } = canonical;
    /// <summary>Weights, instance innermost.</summary>
    public AlignedBuffer<float> Weights { get; } = new((long)targets.Length * batch, hugePages);
    /// <summary>Synapses sorted by target.</summary>
    public int[] ColumnSynapses { get; private set; } = [];
    /// <summary>Source of each entry of <see cref="ColumnSynapses"/>.</summary>
    public int[] ColumnSources { get; private set; } = [];
    /// <summary>Delay of each entry of <see cref="ColumnSynapses"/>.</summary>
    public int[] ColumnDelays { get; private set; } = [];

    /// <summary>The synapses of a source with one delay.</summary>
    public (long From, long To) Run(int source, int delay)
    {
        var at = (long)source * delays + (delay - minDelay);
        return (runs[at], runs[at + 1]);
    }

    /// <summary>The entries of a target neuron in the column index.</summary>
    public (int From, int To) Column(int target) => (_columnStarts[target - firstNeuron], _columnStarts[target - firstNeuron + 1]);

    public void FillInitial(float min, float max, int instances)
    {
        for (var n = 0; n < initial.Length; n++)
            for (var b = 0; b < instances; b++)
                Weights.At((long)n * instances + b) = Math.Max(min, Math.Min(max, initial[n]));
    }

    public void IndexColumns(int endNeuron, int sources)
    {
        _columnStarts = new int[Math.Max(0, endNeuron - firstNeuron) + 1];
        foreach (var t in Targets)
            _columnStarts[t - firstNeuron + 1]++;
        for (var i = 0; i + 1 < _columnStarts.Length; i++)
            _columnStarts[i + 1] += _columnStarts[i];
        var next = (int[])_columnStarts.Clone();
        ColumnSynapses = new int[Targets.Length];
        ColumnSources = new int[Targets.Length];
        ColumnDelays = new int[Targets.Length];
        for (var source = 0; source < sources; source++)
            for (var delay = minDelay; delay < minDelay + delays; delay++)
            {
                var (from, to) = Run(source, delay);
                for (var n = from; n < to; n++)
                {
                    var at = next[Targets[n] - firstNeuron]++;
                    (ColumnSynapses[at], ColumnSources[at], ColumnDelays[at]) = ((int)n, source, delay);
                }
            }
    }
}

/// <summary>Builds plastic rows: canonical order is by source, then delay, then target, then order of creation.</summary>
static class PlasticLayout
{
    public static PlasticSlice[] Build(ProjectionPlan plan, CpuPopulation target, int threads, int batch)
    {
        var rows = SourceRows.Canonical(plan);
        var canonicalStart = new int[plan.Source.Count + 1];
        for (var i = 0; i < plan.Source.Count; i++)
            canonicalStart[i + 1] = canonicalStart[i] + rows[i].Length;
        var slices = new PlasticSlice[threads];
        Parallel.For(0, threads, thread =>
        {
            // A neuron's instances may lie on both sides of a border; its synapses then belong to the thread of its first element, and
            // the planner of thread borders never cuts a neuron (see CpuPopulation.Partition and Batch).
            int first = Neuron(target.Starts[thread], batch), end = Neuron(Math.Min(target.Starts[thread + 1], target.Plan.Elements), batch);
            slices[thread] = Slice(plan, rows, canonicalStart, first, end, batch, target.HugePages);
        });
        return slices;
    }

    static int Neuron(int element, int batch) => (element + batch - 1) / batch;

    static PlasticSlice Slice(ProjectionPlan plan, RowEntry[][] rows, int[] canonicalStart, int first, int end, int batch, bool hugePages)
    {
        var delays = plan.MaxDelay - plan.MinDelay + 1;
        var runs = new long[(long)plan.Source.Count * delays + 1];
        List<int> targets = [], canonical = [];
        List<float> weights = [];
        for (var source = 0; source < rows.Length; source++)
        {
            var row = rows[source];
            var n = 0;
            for (var d = 0; d < delays; d++)
            {
                runs[(long)source * delays + d] = targets.Count;
                for (; n < row.Length && row[n].Delay == plan.MinDelay + d; n++)
                    if (row[n].Target >= first && row[n].Target < end)
                    {
                        targets.Add(row[n].Target);
                        canonical.Add(canonicalStart[source] + n);
                        weights.Add(row[n].Weight);
                    }
            }
        }
        runs[^1] = targets.Count;
        var slice = new PlasticSlice(plan.MinDelay, delays, first, runs, [.. targets], [.. canonical], [.. weights], batch, hugePages);
        slice.IndexColumns(end, plan.Source.Count);
        return slice;
    }
}
