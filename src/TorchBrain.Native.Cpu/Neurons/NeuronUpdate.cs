using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// One population's step: takes the input of the step out of the ring, adds currents and noise, updates the neurons and lists the spikes. Rows of input: one per
/// channel; currents and noise join the row of the only channel, except for integrate-and-fire, where they have a row of their own (their effect on V is P20, or the gain of conductances).
/// </summary>
sealed class NeuronUpdate<V> : IDisposable where V : struct, ILanes<V>
{
    readonly CpuPopulation _population;
    readonly NeuronKernel _kernel;
    readonly InputStage<V> _input;
    readonly ulong[] _candidates;
    readonly int _rows;

    public NeuronUpdate(CpuPopulation population, InputSums sums, NetworkPlan plan)
    {
        _population = population;
        var lanes = new SumLanes<V>(population.Plan, sums);
        _kernel = population.Plan.Neuron switch
        {
            IzhikevichPlan => new IzhikevichKernel<V>(population),
            AlphaLifPlan => new AlphaLifKernel<V>(population),
            LifPlan when SharedLifKernel<V>.Fits(population.Plan) => new SharedLifKernel<V>(population, lanes),
            LifPlan => new LifKernel<V>(population),
            ConductanceLifPlan when SharedConductanceKernel<V>.Fits(population.Plan) => new SharedConductanceKernel<V>(population, lanes),
            ConductanceLifPlan => new ConductanceLifKernel<V>(population),
            ThresholdLinearPlan => new ThresholdLinearKernel<V>(population),
            PoissonSourcePlan => new PoissonSourceKernel<V>(population, plan.Seed),
            SpikeArrayPlan => new SpikeArrayKernel(population),
            var other => throw new InvalidOperationException($"The CPU backend has no kernel for {other.GetType().Name}."),
        };
        _input = new InputStage<V>(population, lanes, plan.Seed);
        _rows = _input.Rows;
        _candidates = _kernel.Competes ? new ulong[population.Padded / CpuPopulation.Group] : [];
    }

    /// <summary>What updates the neurons.</summary>
    public NeuronKernel Kernel => _kernel;

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public void Run(int thread, long step)
    {
        int begin = _population.Starts[thread], end = _population.Starts[thread + 1];
        _population.BeginSpikes(thread, step);
        Span<float> input = stackalloc float[(_rows + 1) * Block.Longest];
        Span<ulong> fired = stackalloc ulong[Block.Longest / CpuPopulation.Group];
        bool takesSums = _kernel.TakesSums, competes = _kernel.Competes;
        for (var at = begin; at < end; at += Block.Longest)
        {
            var block = new Block(thread, at, Math.Min(Block.Longest, end - at), step);
            if (takesSums)
                _kernel.UpdateBlock(block, ref _input.FindDrive(block, ref input[0]), fired);
            else
            {
                _input.Fill(block, ref input[0]);
                _kernel.UpdateBlock(block, ref input[0], fired);
            }
            var groups = block.Count / CpuPopulation.Group;
            var alive = _population.Alive.AsSpan(at / CpuPopulation.Group, groups);
            for (var g = 0; g < alive.Length; g++)
            {
                var spikes = fired[g] & alive[g];
                if (competes)
                    _candidates[at / CpuPopulation.Group + g] = spikes;
                else if (spikes != 0)
                    _population.AppendSpikes(thread, step, at + g * CpuPopulation.Group, spikes);
            }
        }
        if (competes && begin < end)
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
