using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Poisson spike trains: an element spikes where its random word is below its bound.</summary>
sealed class PoissonSourceKernel<V> : GroupKernel where V : struct, ILanes<V>
{
    readonly AlignedBuffer<int> _bound;
    readonly PhiloxBlocks _random;

    public PoissonSourceKernel(CpuPopulation population, ulong seed)
    {
        var plan = (PoissonSourcePlan)population.Plan.Neuron;
        _random = new PhiloxBlocks(seed, plan.Stream, 32 * V.Count);
        _bound = new AlignedBuffer<int>(population.Padded, population.HugePages);
        var batch = population.Plan.Elements / population.Plan.Count;
        for (var e = 0; e < population.Plan.Elements; e++)
            _bound.At(e) = (int)plan.Bound[e / batch];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        Span<int> words = stackalloc int[CpuPopulation.Group];
        _random.Group(first, step, ref Unsafe.As<int, uint>(ref words[0]));
        var spikes = 0ul;
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
            spikes |= (ulong)V.MaskBits(V.LessUnsigned(V.LoadBits(ref words[k]), V.LoadBits(ref _bound.At(first + k)))) << k;
        return spikes;
    }

    public override void Dispose() => _bound.Dispose();
}

/// <summary>Spikes at given steps, the same in every instance.</summary>
sealed class SpikeArrayKernel(CpuPopulation population) : GroupKernel
{
    readonly SpikeArrayPlan _plan = (SpikeArrayPlan)population.Plan.Neuron;
    readonly int _batch = population.Plan.Elements / population.Plan.Count;

    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        var entry = Array.BinarySearch(_plan.Steps, step);
        if (entry < 0)
            return 0;
        var spikes = 0ul;
        var indices = _plan.Indices.AsSpan(_plan.Starts[entry].._plan.Starts[entry + 1]);
        var at = indices.BinarySearch(first / _batch);
        for (var k = at < 0 ? ~at : at; k < indices.Length && indices[k] * _batch < first + CpuPopulation.Group; k++)
            for (var instance = 0; instance < _batch; instance++)
                if ((uint)(indices[k] * _batch + instance - first) < CpuPopulation.Group)
                    spikes |= 1ul << (indices[k] * _batch + instance - first);
        return spikes;
    }
}
