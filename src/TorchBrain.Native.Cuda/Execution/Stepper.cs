namespace TorchBrain.Native.Cuda;

/// <summary>Queues the steps of a network.</summary>
abstract class Stepper : IDisposable
{
    /// <summary>Most steps queued at once.</summary>
    public abstract int Most { get; }

    /// <summary>The kernels of a step, in order.</summary>
    public abstract IReadOnlyList<StepLaunch> Launches { get; }

    /// <summary>Queues steps and returns.</summary>
    /// <param name="atMost">How many, at most; at least 1.</param>
    /// <returns>How many were queued, at least 1.</returns>
    public abstract int Queue(long atMost);

    /// <summary>How steps are launched, in words.</summary>
    public abstract string Describe();

    public abstract void Dispose();
}
