using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Gathers the input of a block of elements for one step, in the order of the plan: integer sums first (synapses, Poisson), then float currents and noise. Each part goes over the
/// whole block, which stays in the first-level cache.
/// </summary>
sealed class InputStage<V> : IDisposable where V : struct, ILanes<V>
{
    const int Group = CpuPopulation.Group;

    readonly CpuPopulation _population;
    readonly SumLanes<V> _sums;
    readonly bool[] _wide;
    readonly ulong _seed;
    readonly int _channels, _driveRow;
    readonly PoissonPlan[][] _poisson;
    readonly PoissonDrive[][] _poissonDrives;
    readonly InputPlan[] _drives;
    readonly InjectedCurrent?[] _currents;
    readonly ParameterLanes?[] _deviations;
    readonly PhiloxBlocks?[] _noise;

    public InputStage(CpuPopulation population, SumLanes<V> sums, ulong seed)
    {
        _sums = sums;
        _population = population;
        _seed = seed;
        var plan = population.Plan;
        _channels = plan.Channels.Count;
        _poisson = [.. plan.Channels.Select((_, c) => plan.Inputs.OfType<PoissonPlan>().Where(p => p.Channel == c).ToArray())];
        _poissonDrives = [.. _poisson.Select(channel => channel.Select(p => new PoissonDrive(p, seed, 32 * V.Count)).ToArray())];
        _drives = [.. plan.Inputs.Where(i => i is not PoissonPlan)];
        _currents = [.. _drives.Select(d => population.Currents[Index(plan.Inputs, d)])];
        _deviations = [.. _drives.Select(d => d is NoisePlan n ? new ParameterLanes(population, n.Deviation) : null)];
        _noise = [.. _drives.Select(d => d is NoisePlan n ? new PhiloxBlocks(seed, n.Stream, 32 * V.Count) : null)];
        _driveRow = plan.Neuron is LeakyPlan ? _channels : 0;
        _wide = [.. plan.Channels.Select(c => c.Wide)];
        Rows = _channels + (_driveRow > 0 ? 1 : 0);
    }

    /// <summary>Rows of <see cref="Block.Longest"/> floats that <see cref="Fill"/> writes.</summary>
    public int Rows { get; }

    /// <summary>Fills all rows for the elements of a block.</summary>
    public void Fill(Block block, ref float rows)
    {
        for (var c = 0; c < _channels; c++)
        {
            ref var row = ref Unsafe.Add(ref rows, c * Block.Longest);
            if (_wide[c])
            {
                TakeWide(ref _population.WideSums(c)!.At(_population.Origin(c, block.Thread, block.Step) + block.First), ref row, c, block.First, block.Count, block.Step);
                continue;
            }
            AddPoisson(c, block);
            TakeNarrow(ref _sums.At(c, block), ref row, block.Count, _sums.Scale(c));
        }
        AddDrives(block, ref Unsafe.Add(ref rows, _driveRow * Block.Longest));
    }

    /// <summary>For a kernel that takes the sums itself: completes them, and finds currents and noise. A lone current is read where it is.</summary>
    public ref float FindDrive(Block block, ref float row)
    {
        for (var c = 0; c < _channels; c++)
            AddPoisson(c, block);
        if (_drives.Length == 1 && _currents[0] is { } current)
            return ref current.At(block);
        AddDrives(block, ref row);
        return ref row;
    }

    void AddPoisson(int channel, Block block)
    {
        foreach (var poisson in _poissonDrives[channel])
            poisson.Add(ref _sums.At(channel, block), block.First, block.Count, block.Step);
    }

    void AddDrives(Block block, ref float row)
    {
        for (var d = 0; d < _drives.Length; d++)
        {
            var fresh = d == 0 && _driveRow > 0;
            if (_noise[d] is { } noise)
                AddNoise(ref row, _deviations[d]!, noise, block.First, block.Count, block.Step, fresh);
            else if (_drives[d] is PulsePlan pulse)
                AddPulse(ref row, pulse, block.First, block.Count, block.Step, fresh);
            else
                AddCurrent(ref row, ref _currents[d]!.At(block), block.Count, fresh);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TakeNarrow(ref int sums, ref float row, int count, float scale)
    {
        var factor = V.Splat(scale);
        for (nint k = 0; k < count; k += V.Count)
            V.Store(SumLanes<V>.Take(ref Unsafe.Add(ref sums, k), factor), ref Unsafe.Add(ref row, k));
    }

    // Rare (sums that 32 bits cannot hold), so plain loops.
    void TakeWide(ref long sums, ref float row, int channel, int first, int count, long step)
    {
        foreach (var poisson in _poisson[channel])
            for (var k = 0; k < count; k++)
                Unsafe.Add(ref sums, k) += (long)poisson.FixedWeight * StepMath.PoissonCount(_seed, poisson.Stream, first + k, step, poisson.Table);
        for (var k = 0; k < count; k++)
        {
            Unsafe.Add(ref row, k) = (float)Unsafe.Add(ref sums, k) * _sums.Scale(channel);
            Unsafe.Add(ref sums, k) = 0;
        }
    }

    // A row of the drive's own starts at 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddCurrent(ref float drive, ref float current, int count, bool fresh)
    {
        for (var k = 0; k < count; k += V.Count)
            V.Store((fresh ? V.Splat(0f) : V.Load(ref Unsafe.Add(ref drive, k))) + V.Load(ref Unsafe.Add(ref current, k)), ref Unsafe.Add(ref drive, k));
    }

    // One element of each instance, if it is among these.
    void AddPulse(ref float drive, PulsePlan pulse, int first, int count, long step, bool fresh)
    {
        if (fresh)
            MemoryMarshal.CreateSpan(ref drive, count).Clear();
        var batch = _population.Plan.Elements / _population.Plan.Count;
        for (var instance = 0; instance < batch; instance++)
        {
            var neuron = pulse.Neuron(_seed, instance, step);
            var at = (long)neuron * batch + instance - first;
            if (neuron < _population.Plan.Count && at >= 0 && at < count)
                Unsafe.Add(ref drive, (nint)at) += pulse.Amplitude;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static void AddNoise(ref float drive, ParameterLanes deviation, PhiloxBlocks random, int first, int count, long step, bool fresh)
    {
        Span<int> buffer = stackalloc int[Group];
        ref var words = ref buffer[0];
        for (var group = 0; group < count; group += Group)
        {
            random.Group(first + group, step, ref Unsafe.As<int, uint>(ref words));
            StepNoise<V>.GroupNormals(ref words);
            ref var scale = ref deviation.At(first + group);
            ref var to = ref Unsafe.Add(ref drive, group);
            for (var k = 0; k < Group; k += V.Count)
                V.Store(V.Fma(V.Load(ref Unsafe.Add(ref scale, k)), V.LoadBits(ref Unsafe.Add(ref words, k)), fresh ? V.Splat(0f) : V.Load(ref Unsafe.Add(ref to, k))), ref Unsafe.Add(ref to, k));
        }
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
        foreach (var deviation in _deviations)
            deviation?.Dispose();
    }
}
