using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A fixed team of threads. The caller is member 0; the others sleep between runs. Within a run the members meet at a barrier that spins briefly, then yields, then
/// sleeps, because a partner that lost its core would cost milliseconds of spinning. Nothing here allocates after construction.
/// </summary>
sealed class WorkerTeam : IDisposable
{
    const int SpinTurns = 2000, YieldTurns = 50;

    readonly Action<int> _body;
    readonly Lock _gate = new();
    readonly object _monitor = new();
    readonly Thread[] _threads;
    readonly SemaphoreSlim _start = new(0), _done = new(0);
    Exception? _failure;
    volatile bool _stopping;
    volatile bool _failed;
    PaddedCounter _arrived, _generation, _asleep;

    /// <param name="count">Members, at least 1.</param>
    /// <param name="body">What each member does in a run, given its number.</param>
    public WorkerTeam(int count, Action<int> body)
    {
        Count = count;
        _body = body;
        _threads = new Thread[count - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var member = i + 1;
            _threads[i] = new Thread(() => Work(member)) { IsBackground = true, Name = $"TorchBrain {member}" };
            _threads[i].Start();
        }
    }

    public int Count { get; }

    /// <summary>Runs the body on all members and returns when all are done. An exception of any member is thrown here.</summary>
    public void Run()
    {
        if (Count == 1)
        {
            _body(0);
            return;
        }
        _start.Release(Count - 1);
        Guarded(0);
        for (var i = 1; i < Count; i++)
            _done.Wait();
        if (_failure is not null)
            throw new InvalidOperationException("A worker of the CPU backend failed; the simulation cannot go on.", _failure);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Work(int member)
    {
        while (true)
        {
            _start.Wait();
            if (_stopping)
                return;
            Guarded(member);
            _done.Release();
        }
    }

    void Guarded(int member)
    {
        try
        {
            _body(member);
        }
        catch (Exception e) // kept and thrown by Run: a member that left would leave the others waiting
        {
            lock (_gate)
                _failure ??= e;
            _failed = true;
            Wake();
        }
    }

    /// <summary>Waits for all members. What a member wrote before is seen by all after.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Barrier()
    {
        if (Count == 1)
            return;
        var generation = Volatile.Read(ref _generation.Value);
        if (Interlocked.Increment(ref _arrived.Value) == Count)
        {
            Volatile.Write(ref _arrived.Value, 0);
            Interlocked.Increment(ref _generation.Value);
            if (Volatile.Read(ref _asleep.Value) > 0)
                Wake();
            return;
        }
        for (var turn = 0; turn < SpinTurns; turn++)
        {
            if (Volatile.Read(ref _generation.Value) != generation)
                return;
            Thread.SpinWait(1);
        }
        for (var turn = 0; turn < YieldTurns; turn++)
        {
            if (Volatile.Read(ref _generation.Value) != generation)
                return;
            Thread.Yield();
        }
        Sleep(generation);
    }

    void Sleep(long generation)
    {
        lock (_monitor)
        {
            Interlocked.Increment(ref _asleep.Value);
            while (Volatile.Read(ref _generation.Value) == generation && !_failed)
                Monitor.Wait(_monitor);
            Interlocked.Decrement(ref _asleep.Value);
        }
        if (_failed)
            throw new OperationCanceledException("Another worker failed.");
    }

    void Wake()
    {
        lock (_monitor)
            Monitor.PulseAll(_monitor);
    }

    public void Dispose()
    {
        _stopping = true;
        _start.Release(Math.Max(1, Count - 1));
        foreach (var thread in _threads)
            thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    // One counter per 128 bytes, so that members do not share cache lines.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 256)]
    struct PaddedCounter
    {
        [System.Runtime.InteropServices.FieldOffset(128)] public long Value;
    }
}
