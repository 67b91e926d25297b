using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// The leaky integrate-and-fire update with one or two alpha currents in lanes. A group goes through three short loops, so that each keeps its values in registers: leak, each receptor,
/// threshold. The potential between them stays in the first-level cache.
/// </summary>
sealed class AlphaLifKernel<V> : GroupKernel where V : struct, ILanes<V>
{
    readonly AlphaLifPlan _plan;
    readonly AlignedBuffer<float>[] _state;
    readonly ParameterLanes _q22, _p20, _threshold, _reset;
    readonly ParameterLanes[] _p21, _riseToPotential;
    readonly float[] _p11, _riseToCurrent;
    readonly bool _driven;

    public AlphaLifKernel(CpuPopulation population)
    {
        _plan = (AlphaLifPlan)population.Plan.Neuron;
        _state = population.State;
        (_q22, _p20) = (new(population, _plan.Q22), new(population, _plan.P20));
        (_threshold, _reset) = (new(population, _plan.Threshold), new(population, _plan.Reset));
        _p21 = [.. _plan.P21.Select(p => new ParameterLanes(population, p))];
        _riseToPotential = [.. _plan.RiseToPotential.Select(p => new ParameterLanes(population, p))];
        (_p11, _riseToCurrent) = ([.. _plan.P11], [.. _plan.RiseToCurrent]);
        _driven = population.Plan.Inputs.Any(i => i is not PoissonPlan);
    }

    /// <summary>Input rows: one per receptor, then one of currents and noise if the population is driven.</summary>
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        ref var v = ref _state[0].At(first);
        if (_driven)
            LeakDriven(ref v, ref _q22.At(first), ref _p20.At(first), ref Unsafe.Add(ref input, _p21.Length * Block.Longest));
        else
            Leak(ref v, ref _q22.At(first));
        for (var r = 0; r < _p21.Length; r++)
            Receive(r, first, ref v, ref Unsafe.Add(ref input, r * Block.Longest));
        return Finish(first, ref v);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Leak(ref float potential, ref float q22)
    {
        var minus = V.Splat(-1f);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            var v = V.Load(ref Unsafe.Add(ref potential, k));
            V.Store(V.Fma(minus * V.Load(ref Unsafe.Add(ref q22, k)), v, v), ref Unsafe.Add(ref potential, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void LeakDriven(ref float potential, ref float q22, ref float p20, ref float drive)
    {
        var minus = V.Splat(-1f);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            var v = V.Load(ref Unsafe.Add(ref potential, k));
            var gain = V.Load(ref Unsafe.Add(ref p20, k)) * V.Load(ref Unsafe.Add(ref drive, k));
            V.Store(v + V.Fma(minus * V.Load(ref Unsafe.Add(ref q22, k)), v, gain), ref Unsafe.Add(ref potential, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Receive(int receptor, int first, ref float potential, ref float input)
    {
        ref float current = ref _state[2 + 2 * receptor].At(first), rise = ref _state[3 + 2 * receptor].At(first);
        ref float p21 = ref _p21[receptor].At(first), p31 = ref _riseToPotential[receptor].At(first);
        V p11 = V.Splat(_p11[receptor]), riseToCurrent = V.Splat(_riseToCurrent[receptor]);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            V i = V.Load(ref Unsafe.Add(ref current, k)), d = V.Load(ref Unsafe.Add(ref rise, k));
            var v = V.Fma(V.Load(ref Unsafe.Add(ref p31, k)), d, V.Load(ref Unsafe.Add(ref potential, k)));
            V.Store(V.Fma(V.Load(ref Unsafe.Add(ref p21, k)), i, v), ref Unsafe.Add(ref potential, k));
            V.Store(V.Fma(riseToCurrent, d, p11 * i), ref Unsafe.Add(ref current, k));
            V.Store(V.Fma(p11, d, V.Load(ref Unsafe.Add(ref input, k))), ref Unsafe.Add(ref rise, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    ulong Finish(int first, ref float potential)
    {
        ref float refractory = ref _state[1].At(first), threshold = ref _threshold.At(first), reset = ref _reset.At(first);
        var steps = V.Splat(_plan.RefractorySteps);
        var (subtracts, spikes) = (_plan.Subtracts, 0ul);
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            ref var at = ref Unsafe.Add(ref potential, k);
            spikes |= (ulong)LeakyFinish<V>.Store(V.Load(ref at), V.Load(ref Unsafe.Add(ref threshold, k)), V.Load(ref Unsafe.Add(ref reset, k)), steps, subtracts, ref at, ref Unsafe.Add(ref refractory, k)) << k;
        }
        return spikes;
    }

    public override void Dispose()
    {
        foreach (var buffer in (ParameterLanes[])[_q22, _p20, _threshold, _reset, .. _p21, .. _riseToPotential])
            buffer.Dispose();
    }
}
