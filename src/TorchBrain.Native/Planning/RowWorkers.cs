namespace TorchBrain.Native.Planning;

/// <summary>Hands rows out to one worker per processor, a few at a time, until none is left. Each worker has a state of its own, which is made once.</summary>
public static class RowWorkers
{
    const int Portion = 16;

    /// <summary>Workers there are.</summary>
    public static int Count => Environment.ProcessorCount;

    /// <summary>Visits the rows [0, rows), on all processors and in no particular order.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="start">Makes the state of a worker.</param>
    /// <param name="visit">Called for each row.</param>
    /// <param name="end">Called once by each worker when all rows are given out; may run on several threads at once.</param>
    public static void For<TState>(int rows, Func<TState> start, Action<int, TState> visit, Action<TState>? end = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(visit);
        var next = 0;
        Parallel.For(0, (int)Math.Min(Count, ((long)rows + Portion - 1) / Portion), new ParallelOptions { MaxDegreeOfParallelism = Count }, _ =>
        {
            var state = start();
            for (int first; (first = Interlocked.Add(ref next, Portion) - Portion) < rows;)
                for (var row = first; row < Math.Min(first + Portion, rows); row++)
                    visit(row, state);
            end?.Invoke(state);
        });
    }
}
