using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tests;

/// <summary>What must not change a result: how the host asks for the steps, what is recorded, earlier runs, and which thread is first.</summary>
public class IndependenceTests
{
    const int Window = 4000;

    static IBackend Backend(string name) => name == "reference" ? new ReferenceBackend() : ParityRun.Cpu(name[^1] - '0');

    static Outcome Play(ParityCase parity, IBackend backend, Action<Simulation>? first = null, bool singly = false)
    {
        using var simulation = Simulation.Create(parity.Network, backend);
        first?.Invoke(simulation);
        parity.Run(simulation, parity.Steps, singly);
        return Outcome.Of(simulation);
    }

    static void AssertSame(Outcome found, Outcome expected, ParityCase parity) => Assert.That(found.DifferenceFrom(expected, parity.Network.Plan()), Is.Null);

    [Test]
    public void Run_StepByStep_EqualsThousandsAtOnce([Values("reference", "cpu 1", "cpu 2", "cpu 3")] string backend)
    {
        var parity = LearningCases.Everything(1) with { Steps = backend == "reference" ? 400 : 2000, Host = null };
        AssertSame(Play(parity, Backend(backend), singly: true), Play(parity, Backend(backend)), parity);
    }

    [Test]
    public void Run_Recorded_EqualsUnrecorded([Values("reference", "cpu 1", "cpu 2")] string backend)
    {
        var parity = LearningCases.Everything(1);
        var recordings = parity.Network.Populations.Select(p => (Recording)new SpikeRecording(p) { Steps = Window })
            .Append(new StateRecording(parity.Network.Populations[0], "v") { Steps = Window }).Append(new StateRecording(parity.Network.Populations[4], "theta") { Steps = Window, EverySteps = 7 });
        var recorded = parity with { Network = parity.Network with { Recordings = [.. recordings] } };
        Assert.That(recorded.Network.Plan().Hash, Is.EqualTo(parity.Network.Plan().Hash));
        AssertSame(Play(recorded, Backend(backend)), Play(parity, Backend(backend)), parity);
    }

    [Test]
    public void Reset_AfterAnyRun_EqualsFreshStart([Values("reference", "cpu 1", "cpu 2", "cpu 3")] string backend, [Values(1, 3)] int batch)
    {
        var parity = LearningCases.Everything(batch);
        var fresh = Play(parity, Backend(backend));
        AssertSame(Play(parity, Backend(backend), simulation =>
        {
            parity.Run(simulation, 77);
            var projection = simulation.Projection("array", "cells");
            simulation.WriteWeights(projection, new float[projection.SynapseCount]);
            simulation.Run(40);
            simulation.Reset();
            Assert.That(simulation.StepNumber, Is.Zero);
        }), fresh, parity);
    }

    [Test]
    public void Threads_AnyNumberAndOrder_SameBits()
    {
        var parity = LearningCases.Everything(1) with { Steps = 100 };
        var expected = Play(parity, new ReferenceBackend());
        foreach (var threads in new[] { 1, 2, 3, 4, 5, 7, 2, 3, 4 }) // more threads than cores: the system shuffles them
            AssertSame(Play(parity, ParityRun.Cpu(threads)), expected, parity);
    }

    [Test]
    public void Simulations_SideBySide_DoNotDisturbEachOther()
    {
        var parity = LearningCases.Everything(1);
        var expected = Play(parity, new ReferenceBackend());
        var outcomes = new Outcome[4];
        Parallel.For(0, outcomes.Length, i => outcomes[i] = Play(parity, ParityRun.Cpu(1 + i % 2)));
        foreach (var outcome in outcomes)
            AssertSame(outcome, expected, parity);
    }

    [Test]
    public void Seed_Changed_OtherSpikes()
    {
        var parity = LearningCases.Everything(1);
        var other = parity with { Network = parity.Network with { Seed = 12 } };
        Assert.That(Play(other, ParityRun.Cpu(1)).SpikeHash, Is.Not.EqualTo(Play(parity, ParityRun.Cpu(1)).SpikeHash));
    }

    [Test]
    public void Instances_OfABatch_AreIndependentAndDiffer()
    {
        var parity = ParityCase.Of("batch", [new Population("p", 40) { Neuron = new Izhikevich() }], batch: 4);
        var p = parity.Network.Populations[0];
        using var simulation = Simulation.Create(parity.Network with { Inputs = [new GaussianNoise(p) { Deviation = 6 }, new CurrentInjection(p) { Amplitude = 4 }] }, ParityRun.Cpu(2));
        simulation.Run(300);
        var counts = new int[160];
        simulation.AddSpikeCounts(simulation.Population("p"), counts);
        var perInstance = Enumerable.Range(0, 4).Select(b => string.Join(',', Enumerable.Range(0, 40).Select(n => counts[n * 4 + b]))).ToArray();
        Assert.That(perInstance.Distinct().Count(), Is.EqualTo(4), "each instance has its own noise");
        Assert.That(counts.Sum(), Is.GreaterThan(100));
    }

    [Test]
    public void Vectors_NativeWidth_IsNamed()
    {
        using var simulation = Simulation.Create(LearningCases.Everything(1).Network, ParityRun.Cpu(1));
        Assert.That(simulation.Compiled.Describe(), Does.Contain($"{CpuBackend.NativeVectorBits}-bit"));
    }
}
