using System.Globalization;
using System.Numerics;

namespace TorchBrain.Native.Cuda;

/// <summary>How the steps of a network are launched.</summary>
/// <param name="Stepping">How; never <see cref="CudaStepping.Auto"/>.</param>
/// <param name="Why">Why, in words.</param>
readonly record struct SteppingChoice(CudaStepping Stepping, string Why);

/// <summary>
/// Chooses how steps are launched. A single block has a multiprocessor's share of the device, and no waiting but its own; many blocks have all of it, and wait a microsecond or so at every barrier. Where the
/// one overtakes the other is an estimate: nothing was measured on a device.
/// </summary>
static class SteppingRule
{
    /// <summary>Most neurons, all instances together, of a network that one block runs unasked: two per thread.</summary>
    public const long OneBlockElements = 2048;

    /// <summary>Most synapses, all instances together, of such a network: 2,048 neurons, all to all.</summary>
    public const long OneBlockSynapses = OneBlockElements * OneBlockElements;

    const int PersistentBlock = 256, SmallestBlock = 128, LargestBlock = 1024;

    /// <summary>The choice for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="cooperative">Whether the device can launch a kernel whose blocks wait for each other.</param>
    public static SteppingChoice Choose(NetworkPlan plan, CudaOptions options, bool cooperative)
    {
        if (options.CheckEveryLaunch)
            return new(CudaStepping.Graph, "every launch is checked");
        var fits = Elements(plan) <= OneBlockElements && Synapses(plan) <= OneBlockSynapses;
        var size = string.Create(CultureInfo.InvariantCulture, $"{Elements(plan):N0} neurons, {Synapses(plan):N0} synapses");
        return options.Tuning.Stepping switch
        {
            CudaStepping.Auto when fits => new(CudaStepping.OneBlock, $"chosen: {size} fit one block"),
            CudaStepping.Auto when cooperative => new(CudaStepping.Persistent, $"chosen: {size} are too many for one block"),
            CudaStepping.Auto => new(CudaStepping.Graph, $"chosen: {size} are too many for one block, and the device has no cooperative launch"),
            CudaStepping.Persistent when !cooperative => new(CudaStepping.Graph, "instead of Persistent: the device has no cooperative launch"),
            var asked => new(asked, "asked for"),
        };
    }

    /// <summary>The sizes with which a choice runs.</summary>
    public static CudaTuning Tuning(NetworkPlan plan, CudaTuning tuning, CudaStepping stepping)
    {
        if (stepping == CudaStepping.Graph || tuning.StepsBlock > 0)
            return tuning;
        // Threads without work only make the barriers dearer.
        var needed = (long)BitOperations.RoundUpToPowerOf2((ulong)Elements(plan));
        return tuning with { StepsBlock = stepping == CudaStepping.OneBlock ? (int)Math.Clamp(needed, SmallestBlock, LargestBlock) : PersistentBlock };
    }

    static long Elements(NetworkPlan plan) => plan.Populations.Sum(p => (long)p.Elements);

    static long Synapses(NetworkPlan plan) => plan.Projections.Sum(p => p.SynapseCount) * plan.Batch;
}
