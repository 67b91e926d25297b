using System.Globalization;
using System.Numerics;

namespace TorchBrain.Native.Cuda;

/// <summary>How the steps of a network are launched.</summary>
/// <param name="Stepping">How; never <see cref="CudaStepping.Auto"/>.</param>
/// <param name="Why">Why, in words.</param>
readonly record struct SteppingChoice(CudaStepping Stepping, string Why);

/// <summary>
/// Chooses how steps are launched. A single block has a multiprocessor's share of the device, and no waiting but its own; many blocks have all of it, and wait 1.2 us at every barrier. On an H100 many are
/// faster from 1,000 neurons on (4.2 us a step and 5.9; bench/results); no smaller network was measured.
/// </summary>
static class SteppingRule
{
    /// <summary>Most neurons, all instances together, of a network that one block runs unasked: one per thread.</summary>
    public const long OneBlockElements = 512;

    /// <summary>Most synapses, all instances together, of such a network: 512 neurons, all to all.</summary>
    public const long OneBlockSynapses = OneBlockElements * OneBlockElements;

    /// <summary>Blocks per multiprocessor where each phase is a launch of its own.</summary>
    public const int GraphBlocksPerMultiprocessor = 4;

    // Up to so many neurons have blocks of the smallest size (measured on an H100: 4,000 take 4.2 us with 128 threads, 4.7 us with 512).
    const long FewElements = 4096;

    const int SmallestBlock = 128, MiddleBlock = 512, LargestBlock = 1024;

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

    /// <summary>The sizes with which a choice runs on a device of so many multiprocessors.</summary>
    public static CudaTuning Tuning(NetworkPlan plan, CudaTuning tuning, CudaStepping stepping, int multiprocessors)
    {
        var blocks = tuning.BlocksPerMultiprocessor > 0 ? tuning.BlocksPerMultiprocessor : stepping == CudaStepping.Graph ? GraphBlocksPerMultiprocessor : 1;
        var threads = stepping == CudaStepping.Graph || tuning.StepsBlock > 0 ? tuning.StepsBlock : stepping == CudaStepping.OneBlock ? OneBlockThreads(plan) : PersistentThreads(plan, multiprocessors);
        return tuning with { BlocksPerMultiprocessor = blocks, StepsBlock = threads };
    }

    // Threads without work only make the barriers dearer.
    static int OneBlockThreads(NetworkPlan plan) => (int)Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)Elements(plan)), SmallestBlock, MiddleBlock);

    // One block per multiprocessor; enough threads that each neuron has one, as a second turn of the update takes as long as the first.
    static int PersistentThreads(NetworkPlan plan, int multiprocessors)
    {
        if (Elements(plan) <= FewElements)
            return SmallestBlock;
        var threads = MiddleBlock;
        while (threads < LargestBlock && plan.Populations.Sum(p => (p.Elements + threads - 1L) / threads) > multiprocessors)
            threads += 64;
        return threads;
    }

    static long Elements(NetworkPlan plan) => plan.Populations.Sum(p => (long)p.Elements);

    static long Synapses(NetworkPlan plan) => plan.Projections.Sum(p => p.SynapseCount) * plan.Batch;
}
