using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>What a run left behind: the spike hash, the spike counts and every buffer.</summary>
sealed record Outcome(string SpikeHash, int[][] Counts, byte[][] Buffers)
{
    public static Outcome Of(Simulation simulation) => new(simulation.SpikeHash, [.. simulation.Plan.Populations.Select(p => SpikeCounts(simulation, p))],
        [.. simulation.Plan.Buffers.Select(b => Bytes(simulation, b))]);

    static int[] SpikeCounts(Simulation simulation, PopulationPlan population)
    {
        var counts = new int[population.Elements];
        simulation.Compiled.AddSpikeCounts(population.Index, counts);
        return counts;
    }

    public static byte[] Bytes(Simulation simulation, BufferSpec buffer)
    {
        var bytes = new byte[buffer.Bytes];
        simulation.Compiled.Read(buffer, bytes);
        return bytes;
    }

    /// <summary>The first difference in words, or null.</summary>
    public string? DifferenceFrom(Outcome expected, NetworkPlan plan)
    {
        for (var b = 0; b < Buffers.Length; b++)
            if (!Buffers[b].AsSpan().SequenceEqual(expected.Buffers[b]))
                return Describe(plan.Buffers[b], expected.Buffers[b], Buffers[b]);
        for (var p = 0; p < Counts.Length; p++)
            for (var e = 0; e < Counts[p].Length; e++)
                if (Counts[p][e] != expected.Counts[p][e])
                    return $"spike count of {plan.Populations[p].Name}[{e}]: expected {expected.Counts[p][e]}, found {Counts[p][e]}";
        return SpikeHash == expected.SpikeHash ? null : $"spike hash: expected {expected.SpikeHash}, found {SpikeHash}";
    }

    static string Describe(BufferSpec buffer, byte[] expected, byte[] found)
    {
        var size = buffer.Type == ElementType.Int64 ? 8 : 4;
        var at = expected.AsSpan().CommonPrefixLength(found) / size;
        string Value(byte[] bytes) => buffer.Type switch
        {
            ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes)[at].ToString(),
            ElementType.Int32 => $"{MemoryMarshal.Cast<byte, int>(bytes)[at]}",
            _ => $"{MemoryMarshal.Cast<byte, float>(bytes)[at]:G9} (0x{MemoryMarshal.Cast<byte, uint>(bytes)[at]:x8})",
        };
        return $"buffer {buffer.Name} ({buffer.Kind})[{at}] of {buffer.Length}: expected {Value(expected)}, found {Value(found)}";
    }
}

/// <summary>Compares a backend with the reference on one case.</summary>
static class ParityRun
{
    static readonly ConcurrentDictionary<string, Lazy<(NetworkPlan Plan, Outcome Outcome)>> Known = new();

    /// <summary>Plan and outcome on the reference, made once per case. Fails if the network is too quiet to tell anything.</summary>
    public static (NetworkPlan Plan, Outcome Outcome) Reference(ParityCase parity) => Known.GetOrAdd($"{parity.Name}, {parity.Steps} steps", _ => new(() =>
    {
        var plan = parity.Network.Plan();
        using var simulation = Simulation.Create(plan, new ReferenceBackend());
        parity.Run(simulation, parity.Steps);
        var outcome = Outcome.Of(simulation);
        foreach (var p in plan.Populations)
            if (!parity.Silent.Contains(p.Name))
                Assert.That(outcome.Counts[p.Index].Sum(), Is.GreaterThanOrEqualTo(parity.LeastSpikes), $"'{p.Name}' is too quiet: the case would prove nothing");
        return (plan, outcome);
    })).Value;

    public static CpuBackend Cpu(int threads, int bits = 0) => new(new CpuOptions { Threads = threads, VectorBits = bits });

    public static void AssertSame(ParityCase parity, IBackend backend)
    {
        var (plan, expected) = Reference(parity);
        using var simulation = Simulation.Create(plan, backend);
        parity.Run(simulation, parity.Steps);
        if (Outcome.Of(simulation).DifferenceFrom(expected, plan) is { } difference)
            Assert.Fail($"{simulation.Compiled.Describe()} differs from the reference after {parity.Steps} steps: {difference}\n{FirstDifference(parity, plan, backend)}");
    }

    static string FirstDifference(ParityCase parity, NetworkPlan plan, IBackend backend)
    {
        using var expected = Simulation.Create(plan, new ReferenceBackend());
        using var found = Simulation.Create(plan, backend);
        if (Outcome.Of(found).DifferenceFrom(Outcome.Of(expected), plan) is { } start)
            return $"Differs before the first step: {start}";
        for (var step = 0L; step < parity.Steps; step++)
        {
            parity.Run(expected, step + 1, singly: true);
            parity.Run(found, step + 1, singly: true);
            if (Outcome.Of(found).DifferenceFrom(Outcome.Of(expected), plan) is { } difference)
                return $"Stepped singly, step {step} is the first that differs: {difference}";
        }
        return "Stepped singly, there is no difference.";
    }
}
