using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>A postsynaptic spike in a log.</summary>
/// <param name="Time">Its step, from the first of the log.</param>
/// <param name="Earlier">The entry of the spike before it of the same element, or a negative number.</param>
readonly record struct LoggedSpike(int Time, int Earlier);

/// <summary>What an arriving spike asks of a postsynaptic element; one access, since most elements lie in no near cache.</summary>
struct PostState
{
    /// <summary>The entry of its last spike in the log, or a negative number.</summary>
    public int Latest;
    /// <summary>Its trace, as the arrivals of the next step see it.</summary>
    public float Trace;
}

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
    const int Padding = 8;

    readonly int[] _firsts = new int[Window + 1];
    int _count;

    public SpikeChains(int elements, bool hugePages)
    {
        Elements = elements;
        Posts = new AlignedBuffer<PostState>(elements + Padding, hugePages);
        Log = new AlignedBuffer<LoggedSpike>((long)LeastSteps * elements, hugePages, zeroed: false);
        Begin(0);
    }

    /// <summary>The slice's elements.</summary>
    public int Elements { get; }
    /// <summary>First step of the log.</summary>
    public long FirstStep { get; private set; }
    /// <summary>Step behind the last.</summary>
    public long EndStep { get; private set; }
    /// <summary>Last spike and trace of each element.</summary>
    public AlignedBuffer<PostState> Posts { get; }
    /// <summary>The log.</summary>
    public AlignedBuffer<LoggedSpike> Log { get; }
    /// <summary>Entries.</summary>
    public int Count => _count;
    /// <summary>Whether there may be no room for one more step.</summary>
    public bool IsFull => EndStep - FirstStep == Window || _count + Elements > Log.Length;

    /// <summary>The first entry of a step from <see cref="FirstStep"/> to <see cref="EndStep"/>, or of a later one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstEntry(long step) => _firsts[step - FirstStep];

    /// <summary>Forgets everything and starts at a step.</summary>
    public void Begin(long step)
    {
        foreach (ref var post in Posts.Span(0, Elements))
            post.Latest = -1;
        _count = _firsts[0] = 0;
        FirstStep = EndStep = step;
    }

    /// <summary>Adds a spike of step <see cref="EndStep"/> to the log and to the element's trace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int element)
    {
        ref var post = ref Posts.At(element);
        Log.At(_count) = new LoggedSpike((int)(EndStep - FirstStep), post.Latest);
        post = new PostState { Latest = _count++, Trace = post.Trace + 1 };
    }

    /// <summary>Ends the step.</summary>
    public void EndOfStep() => _firsts[++EndStep - FirstStep] = _count;

    public void Dispose()
    {
        Posts.Dispose();
        Log.Dispose();
    }
}
