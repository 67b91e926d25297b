using System.Globalization;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// In which steps static sparse projections are pulled: spikes x mean row length x (cost of a pushed event in synapses read) reaches the stored synapses, that is, spikes reach a part of the source
/// (<see cref="CudaTuning.PullFromActivity"/>). The device decides in every step (tbn_is_pulled).
/// </summary>
static class PullRule
{
    /// <summary>More spikes than any step has.</summary>
    public const uint Never = uint.MaxValue;

    /// <summary>Whether a projection keeps columns beside its rows.</summary>
    public static bool HasColumns(ProjectionPlan p, CudaTuning tuning) => tuning.PullFromActivity > 0 && p.Storage == SynapseStorage.SparseInt16;

    /// <summary>Spikes of the source in a step, all instances together, from which a projection is pulled.</summary>
    public static uint From(ProjectionPlan p, CudaTuning tuning) => HasColumns(p, tuning) ? (uint)Math.Max(1, Math.Ceiling(tuning.PullFromActivity * p.Source.Elements)) : Never;

    /// <summary>What was chosen for a plan and why, in words.</summary>
    public static string Describe(NetworkPlan plan, CudaTuning tuning)
    {
        ProjectionPlan[] sparse = [.. plan.Projections.Where(p => p.Storage == SynapseStorage.SparseInt16)];
        if (sparse.Length == 0)
            return "no static sparse synapses";
        if (tuning.PullFromActivity == 0)
            return "static sparse synapses pushed (PullFromActivity is 0)";
        var bytes = sparse.Sum(p => p.SynapseCount * SynapsePacking.OfColumns(p).Bytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"static sparse synapses pushed, or pulled in steps in which {100 * tuning.PullFromActivity:0.####} % of the source spike (asked for), for which columns take {bytes / (double)(1 << 20):0.#} MiB");
    }
}
