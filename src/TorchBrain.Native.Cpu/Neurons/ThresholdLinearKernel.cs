using System.Numerics;
using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The threshold-linear update in lanes, and the competition for the largest y.</summary>
sealed class ThresholdLinearKernel<V> : GroupKernel where V : struct, ILanes<V>
{
    readonly AlignedBuffer<float> _x, _theta;
    readonly int _batch;
    readonly float[] _best;
    readonly int[] _winner;
    readonly bool _competes;

    public ThresholdLinearKernel(CpuPopulation population)
    {
        (_x, _theta) = (population.State[0], population.State[1]);
        _batch = population.Plan.Elements / population.Plan.Count;
        _competes = ((ThresholdLinearPlan)population.Plan.Neuron).Competition == Competition.WinnerTakesAll;
        _best = new float[_batch];
        _winner = new int[_batch];
    }

    public override bool Competes => _competes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override ulong UpdateGroup(int first, long step, ref float input)
    {
        var above = 0ul;
        for (var k = 0; k < CpuPopulation.Group; k += V.Count)
        {
            var x = V.Load(ref Unsafe.Add(ref input, k));
            V.Store(x, ref _x.At(first + k));
            above |= (ulong)V.MaskBits(V.Greater(x - V.Load(ref _theta.At(first + k)), V.Splat(0f))) << k;
        }
        return above;
    }

    public override void Compete(Span<ulong> candidates)
    {
        Array.Clear(_best);
        Array.Fill(_winner, -1);
        for (var g = 0; g < candidates.Length; g++)
        {
            for (var bits = candidates[g]; bits != 0; bits &= bits - 1)
            {
                var e = g * CpuPopulation.Group + BitOperations.TrailingZeroCount(bits);
                var instance = e % _batch;
                var y = _x.At(e) - _theta.At(e);
                if (y > _best[instance])
                    (_best[instance], _winner[instance]) = (y, e);
            }
            candidates[g] = 0;
        }
        foreach (var e in _winner)
            if (e >= 0)
                candidates[e / CpuPopulation.Group] |= 1ul << (e % CpuPopulation.Group);
    }
}
