namespace TorchBrain.Native.Cpu;

/// <summary>Elements of one population that a thread takes through a step at a time, few enough that their input stays in the first-level cache.</summary>
/// <param name="Thread">Their owner.</param>
/// <param name="First">The first, a multiple of 64.</param>
/// <param name="Count">How many, a multiple of 64, at most <see cref="Longest"/>.</param>
/// <param name="Step">The step.</param>
readonly record struct Block(int Thread, int First, int Count, long Step)
{
    /// <summary>Most elements, and the distance of two rows of input.</summary>
    public const int Longest = 16 * CpuPopulation.Group;
}
