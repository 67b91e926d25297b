using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>A postsynaptic spike in a log.</summary>
/// <param name="Time">Its step, from 1 for the first of the log.</param>
/// <param name="Earlier">The entry of the spike before it of the same element, or a negative number.</param>
readonly record struct LoggedSpike(int Time, int Earlier);

/// <summary>What an arriving spike asks of a postsynaptic element; one access, since most elements lie in no near cache.</summary>
struct PostState
{
    /// <summary>The step of its last spike in the log, from 1 for the first of the log; 0 where there is none.</summary>
    public ushort Last;
    /// <summary>The same of the spike before that.</summary>
    public ushort Second;
    /// <summary>Its trace, as the arrivals of the next step see it.</summary>
    public float Trace;
}

/// <summary>
/// The spikes of a slice's elements over a window of steps. The last two of an element stand with it; the ones before are found through a log in which each spike names the one before
/// it of the same element. Entries ascend with time, so whether a spike is as late as a step is asked of its place alone.
/// </summary>
sealed class SpikeChains : IDisposable
{
    /// <summary>Most steps that a log holds.</summary>
    public const int Window = 2048;
    // The log is never full before it has this many steps, whatever the rates.
    const int LeastSteps = 256;
    const int Padding = 8;

    readonly int[] _firsts = new int[Window + 1];
    readonly AlignedBuffer<int> _last;
    int _count;

    public SpikeChains(int elements, bool hugePages)
    {
        Elements = elements;
        Posts = new AlignedBuffer<PostState>(elements + Padding, hugePages);
        Thirds = new AlignedBuffer<int>(elements, hugePages);
        _last = new AlignedBuffer<int>(elements, hugePages);
        Log = new AlignedBuffer<LoggedSpike>((long)LeastSteps * elements, hugePages, zeroed: false);
        Begin(0);
    }

    /// <summary>The slice's elements.</summary>
    public int Elements { get; }
    /// <summary>First step of the log.</summary>
    public long FirstStep { get; private set; }
    /// <summary>Step behind the last.</summary>
    public long EndStep { get; private set; }
    /// <summary>Last two spikes and trace of each element.</summary>
    public AlignedBuffer<PostState> Posts { get; }
    /// <summary>The entry of the third last spike of each element, or a negative number; of no meaning where there is no second last.</summary>
    public AlignedBuffer<int> Thirds { get; }
    /// <summary>The log.</summary>
    public AlignedBuffer<LoggedSpike> Log { get; }
    /// <summary>Whether there may be no room for one more step.</summary>
    public bool IsFull => EndStep - FirstStep == Window || _count + Elements > Log.Length;

    /// <summary>The first entry of a step from <see cref="FirstStep"/> to <see cref="EndStep"/>, or of a later one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstEntry(long step) => _firsts[step - FirstStep];

    /// <summary>Forgets everything and starts at a step.</summary>
    public void Begin(long step)
    {
        foreach (ref var post in Posts.Span(0, Elements))
            (post.Last, post.Second) = (0, 0);
        _last.Span(0, Elements).Fill(-1);
        _count = _firsts[0] = 0;
        FirstStep = EndStep = step;
    }

    /// <summary>Adds a spike of step <see cref="EndStep"/> to the log and to the element's trace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int element)
    {
        ref var post = ref Posts.At(element);
        ref var last = ref _last.At(element);
        var time = (int)(EndStep - FirstStep) + 1;
        Thirds.At(element) = last < 0 ? -1 : Log.At(last).Earlier;
        Log.At(_count) = new LoggedSpike(time, last);
        last = _count++;
        post = new PostState { Last = (ushort)time, Second = post.Last, Trace = post.Trace + 1 };
    }

    /// <summary>Ends the step.</summary>
    public void EndOfStep() => _firsts[++EndStep - FirstStep] = _count;

    public void Dispose()
    {
        Posts.Dispose();
        Thirds.Dispose();
        _last.Dispose();
        Log.Dispose();
    }
}
