using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The current that a host sets, one value per element. As long as all have the one they began with, a block's worth of it, which stays in the first-level cache, stands for all.</summary>
sealed class InjectedCurrent : IDisposable
{
    readonly CpuPopulation _population;
    readonly ParameterArray _initial;
    readonly AlignedBuffer<float> _values, _shared;
    bool _isShared;

    public InjectedCurrent(CpuPopulation population, CurrentPlan plan)
    {
        (_population, _initial) = (population, plan.Initial);
        _values = new AlignedBuffer<float>(population.Padded, population.HugePages);
        _shared = new AlignedBuffer<float>(Block.Longest, hugePages: false);
        _shared.Span(0, Block.Longest).Fill(_initial[0]);
    }

    /// <summary>The currents of a block, in a row.</summary>
    public ref float At(Block block) => ref _isShared ? ref _shared.At(0) : ref _values.At(block.First);

    /// <summary>Back to the initial values.</summary>
    public void Reset()
    {
        _population.Fill(_values, _initial, padding: 0);
        _isShared = _initial.IsUniform;
    }

    public void Read(Span<float> values) => _values.Span(0, values.Length).CopyTo(values);

    /// <summary>Sets the first elements.</summary>
    public void Write(ReadOnlySpan<float> values)
    {
        values.CopyTo(_values.Span(0, values.Length));
        _isShared = false;
    }

    public void Dispose()
    {
        _values.Dispose();
        _shared.Dispose();
    }
}
