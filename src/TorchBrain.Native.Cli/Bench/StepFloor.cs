namespace TorchBrain.Native.Cli;

/// <summary>
/// A simple model of how short a step could be on one thread: a nanosecond per synaptic event and 0.3 ns per neuron, divided by the threads. It is a yardstick, the same for all machines, not a
/// bound: random numbers, memory beyond the caches and the meeting of threads are not in it.
/// </summary>
static class StepFloor
{
    public const double EventNs = 1.0, NeuronNs = 0.3;

    /// <summary>The floor of a step, us.</summary>
    public static double Us(double eventsPerStep, long neurons, int threads) => (eventsPerStep * EventNs + neurons * NeuronNs) * 1e-3 / threads;
}
