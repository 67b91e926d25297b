namespace TorchBrain.Native.Tests;

/// <summary>
/// The engine once more, as plain loops over single numbers on one thread, written from docs/numerics.md and docs/step-order.md alone.
/// Slow and short: it is what the fast backends are compared with, bit for bit.
/// </summary>
sealed class ReferenceBackend : IBackend
{
    public string Name => "reference";

    public ICompiledNetwork Compile(NetworkPlan plan) => new ReferenceNetwork(plan);

    public void Dispose() { }
}

/// <summary>A row of numbers per step, of which the last few steps (or the next few) are kept.</summary>
sealed class StepRing<T>(int slots, int length)
{
    readonly T[][] _rows = [.. Enumerable.Range(0, slots).Select(_ => new T[length])];

    public int Slots => _rows.Length;

    /// <summary>The row of a step; steps before 0 are rows that nobody wrote.</summary>
    public T[] this[long step] => _rows[(step % Slots + Slots) % Slots];

    public void Clear(T value)
    {
        foreach (var row in _rows)
            Array.Fill(row, value);
    }
}
