using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>State of one population, one number per element (neuron x batch + instance), and its update.</summary>
sealed class ReferencePopulation
{
    readonly NetworkPlan _network;
    readonly StepRing<bool> _spikes;
    readonly bool[] _alive;

    public ReferencePopulation(PopulationPlan plan, NetworkPlan network)
    {
        Plan = plan;
        _network = network;
        State = [.. plan.Neuron.State.Select(_ => new float[plan.Elements])];
        Input = [.. plan.Channels.Select(_ => new StepRing<long>(plan.RingSlots, plan.Elements))];
        Currents = [.. plan.Inputs.Select(i => i is CurrentPlan ? new float[plan.Elements] : null)];
        TotalSpikes = new int[plan.Elements];
        _spikes = new StepRing<bool>(plan.HistorySlots, plan.Elements);
        _alive = new bool[plan.Elements];
    }

    public PopulationPlan Plan { get; }
    public float[][] State { get; }
    public float[]?[] Currents { get; }
    public int[] TotalSpikes { get; }

    /// <summary>Fixed-point input still to come, per channel and step.</summary>
    public StepRing<long>[] Input { get; }

    int Elements => Plan.Elements;
    int Neuron(int element) => element / _network.Batch;

    public bool Spiked(int element, long step) => _spikes[step][element];

    public int[] SpikesOf(long step) => step < 0 ? [] : [.. Enumerable.Range(0, Elements).Where(e => Spiked(e, step))];

    public void Reset()
    {
        for (var e = 0; e < Elements; e++)
        {
            for (var s = 0; s < State.Length; s++)
                State[s][e] = Plan.Neuron.State[s].Initial[Neuron(e)];
            for (var i = 0; i < Currents.Length; i++)
                if (Currents[i] is { } current)
                    current[e] = ((CurrentPlan)Plan.Inputs[i]).Initial[Neuron(e)];
        }
        foreach (var ring in Input)
            ring.Clear(0);
        _spikes.Clear(false);
        Array.Fill(_alive, true);
        Array.Clear(TotalSpikes);
    }

    public void Update(long step)
    {
        var inputs = Enumerable.Range(0, Plan.Channels.Count).Select(c => TakeInput(c, step)).ToArray();
        var drive = Plan.Neuron is LeakyPlan || inputs.Length == 0 ? new float[Elements] : inputs[0];
        AddDrive(drive, step);
        var spikes = _spikes[step];
        for (var e = 0; e < Elements; e++)
            spikes[e] = Plan.Neuron switch
            {
                IzhikevichPlan p => ReferenceNeurons.Izhikevich(p, Neuron(e), inputs[0][e], ref State[0][e], ref State[1][e]),
                AlphaLifPlan p => ReferenceNeurons.Alpha(p, Neuron(e), e, Driven, drive, inputs, State),
                LifPlan p => ReferenceNeurons.Leaky(p, Neuron(e), e, Driven, drive, inputs, State[2..], ref State[0][e], ref State[1][e]),
                ConductanceLifPlan p => ReferenceNeurons.Conductance(p, Neuron(e), e, drive[e], inputs, State),
                ThresholdLinearPlan => (State[0][e] = inputs[0][e]) - State[1][e] > 0,
                PoissonSourcePlan p => StepMath.Word(_network.Seed, p.Stream, e, step) < p.Bound[Neuron(e)],
                SpikeArrayPlan p => Listed(p, Neuron(e), step),
                _ => throw new InvalidOperationException($"The reference does not know {Plan.Neuron}."),
            };
        for (var e = 0; e < Elements; e++)
            spikes[e] &= _alive[e];
        if (Plan.Neuron is ThresholdLinearPlan { Competition: Competition.WinnerTakesAll })
            KeepWinners(spikes);
        for (var e = 0; e < Elements; e++)
            TotalSpikes[e] += spikes[e] ? 1 : 0;
    }

    float[] TakeInput(int channel, long step)
    {
        var slot = Input[channel][step];
        var scale = MathF.ScaleB(1f, -Plan.Channels[channel].ScaleLog2);
        var result = new float[Elements];
        for (var e = 0; e < Elements; e++)
        {
            var sum = slot[e];
            foreach (var input in Plan.Inputs)
                if (input is PoissonPlan p && p.Channel == channel)
                    sum += (long)p.FixedWeight * StepMath.PoissonCount(_network.Seed, p.Stream, e, step, p.Table);
            if (!Plan.Channels[channel].Wide)
                _ = checked((int)sum); // the plan promises that 32 bits are enough
            result[e] = (float)sum * scale;
            slot[e] = 0;
        }
        return result;
    }

