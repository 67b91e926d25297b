using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>Compiles plans for one kind of machine. It never sees an operation on its own: it gets the whole plan.</summary>
public interface IBackend : IDisposable
{
    /// <summary>Name for people, for example <c>cpu</c>.</summary>
    string Name { get; }

    /// <summary>Allocates and prepares a network at its initial state. The backend may be disposed only after its networks.</summary>
    ICompiledNetwork Compile(NetworkPlan plan);
}

/// <summary>
/// A network ready to run on one backend. <see cref="Run"/> may return before the work is done; everything that reads waits.
/// Not safe for use by several threads at once.
/// </summary>
public interface ICompiledNetwork : IDisposable
{
    /// <summary>The plan.</summary>
    NetworkPlan Plan { get; }

    /// <summary>How the backend chose to run it (threads, vector width), in words.</summary>
    string Describe();

    /// <summary>Number of the next step; 0 at the start.</summary>
    long Step { get; }

    /// <summary>Hash of all spikes so far: see docs/numerics.md.</summary>
    UInt128 SpikeHash { get; }

    /// <summary>Advances by a number of steps.</summary>
    void Run(long steps);

    /// <summary>Waits for all work.</summary>
    void Synchronize();

    /// <summary>Back to the initial state and step 0.</summary>
    void Reset();

    /// <summary>Copies a buffer in its canonical layout.</summary>
    /// <param name="buffer">A buffer of the plan.</param>
    /// <param name="destination">Exactly <see cref="BufferSpec.Bytes"/> bytes.</param>
    void Read(BufferSpec buffer, Span<byte> destination);

    /// <summary>Replaces a buffer, given in its canonical layout.</summary>
    /// <param name="buffer">A buffer of the plan.</param>
    /// <param name="source">Exactly <see cref="BufferSpec.Bytes"/> bytes.</param>
    void Write(BufferSpec buffer, ReadOnlySpan<byte> source);

    /// <summary>Sets step and hash when a checkpoint is loaded.</summary>
    void SetClock(long step, UInt128 spikeHash);

    /// <summary>Replaces one current; the fast path of <see cref="Simulation.SetCurrent"/>.</summary>
    /// <param name="population">Population index.</param>
    /// <param name="input">Index among the population's inputs.</param>
    /// <param name="current">One value per element.</param>
    void WriteCurrent(int population, int input, ReadOnlySpan<float> current);

    /// <summary>Ids of the elements of a population that spiked in the last step, ascending.</summary>
    /// <returns>Their number.</returns>
    int ReadSpikes(int population, Span<int> elements);

    /// <summary>Number of spikes of a population since the start or the last <see cref="Reset"/>, by element, added to the span.</summary>
    void AddSpikeCounts(int population, Span<int> counts);

    /// <summary>First step of a recording that its window still holds, and the number held.</summary>
    (long First, long Count) RecordedSteps(int recording);

    /// <summary>Copies recorded spikes of the held steps and releases them.</summary>
    void DrainSpikes(int recording, ISpikeSink sink);

    /// <summary>Copies recorded samples (stored value; one row of elements per sample) of the held steps and releases them.</summary>
    void DrainState(int recording, Action<long, ReadOnlySpan<float>> sink);
}

/// <summary>Takes recorded spikes.</summary>
public interface ISpikeSink
{
    /// <summary>The spikes of one step, ascending elements.</summary>
    void Accept(long step, ReadOnlySpan<int> elements);
}
