using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Sparse plastic synapses: float weights in rows of canonical order, runs of rows for arrivals, and an index by target where postsynaptic spikes touch them.</summary>
abstract class RowSynapses : CudaProjection
{
    readonly float[] _initial;
    readonly long _longestRun;

    protected RowSynapses(ProjectionPlan plan, TracePlan rule, CudaPopulation source, CudaPopulation target, DeviceMemory memory, bool byTarget) : base(plan, source, target, memory)
    {
        var rows = SourceRows.Canonical(plan);
        var runs = RunStartsOf(plan, rows);
        _longestRun = Offsets.Longest(runs);
        RunStarts = memory.Upload<long>(runs, $"{plan.Name}.runs");
        Targets = memory.Upload<int>([.. rows.SelectMany(r => r.Select(e => e.Target))], $"{plan.Name}.targets");
        _initial = [.. rows.SelectMany(r => r.Select(e => Math.Max(rule.Min, Math.Min(rule.Max, e.Weight))))];
        Columns = byTarget ? new SynapseColumns(plan, rows, memory) : null;
        Weights = memory.New<float>(plan.SynapseCount * Batch, $"{plan.Name}.weights");
    }

    protected CudaDeviceVariable<long> RunStarts { get; }
    protected CudaDeviceVariable<int> Targets { get; }
    protected CudaDeviceVariable<float> Weights { get; }

    /// <summary>The index by target; null where no postsynaptic spike needs it.</summary>
    protected SynapseColumns? Columns { get; }

    /// <summary>Different delays of the projection.</summary>
    public int Delays => Plan.MaxDelay - Plan.MinDelay + 1;

    // A run: the synapses of one source with one delay.
    static long[] RunStartsOf(ProjectionPlan plan, RowEntry[][] rows)
    {
        var delays = plan.MaxDelay - plan.MinDelay + 1;
        var starts = new long[(long)rows.Length * delays + 1];
        for (var i = 0; i < rows.Length; i++)
            foreach (var entry in rows[i])
                starts[(long)i * delays + (entry.Delay - plan.MinDelay) + 1]++;
        return Offsets.Summed(starts);
    }

    /// <summary>Most items that a step can bring: arrivals, or postsynaptic spikes.</summary>
    public long MostItems(int chunkLength) => Math.Max((long)Plan.Source.Elements * Delays * Work.Chunks(_longestRun, chunkLength), (long)Plan.Target.Elements * Work.Chunks(Columns?.Longest ?? 0, chunkLength));

    /// <summary>Chunks of the longest run.</summary>
    protected uint RunChunks(int chunkLength) => (uint)Work.Chunks(_longestRun, chunkLength);

    /// <summary>Chunks of the longest column.</summary>
    protected uint ColumnChunks(int chunkLength) => (uint)Work.Chunks(Columns?.Longest ?? 0, chunkLength);

    public override void Reset() => UploadToInstances(_initial, Weights);
}
