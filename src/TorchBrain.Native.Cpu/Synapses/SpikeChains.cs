using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>A postsynaptic spike in a log.</summary>
/// <param name="Time">Its step, from the first of the log.</param>
/// <param name="Earlier">The entry of the spike before it of the same element, or a negative number.</param>
readonly record struct LoggedSpike(int Time, int Earlier);

/// <summary>
/// The spikes of a slice's elements over a window of steps: a log in which each spike names the one before it of the same element. Entries ascend with time, so whether a spike is as
/// late as a step is asked of its place alone.
/// </summary>
sealed class SpikeChains : IDisposable
{
    /// <summary>Most steps that a log holds.</summary>
    public const int Window = 2048;
    // The log is never full before it has this many steps, whatever the rates.
    const int LeastSteps = 256;

    readonly int[] _firsts = new int[Window + 1];
    readonly int _elements;
    int _count;

    public SpikeChains(int elements, bool hugePages)
    {
        _elements = elements;
        Latest = new AlignedBuffer<int>(elements, hugePages);
        Log = new AlignedBuffer<LoggedSpike>((long)LeastSteps * elements, hugePages, zeroed: false);
        Begin(0);
    }

    /// <summary>First step of the log.</summary>
    public long FirstStep { get; private set; }
    /// <summary>Step behind the last.</summary>
    public long EndStep { get; private set; }
    /// <summary>The entry of the last spike of each element, or a negative number.</summary>
    public AlignedBuffer<int> Latest { get; }
    /// <summary>The log.</summary>
    public AlignedBuffer<LoggedSpike> Log { get; }
    /// <summary>Entries.</summary>
    public int Count => _count;
    /// <summary>Whether there may be no room for one more step.</summary>
    public bool IsFull => EndStep - FirstStep == Window || _count + _elements > Log.Length;

    /// <summary>The first entry of a step from <see cref="FirstStep"/> to <see cref="EndStep"/>, or of a later one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstEntry(long step) => _firsts[step - FirstStep];

    /// <summary>Forgets everything and starts at a step.</summary>
    public void Begin(long step)
    {
        Latest.Span(0, _elements).Fill(-1);
        _count = _firsts[0] = 0;
        FirstStep = EndStep = step;
    }

    /// <summary>Adds a spike of step <see cref="EndStep"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int element)
    {
        ref var latest = ref Latest.At(element);
        Log.At(_count) = new LoggedSpike((int)(EndStep - FirstStep), latest);
        latest = _count++;
    }

    /// <summary>Ends the step.</summary>
    public void EndOfStep() => _firsts[++EndStep - FirstStep] = _count;

    public void Dispose()
    {
        Latest.Dispose();
        Log.Dispose();
    }
}
