using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Gathers the input of a group for one step, in the order of the plan: integer sums first (ring, Poisson), then float currents and noise.</summary>
sealed class InputStage<V> : IDisposable where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group;

    readonly CpuPopulation _population;
    readonly ulong _seed;
    readonly int _channels, _driveRow;
    readonly PoissonPlan[][] _poisson;
    readonly InputPlan[] _drives;
    readonly AlignedBuffer<float>?[] _driveValues;
    readonly float[] _scale;

    public InputStage(CpuPopulation population, ulong seed)
    {
        _population = population;
        _seed = seed;
        var plan = population.Plan;
        _channels = plan.Channels.Count;
        _poisson = [.. plan.Channels.Select((_, c) => plan.Inputs.OfType<PoissonPlan>().Where(p => p.Channel == c).ToArray())];
        _drives = [.. plan.Inputs.Where(i => i is not PoissonPlan)];
        _driveValues = [.. _drives.Select(d => d is NoisePlan n ? population.Expand(n.Deviation) : population.Currents[Index(plan.Inputs, d)])];
        _driveRow = plan.Neuron is LifPlan ? _channels : 0;
        _scale = [.. plan.Channels.Select(c => (float)Math.ScaleB(1, -c.ScaleLog2))];
        Rows = _channels + (_driveRow > 0 ? 1 : 0);
    }

    /// <summary>Rows of 64 floats that <see cref="Fill"/> writes.</summary>
    public int Rows { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int first, long step, ref float rows)
    {
        for (var c = 0; c < _channels; c++)
        {
            ref var row = ref Unsafe.Add(ref rows, c * Group);
            var at = (step & _population.RingMask) * _population.Padded + first;
            if (_population.Rings[c] is { } ring)
                TakeNarrow(ref ring.At(at), ref row, c, first, step);
            else
                TakeWide(ref _population.WideRings[c]!.At(at), ref row, c, first, step);
        }
        if (_drives.Length == 0)
            return;
        ref var drive = ref Unsafe.Add(ref rows, _driveRow * Group);
        if (_driveRow > 0)
            for (var k = 0; k < Group; k += V.Count)
                V.Store(V.Splat(0f), ref Unsafe.Add(ref drive, k));
        for (var d = 0; d < _drives.Length; d++)
            if (_drives[d] is NoisePlan noise)
                AddNoise(ref drive, ref _driveValues[d]!.At(first), noise.Stream, first, step);
            else
                for (var k = 0; k < Group; k += V.Count)
                    V.Store(V.Load(ref Unsafe.Add(ref drive, k)) + V.Load(ref Unsafe.Add(ref _driveValues[d]!.At(first), k)), ref Unsafe.Add(ref drive, k));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void TakeNarrow(ref int ring, ref float row, int channel, int first, long step)
    {
        foreach (var poisson in _poisson[channel])
            AddPoisson(ref ring, poisson, first, step);
        var scale = V.Splat(_scale[channel]);
        for (var k = 0; k < Group; k += V.Count)
        {
            V.Store(V.IntToFloat(V.LoadBits(ref Unsafe.Add(ref ring, k))) * scale, ref Unsafe.Add(ref row, k));
            V.StoreBits(V.SplatBits(0), ref Unsafe.Add(ref ring, k));
        }
    }

    // Rare (sums that 32 bits cannot hold), so plain loops.
    void TakeWide(ref long ring, ref float row, int channel, int first, long step)
    {
        foreach (var poisson in _poisson[channel])
            for (var k = 0; k < Group; k++)
            {
                var word = StepMath.Word(_seed, poisson.Stream, first + k, step);
                foreach (var bound in poisson.Bounds)
                    if (word >= bound)
                        Unsafe.Add(ref ring, k) += poisson.FixedWeight;
            }
        for (var k = 0; k < Group; k++)
        {
            Unsafe.Add(ref row, k) = (float)Unsafe.Add(ref ring, k) * _scale[channel];
            Unsafe.Add(ref ring, k) = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddPoisson(ref int sums, PoissonPlan poisson, int first, long step)
    {
        for (var k = 0; k < 16; k += V.Count)
        {
            StepNoise<V>.Words(_seed, poisson.Stream, (uint)(first / 4 + k), step, out var w0, out var w1, out var w2, out var w3);
            AddCounts(ref Unsafe.Add(ref sums, k), w0, poisson);
            AddCounts(ref Unsafe.Add(ref sums, k + 16), w1, poisson);
            AddCounts(ref Unsafe.Add(ref sums, k + 32), w2, poisson);
            AddCounts(ref Unsafe.Add(ref sums, k + 48), w3, poisson);
        }
    }

    // Each bound at or below the word adds one weight. The bounds ascend, so the loop ends with the last lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddCounts(ref int sums, V word, PoissonPlan poisson)
    {
        var sum = V.LoadBits(ref sums);
        var weight = V.SplatBits((uint)poisson.FixedWeight);
        var all = V.SplatBits(uint.MaxValue);
        foreach (var bound in poisson.Bounds)
        {
            var reached = V.LessUnsigned(word, V.SplatBits(bound)) ^ all;
            if (V.MaskBits(reached) == 0)
                break;
            sum = V.AddInt(sum, reached & weight);
        }
        V.StoreBits(sum, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void AddNoise(ref float drive, ref float deviation, uint stream, int first, long step)
    {
        for (var k = 0; k < 16; k += V.Count)
        {
            StepNoise<V>.Words(_seed, stream, (uint)(first / 4 + k), step, out var w0, out var w1, out var w2, out var w3);
            StepNoise<V>.NormalPair(w0, w1, out var n0, out var n1);
            StepNoise<V>.NormalPair(w2, w3, out var n2, out var n3);
            AddScaled(ref drive, ref deviation, k, n0);
            AddScaled(ref drive, ref deviation, k + 16, n1);
            AddScaled(ref drive, ref deviation, k + 32, n2);
            AddScaled(ref drive, ref deviation, k + 48, n3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddScaled(ref float drive, ref float deviation, int k, V normal)
    {
        ref var at = ref Unsafe.Add(ref drive, k);
        V.Store(V.Fma(V.Load(ref Unsafe.Add(ref deviation, k)), normal, V.Load(ref at)), ref at);
    }

    static int Index(IReadOnlyList<InputPlan> inputs, InputPlan wanted)
    {
        var i = 0;
        while (!ReferenceEquals(inputs[i], wanted))
            i++;
        return i;
    }

    public void Dispose()
    {
        for (var d = 0; d < _drives.Length; d++)
            if (_drives[d] is NoisePlan)
                _driveValues[d]!.Dispose();
    }
}