    void AddDrive(float[] drive, long step)
    {
        for (var i = 0; i < Plan.Inputs.Count; i++)
            for (var e = 0; e < Elements; e++)
                if (Plan.Inputs[i] is CurrentPlan)
                    drive[e] += Currents[i]![e];
                else if (Plan.Inputs[i] is NoisePlan n)
                    drive[e] = MathF.FusedMultiplyAdd(n.Deviation[Neuron(e)], StepMath.Normal(_network.Seed, n.Stream, e, step), drive[e]);
                else if (Plan.Inputs[i] is PulsePlan p && Neuron(e) == (int)(((ulong)StepMath.Word(_network.Seed, p.Stream, e % _network.Batch, step) * (uint)p.Among) >> 32))
                    drive[e] += p.Amplitude;
    }

    bool Driven => Plan.Inputs.Any(i => i is CurrentPlan or NoisePlan or PulsePlan);

    static bool Listed(SpikeArrayPlan p, int neuron, long step)
    {
        var k = Array.IndexOf(p.Steps, step);
        return k >= 0 && Array.IndexOf(p.Indices, neuron, p.Starts[k], p.Starts[k + 1] - p.Starts[k]) >= 0;
    }

    // Per instance the candidate with the largest y; the first of equals.
    void KeepWinners(bool[] candidates)
    {
        for (var instance = 0; instance < _network.Batch; instance++)
        {
            var winner = -1;
            for (var e = instance; e < Elements; e += _network.Batch)
                if (candidates[e] && (winner < 0 || State[0][e] - State[1][e] > State[0][winner] - State[1][winner]))
                    winner = e;
            for (var e = instance; e < Elements; e += _network.Batch)
                candidates[e] = e == winner;
        }
    }

    public void Read(BufferSpec buffer, Span<byte> destination, long now)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State: State[buffer.Index].CopyTo(MemoryMarshal.Cast<byte, float>(destination)); break;
            case BufferKind.InjectedCurrent: Currents[buffer.Index]!.CopyTo(MemoryMarshal.Cast<byte, float>(destination)); break;
            case BufferKind.Alive: Pack(_alive, MemoryMarshal.Cast<byte, uint>(destination)); break;
            case BufferKind.SpikeHistory:
                var words = MemoryMarshal.Cast<byte, uint>(destination);
                for (var r = 0; r < Plan.HistorySlots; r++)
                    Pack(_spikes[now - 1 - r], words.Slice(r * ((Elements + 31) / 32), (Elements + 31) / 32));
                break;
            case BufferKind.PendingInput:
                for (var r = 0; r < Plan.RingSlots; r++)
                    for (var e = 0; e < Elements; e++)
                        if (buffer.Type == ElementType.Int64)
                            MemoryMarshal.Cast<byte, long>(destination)[r * Elements + e] = Input[buffer.Index][now + r][e];
                        else
                            MemoryMarshal.Cast<byte, int>(destination)[r * Elements + e] = checked((int)Input[buffer.Index][now + r][e]);
                break;
        }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long now)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State: MemoryMarshal.Cast<byte, float>(source).CopyTo(State[buffer.Index]); break;
            case BufferKind.InjectedCurrent: MemoryMarshal.Cast<byte, float>(source).CopyTo(Currents[buffer.Index]); break;
            case BufferKind.Alive: Unpack(MemoryMarshal.Cast<byte, uint>(source), _alive); break;
            case BufferKind.SpikeHistory:
                for (var r = 0; r < Plan.HistorySlots; r++)
                    Unpack(MemoryMarshal.Cast<byte, uint>(source)[(r * ((Elements + 31) / 32))..], _spikes[now - 1 - r]);
                break;
            case BufferKind.PendingInput:
                for (var r = 0; r < Plan.RingSlots; r++)
                    for (var e = 0; e < Elements; e++)
                        Input[buffer.Index][now + r][e] = buffer.Type == ElementType.Int64
                            ? MemoryMarshal.Cast<byte, long>(source)[r * Elements + e] : MemoryMarshal.Cast<byte, int>(source)[r * Elements + e];
                break;
        }
    }

    static void Pack(bool[] flags, Span<uint> words)
    {
        words.Clear();
        for (var e = 0; e < flags.Length; e++)
            if (flags[e])
                words[e / 32] |= 1u << (e % 32);
    }

    static void Unpack(ReadOnlySpan<uint> words, bool[] flags)
    {
        for (var e = 0; e < flags.Length; e++)
            flags[e] = (words[e / 32] >> (e % 32) & 1) != 0;
    }
}
