using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Full matrix of float weights with winner-take-all learning. The matrix is stored in tiles of 16 targets, [tile][source][16]: the arrival of a spike reads one cache
/// line per tile, and the column of a winner lies in one compact tile. All targets belong to one thread.
/// </summary>
sealed class WinnerTakeAllSynapses<V> : SynapseKernel where V : struct, ILanes<V>
{
    const int Tile = 16;
    const int SumLanes = 32;

    readonly WinnerTakeAllPlan _rule;
    readonly AlignedBuffer<float> _weights;
    readonly AlignedBuffer<float> _largest;
    readonly AlignedBuffer<float> _x, _theta;
    readonly int[] _wins;
    readonly int _sources, _owner, _tiles;

    public WinnerTakeAllSynapses(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _rule = (WinnerTakeAllPlan)plan.Learning!;
        _sources = plan.Source.Count;
        _tiles = target.Padded / Tile;
        _weights = new AlignedBuffer<float>((long)_sources * target.Padded, target.HugePages);
        _largest = new AlignedBuffer<float>(target.Padded, target.HugePages);
        _wins = new int[target.Plan.Elements];
        (_x, _theta) = (target.State[0], target.State[1]);
        _owner = plan.Target.Index % threads;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    long At(int source, int element) => ((long)(element / Tile) * _sources + source) * Tile + element % Tile;

    public override void Reset()
    {
        for (var s = 0; s < _sources; s++)
            for (var e = 0; e < Target.Plan.Elements; e++)
                _weights.At(At(s, e)) = _rule.InitialWeights[(long)s * Plan.Target.Count + e / Batch];
        _largest.Clear();
        Array.Clear(_wins);
    }

    public override void Arrive(int thread, long step)
    {
        var sent = step - Plan.MinDelay;
        if (thread != _owner || sent < 0)
            return;
        var slot = Origin(thread, step);
        for (var k = 0; k < Threads; k++)
        {
            var spikes = Source.Spikes(k, sent);
            if (spikes.IsEmpty)
                continue;
            if (Batch > 1 || Ring is null)
                ArriveScalar(spikes, slot);
            else
                ArriveVectors(spikes, slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ArriveVectors(ReadOnlySpan<int> spikes, long slot)
    {
        var scale = V.Splat(Scale);
        for (var tile = 0; tile < _tiles; tile++)
            for (var lane = 0; lane < Tile; lane += V.Count)
            {
                ref var column = ref _weights.At((long)tile * _sources * Tile + lane);
                var sum = V.SplatBits(0);
                foreach (var source in spikes)
                    sum = V.AddInt(sum, V.RoundToInt(V.Load(ref Unsafe.Add(ref column, source * Tile)) * scale));
                ref var ring = ref Ring!.At(slot + tile * Tile + lane);
                V.StoreBits(V.AddInt(V.LoadBits(ref ring), sum), ref ring);
            }
    }

    void ArriveScalar(ReadOnlySpan<int> spikes, long slot)
    {
        var scale = Scale;
        foreach (var spike in spikes)
        {
            var (source, instance) = Math.DivRem(spike, Batch);
            for (var e = instance; e < Target.Plan.Elements; e += Batch)
                Add(slot + e, (int)MathF.Round(_weights.At(At(source, e)) * scale));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Learn(int thread, long step)
    {
        if (thread != _owner)
            return;
        for (var e = 0; e < Target.Padded; e += V.Count)
            V.Store(V.Max(V.Load(ref _x.At(e)), V.Load(ref _largest.At(e))), ref _largest.At(e));
        foreach (var winner in Target.Spikes(_owner, step))
            Potentiate(winner, step);
        if (_rule.ResetEverySteps > 0 && (step + 1) % _rule.ResetEverySteps == 0)
            for (var e = 0; e < Target.Plan.Elements; e++)
                if (_wins[e] < _rule.ResetBelowWins)
                    _theta.At(e) = _rule.ResetFraction * _largest.At(e);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Potentiate(int winner, long step)
    {
        var y = _x.At(winner) - _theta.At(winner);
        var increment = _rule.LearningRate * y;
        var instance = winner % Batch;
        for (var k = 0; k < Threads; k++)
            foreach (var spike in Source.Spikes(k, step - Plan.MinDelay))
                if (Batch == 1 || spike % Batch == instance)
                    _weights.At(At(spike / Batch, winner)) += increment;
        _theta.At(winner) = MathF.FusedMultiplyAdd(_rule.ThresholdGain, y, _theta.At(winner));
        _wins[winner]++;
        ScaleColumn(winner);
    }

    // The sum is a fixed tree: 32 partial sums over sources 32 apart, then folded in halves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    void ScaleColumn(int winner)
    {
        Span<float> partial = stackalloc float[SumLanes];
        partial.Clear();
        ref var column = ref _weights.At(At(0, winner));
        ref var lane = ref partial[0];
        for (var s = 0; s < _sources; s++)
            Unsafe.Add(ref lane, s & (SumLanes - 1)) += Unsafe.Add(ref column, s * Tile);
        for (var half = SumLanes / 2; half > 0; half /= 2)
            for (var k = 0; k < half; k++)
                partial[k] += partial[k + half];
        var factor = _rule.WeightSum / partial[0];
        for (var s = 0; s < _sources; s++)
            Unsafe.Add(ref column, s * Tile) *= factor;
    }

    // The weights of a source onto the elements of one tile, padding left out.
    Span<float> TileRow(int source, int firstElement) => _weights.Span(At(source, firstElement), Math.Min(Tile, Target.Plan.Elements - firstElement));

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                var weights = MemoryMarshal.Cast<byte, float>(destination);
                for (var s = 0; s < _sources; s++)
                    for (var e = 0; e < Target.Plan.Elements; e += Tile)
                        TileRow(s, e).CopyTo(weights[(s * Target.Plan.Elements + e)..]);
                break;
            case BufferKind.Wins:
                MemoryMarshal.AsBytes(_wins.AsSpan()).CopyTo(destination);
                break;
            case BufferKind.LargestInput:
                MemoryMarshal.AsBytes(_largest.Span(0, Target.Plan.Elements)).CopyTo(destination);
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                var weights = MemoryMarshal.Cast<byte, float>(source);
                for (var s = 0; s < _sources; s++)
                    for (var e = 0; e < Target.Plan.Elements; e += Tile)
                        weights.Slice(s * Target.Plan.Elements + e, TileRow(s, e).Length).CopyTo(TileRow(s, e));
                break;
            case BufferKind.Wins:
                source.CopyTo(MemoryMarshal.AsBytes(_wins.AsSpan()));
                break;
            case BufferKind.LargestInput:
                source.CopyTo(MemoryMarshal.AsBytes(_largest.Span(0, Target.Plan.Elements)));
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Dispose()
    {
        _weights.Dispose();
        _largest.Dispose();
    }
}
