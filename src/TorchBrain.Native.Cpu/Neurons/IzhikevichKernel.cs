using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The Izhikevich update in lanes; the scalar equations, in this order of operations, are in docs/numerics.md.</summary>
sealed class IzhikevichKernel<V> : GroupKernel where V : struct, ILanes<V>
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

    public override ulong UpdateGroup(int first, long step, ref float input) => _plan.Scheme switch
    {
        IzhikevichScheme.TwoHalfSteps => Update<Yes, No>(first, ref input),
        IzhikevichScheme.Euler => Update<No, No>(first, ref input),
        _ => Update<No, Yes>(first, ref input),
    };

    // In most vectors nobody fires: what a reset needs is fetched only then.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    ulong Update<THalves, TConsistent>(int first, ref float input) where THalves : struct, IFlag where TConsistent : struct, IFlag
    {
        var spikes = 0ul;
        V k2 = V.Splat(_plan.K2), k1 = V.Splat(_plan.K1), k0 = V.Splat(_plan.K0), peak = V.Splat(_plan.Peak);
        V dt = V.Splat(THalves.On ? _plan.HalfDt : _plan.Dt), r = V.Splat(_plan.R), e = V.Splat(_plan.E);
        ref float vs = ref _v.At(first), us = ref _u.At(first), aDt = ref _aDt.At(first), b = ref _b.At(first), c = ref _c.At(first), d = ref _d.At(first);
        for (nint k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            V v = V.Load(ref Unsafe.Add(ref vs, k)), u = V.Load(ref Unsafe.Add(ref us, k));
            var s = (k0 - u) + V.Load(ref Unsafe.Add(ref input, k));
            var before = v;
            v = V.Fma(dt, V.Fma(V.Fma(k2, v, k1), v, s), v);
            if (THalves.On)
                v = V.Fma(dt, V.Fma(V.Fma(k2, v, k1), v, s), v);
            u = V.Fma(V.Load(ref Unsafe.Add(ref aDt, k)), V.Load(ref Unsafe.Add(ref b, k)) * ((TConsistent.On ? before : v) - r) - e * u, u);
            if ((THalves.On || TConsistent.On ? V.ReachedBits(v, peak) : V.MaskBits(V.Greater(v, peak))) is not 0 and var bits)
            {
                var fired = THalves.On || TConsistent.On ? V.GreaterOrEqual(v, peak) : V.Greater(v, peak);
                spikes |= (ulong)bits << (int)k;
                v = V.Select(fired, V.Load(ref Unsafe.Add(ref c, k)), v);
                u = V.Select(fired, u + V.Load(ref Unsafe.Add(ref d, k)), u);
            }
            V.Store(v, ref Unsafe.Add(ref vs, k));
            V.Store(u, ref Unsafe.Add(ref us, k));
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
