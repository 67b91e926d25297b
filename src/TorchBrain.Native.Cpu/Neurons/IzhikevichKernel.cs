using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The Izhikevich update in lanes; the scalar equations, in this order of operations, are in docs/numerics.md.</summary>
sealed class IzhikevichKernel<V> : NeuronKernel where V : struct, ILanes<V>
{
    readonly IzhikevichPlan _plan;
    readonly AlignedBuffer<float> _v, _u;
    readonly ParameterLanes _aDt, _b, _c, _d;

    public IzhikevichKernel(CpuPopulation population)
    {
        _plan = (IzhikevichPlan)population.Plan.Neuron;
        (_v, _u) = (population.State[0], population.State[1]);
        (_aDt, _b) = (new(population, _plan.ADt), new(population, _plan.B));
        (_c, _d) = (new(population, _plan.C), new(population, _plan.D));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        var spikes = 0ul;
        V k2 = V.Splat(_plan.K2), k1 = V.Splat(_plan.K1), k0 = V.Splat(_plan.K0), peak = V.Splat(_plan.Peak);
        V half = V.Splat(_plan.HalfDt), dt = V.Splat(_plan.Dt), r = V.Splat(_plan.R), e = V.Splat(_plan.E);
        var scheme = _plan.Scheme;
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            ref var vAt = ref _v.At(first + k);
            ref var uAt = ref _u.At(first + k);
            V v = V.Load(ref vAt), u = V.Load(ref uAt), aDt = V.Load(ref _aDt.At(first + k)), b = V.Load(ref _b.At(first + k));
            var s = (k0 - u) + V.Load(ref Unsafe.Add(ref input, k));
            var before = v;
            if (scheme == IzhikevichScheme.TwoHalfSteps)
            {
                v = V.Fma(half, V.Fma(V.Fma(k2, v, k1), v, s), v);
                v = V.Fma(half, V.Fma(V.Fma(k2, v, k1), v, s), v);
            }
            else
                v = V.Fma(dt, V.Fma(V.Fma(k2, v, k1), v, s), v);
            var seen = scheme == IzhikevichScheme.EulerConsistent ? before : v;
            u = V.Fma(aDt, b * (seen - r) - e * u, u);
            var fired = scheme == IzhikevichScheme.Euler ? V.Greater(v, peak) : V.GreaterOrEqual(v, peak);
            spikes |= (ulong)V.MaskBits(fired) << k;
            V.Store(V.Select(fired, V.Load(ref _c.At(first + k)), v), ref vAt);
            V.Store(V.Select(fired, u + V.Load(ref _d.At(first + k)), u), ref uAt);
        }
        return spikes;
    }

    public override void Dispose()
    {
        _aDt.Dispose();
        _b.Dispose();
        _c.Dispose();
        _d.Dispose();
    }
}
