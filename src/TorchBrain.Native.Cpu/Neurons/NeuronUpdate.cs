using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// One population's step: takes the input of the step out of the ring, adds currents and noise, updates the neurons and lists the spikes. Rows of input: one per
/// channel; currents and noise join the row of the only channel, except for integrate-and-fire, where they have a row of their own (their effect on V is P20, or the gain of conductances).
/// </summary>
sealed class NeuronUpdate<V> : IDisposable where V : struct, ILanes<V>
{
    const int Block = InputStage<V>.Block;

    readonly CpuPopulation _population;
    readonly NeuronKernel _kernel;
    readonly InputStage<V> _input;
    readonly ulong[] _candidates;
    readonly int _rows;

    public NeuronUpdate(CpuPopulation population, NetworkPlan plan)
    {
        _population = population;
        _kernel = population.Plan.Neuron switch
        {
            IzhikevichPlan => new IzhikevichKernel<V>(population),
            AlphaLifPlan => new AlphaLifKernel<V>(population),
            LifPlan => new LifKernel<V>(population),
            ConductanceLifPlan => new ConductanceLifKernel<V>(population),
            ThresholdLinearPlan => new ThresholdLinearKernel<V>(population),
            PoissonSourcePlan => new PoissonSourceKernel<V>(population, plan.Seed),
            SpikeArrayPlan => new SpikeArrayKernel(population),
            var other => throw new InvalidOperationException($"The CPU backend has no kernel for {other.GetType().Name}."),
        };
        _input = new InputStage<V>(population, plan.Seed);
        _rows = _input.Rows;
        _candidates = _kernel.Competes ? new ulong[population.Padded / CpuPopulation.Group] : [];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public void Run(int thread, long step)
    {
        int begin = _population.Starts[thread], end = _population.Starts[thread + 1];
        _population.BeginSpikes(thread, step);
        Span<float> input = stackalloc float[Math.Max(1, _rows) * Block];
        Span<ulong> fired = stackalloc ulong[Block / CpuPopulation.Group];
        for (var block = begin; block < end; block += Block)
        {
            var count = Math.Min(Block, end - block);
            _input.Fill(thread, block, count, step, ref input[0]);
            _kernel.UpdateBlock(block, count, step, ref input[0], fired);
            for (var first = block; first < block + count; first += CpuPopulation.Group)
            {
                var spikes = fired[(first - block) / CpuPopulation.Group] & _population.Alive[first / CpuPopulation.Group];
                if (_kernel.Competes)
                    _candidates[first / CpuPopulation.Group] = spikes;
                else if (spikes != 0)
                    _population.AppendSpikes(thread, step, first, spikes);
            }
        }
        if (_kernel.Competes && begin < end)
        {
            _kernel.Compete(_candidates);
            for (var g = 0; g < _candidates.Length; g++)
                if (_candidates[g] != 0)
                    _population.AppendSpikes(thread, step, g * CpuPopulation.Group, _candidates[g]);
        }
    }

    public void Dispose()
    {
        _kernel.Dispose();
        _input.Dispose();
    }
}
