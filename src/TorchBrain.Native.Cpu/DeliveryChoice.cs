using System.Numerics;

namespace TorchBrain.Native.Cpu;

/// <summary>Decides how spikes reach static sparse synapses: writing ahead pays only while the slots of all delays stay in a core's second-level cache.</summary>
static class DeliveryChoice
{
    const double CacheBytes = 192 * 1024;

    public static (bool Push, string Why) For(NetworkPlan plan, int threads)
    {
        var longest = plan.Projections.Where(SparseLayout.Includes).Select(p => p.MaxDelay).DefaultIfEmpty(0).Max();
        if (longest == 0)
            return (true, "no static sparse synapses");
        if (longest == 1)
            return (true, "all delays are one step");
        var slots = BitOperations.RoundUpToPowerOf2((uint)longest);
        var bytes = plan.Populations.Sum(p => p.Channels.Sum(c => (c.Wide ? 8.0 : 4.0) * p.Elements)) * slots / threads;
        return (bytes <= CacheBytes, $"{slots} slots take {bytes / 1024:N0} KiB a thread, pushing pays up to {CacheBytes / 1024:N0}");
    }
}
