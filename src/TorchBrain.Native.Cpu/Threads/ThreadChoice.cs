using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Decides how many threads a network is worth: a barrier costs about as much as the update of a thousand neurons.</summary>
static class ThreadChoice
{
    const double NanosecondsPerThread = 8000, AssumedRateHz = 5;

    public static (int Threads, string Why) For(NetworkPlan plan)
    {
        double nanoseconds = 0;
        foreach (var p in plan.Populations)
            nanoseconds += p.Elements * (0.3 + 0.8 * p.Inputs.Count(i => i is not CurrentPlan));
        var perStep = AssumedRateHz * plan.TimeStepMs * 1e-3 * plan.Batch;
        foreach (var p in plan.Projections)
            nanoseconds += p.SynapseCount * perStep * (p.Storage switch { SynapseStorage.DenseInt16 => 0.05, SynapseStorage.DenseFloat => 0.1, SynapseStorage.SparseInt16 => 1.5, _ => 6 });
        var threads = (int)Math.Clamp(nanoseconds / NanosecondsPerThread, 1, Environment.ProcessorCount);
        return (threads, $"a step is worth about {nanoseconds / 1000:G3} us, threads pay from {NanosecondsPerThread / 1000:G3} us each");
    }
}
