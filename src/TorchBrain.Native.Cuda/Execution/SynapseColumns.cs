using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>An index of the synapses of a projection by target, on the device: for rules that touch weights at a postsynaptic spike.</summary>
sealed class SynapseColumns
{
    public SynapseColumns(ProjectionPlan plan, RowEntry[][] rows, DeviceMemory memory)
    {
        var starts = StartsOf(plan, rows);
        Longest = Offsets.Longest(starts);
        Starts = memory.Upload<long>(starts, $"{plan.Name}.columns");

        var (synapses, sources, delays) = (new int[plan.SynapseCount], new int[plan.SynapseCount], new int[plan.SynapseCount]);
        var (next, synapse) = (starts.ToArray(), 0);
        for (var i = 0; i < rows.Length; i++)
            foreach (var entry in rows[i])
            {
                var at = next[entry.Target]++;
                (synapses[at], sources[at], delays[at]) = (synapse++, i, entry.Delay);
            }
        Synapses = memory.Upload<int>(synapses, $"{plan.Name}.columnSynapses");
        Sources = memory.Upload<int>(sources, $"{plan.Name}.columnSources");
        Delays = memory.Upload<int>(delays, $"{plan.Name}.columnDelays");
    }

    /// <summary>Synapses of the longest column.</summary>
    public long Longest { get; }
    /// <summary>First synapse of each target neuron, and the end.</summary>
    public CudaDeviceVariable<long> Starts { get; }
    /// <summary>Where the weight of each synapse stands.</summary>
    public CudaDeviceVariable<int> Synapses { get; }
    /// <summary>Its source neuron.</summary>
    public CudaDeviceVariable<int> Sources { get; }
    /// <summary>Its delay, steps.</summary>
    public CudaDeviceVariable<int> Delays { get; }

    static long[] StartsOf(ProjectionPlan plan, RowEntry[][] rows)
    {
        var starts = new long[plan.Target.Count + 1];
        foreach (var row in rows)
            foreach (var entry in row)
                starts[entry.Target + 1]++;
        return Offsets.Summed(starts);
    }
}
