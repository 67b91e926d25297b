using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Decides how many threads a network is worth: a meeting of threads costs about a microsecond where all have a core, and much more where they have not, so a thread must save several. Costs
/// are those of two Zen 3 cores with 256-bit vectors (bench/results). On two of Zen 5 a step of 6.6 us (COBA, exponential) is a tenth slower with both, one of 14.5 us (Brunel D) a fifth faster.
/// </summary>
static class ThreadChoice
{
    const double NanosecondsPerThread = 6000, AssumedRateHz = 5;

    public static (int Threads, string Why) For(NetworkPlan plan)
    {
        var nanoseconds = plan.Populations.Sum(p => p.Elements * (Update(p.Neuron) + p.Inputs.Sum(Input)));
        var spikesPerNeuron = AssumedRateHz * plan.TimeStepMs * 1e-3 * plan.Batch;
        nanoseconds += plan.Projections.Sum(p => p.SynapseCount * spikesPerNeuron * Event(p));
        var threads = (int)Math.Clamp(nanoseconds / NanosecondsPerThread, 1, Environment.ProcessorCount);
        return (threads, $"a step is worth about {nanoseconds / 1000:G3} us, threads pay from {NanosecondsPerThread / 1000:G3} us each");
    }

    static double Update(NeuronPlan neuron) => neuron switch
    {
        ConductanceLifPlan p => p.Scheme == ConductanceScheme.ExponentialEuler ? 1.6 : 0.7,
        LeakyPlan => 0.5,
        IzhikevichPlan => 0.6,
        PoissonSourcePlan => 0.8,
        _ => 0.3,
    };

    static double Input(InputPlan input) => input switch
    {
        NoisePlan => 1.7,
        PoissonPlan => 0.6,
        _ => 0.1,
    };

    static double Event(ProjectionPlan projection) => projection.Storage switch
    {
        SynapseStorage.DenseInt16 => 0.1,
        SynapseStorage.DenseFloat => 0.1,
        SynapseStorage.Stencil => 0.1,
        SynapseStorage.SparseInt16 => BitmaskRows.Include(projection) ? 0.1 : 1.3,
        SynapseStorage.Procedural => 2, // of 4 to 10: threads share the adding, but each makes all rows
        _ => 6,
    };
}
