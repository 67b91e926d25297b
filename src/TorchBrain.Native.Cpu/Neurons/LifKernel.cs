using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The leaky integrate-and-fire update in lanes, with delta synapses or one or two exponential currents; <see cref="SharedLifKernel{V}"/> does the usual case.</summary>
sealed class LifKernel<V> : GroupKernel where V : struct, ILanes<V>
{
    readonly LifPlan _plan;
    readonly AlignedBuffer<float> _u, _refractory;
    readonly ParameterLanes _q22, _p20, _threshold, _reset;
    readonly AlignedBuffer<float>[] _currents;
    readonly ParameterLanes[] _p21;
    readonly bool _driven;

    public LifKernel(CpuPopulation population)
    {
        _plan = (LifPlan)population.Plan.Neuron;
        (_u, _refractory) = (population.State[0], population.State[1]);
        _currents = population.State[2..];
        (_q22, _p20) = (new(population, _plan.Q22), new(population, _plan.P20));
        (_threshold, _reset) = (new(population, _plan.Threshold), new(population, _plan.Reset));
        _p21 = [.. _plan.P21.Select(p => new ParameterLanes(population, p))];
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
    }

    /// <summary>Input rows: one per channel (synaptic), then one of currents and noise if the population is driven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        var spikes = 0ul;
        V zero = V.Splat(0f), minus = V.Splat(-1f), one = V.Splat(1f), refractorySteps = V.Splat(_plan.RefractorySteps);
        ref var drive = ref Unsafe.Add(ref input, _plan.Channels.Count * Block.Longest);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            ref var uAt = ref _u.At(first + k);
            ref var refractoryAt = ref _refractory.At(first + k);
            V u = V.Load(ref uAt), refractory = V.Load(ref refractoryAt), reset = V.Load(ref _reset.At(first + k));
            var leak = minus * V.Load(ref _q22.At(first + k));
            u = _driven ? u + V.Fma(leak, u, V.Load(ref _p20.At(first + k)) * V.Load(ref Unsafe.Add(ref drive, k))) : V.Fma(leak, u, u);
            for (var c = 0; c < _currents.Length; c++)
            {
                ref var iAt = ref _currents[c].At(first + k);
                var current = V.Load(ref iAt);
                u = V.Fma(V.Load(ref _p21[c].At(first + k)), current, u);
                V.Store(V.Fma(V.Splat(_plan.P11[c]), current, V.Load(ref Unsafe.Add(ref input, c * Block.Longest + k))), ref iAt);
            }
            if (_plan.Delta)
                u = u + V.Load(ref Unsafe.Add(ref input, k));
            var clamped = V.Greater(refractory, zero);
            u = V.Select(clamped, reset, u);
            var threshold = V.Load(ref _threshold.At(first + k));
            var fired = V.GreaterOrEqual(u, threshold);
            spikes |= (ulong)V.MaskBits(fired) << k;
            V.Store(V.Select(fired, _plan.Subtracts ? u - (threshold - reset) : reset, u), ref uAt);
            V.Store(V.Select(fired, refractorySteps, V.Max(refractory - one, zero)), ref refractoryAt);
        }
        return spikes;
    }

    public override void Dispose()
    {
        foreach (var buffer in (ParameterLanes[])[_q22, _p20, _threshold, _reset, .. _p21])
            buffer.Dispose();
    }
}
