using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>What must not change a result on a device: how the steps are asked for and queued, what is recorded, earlier runs, and other networks beside it.</summary>
public class CudaIndependenceTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static Outcome Play(ParityCase parity, CudaOptions? options = null, Action<Simulation>? first = null, bool singly = false)
    {
        using var backend = new CudaBackend(options);
        using var simulation = Simulation.Create(parity.Network, backend);
        first?.Invoke(simulation);
        parity.Run(simulation, parity.Steps, singly);
        return Outcome.Of(simulation);
    }

    static void AssertSame(Outcome found, ParityCase parity)
    {
        var (plan, expected) = ParityRun.Reference(parity);
        Assert.That(found.DifferenceFrom(expected, plan), Is.Null);
    }

    static ParityCase Long { get; } = LearningCases.Everything(1) with { Name = "everything, long", Steps = 700, Host = null };

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(16)]
    [TestCase(1024)]
    public void Run_AnyStepsPerGraph_SameBits(int stepsPerGraph) => AssertSame(Play(Long, new CudaOptions { StepsPerGraph = stepsPerGraph }), Long);

    [Test]
    public void Run_StepByStep_SameBits() => AssertSame(Play(Long, singly: true), Long);

    [Test]
    public void Run_EveryLaunchChecked_SameBits() => AssertSame(Play(LearningCases.Everything(3), new CudaOptions { CheckEveryLaunch = true }), LearningCases.Everything(3));

    [Test]
    public void Run_PartsOfAnyLength_SameBits() => AssertSame(Play(Long, first: simulation =>
    {
        for (var part = 1; simulation.StepNumber + part < 600; part = part * 3 % 101)
            simulation.Run(part);
    }), Long);

    [Test]
    public void Run_Recorded_SameBits()
    {
        var parity = LearningCases.Everything(1);
        var recordings = parity.Network.Populations.Select(p => (Recording)new SpikeRecording(p) { Steps = 4000 })
            .Append(new StateRecording(parity.Network.Populations[0], "v") { Steps = 4000 }).Append(new StateRecording(parity.Network.Populations[4], "theta") { Steps = 4000, EverySteps = 7 });
        AssertSame(Play(parity with { Network = parity.Network with { Recordings = [.. recordings] } }), parity);
    }

    [Test]
    public void Recordings_DrainedInAnyParts_EqualReference([Values(200, 17)] int every, [Values(1, 3)] int batch)
    {
        var parity = RecordedRun.Case(batch);
        using var backend = new CudaBackend();
        Assert.That(RecordedRun.Of(parity, backend, every).Order(), Is.EqualTo(RecordedRun.Of(parity, new ReferenceBackend(), 200).Order()));
    }

    [Test]
    public void Reset_AfterAnyRun_EqualsFreshStart([Values(1, 3)] int batch)
    {
        var parity = LearningCases.Everything(batch);
        AssertSame(Play(parity, first: simulation =>
        {
            parity.Run(simulation, 77);
            var projection = simulation.Projection("array", "cells");
            simulation.WriteWeights(projection, new float[projection.SynapseCount]);
            simulation.Run(40);
            simulation.Reset();
            Assert.That(simulation.StepNumber, Is.Zero);
        }), parity);
    }

    [Test]
    public void Simulations_SideBySide_DoNotDisturbEachOther()
    {
        var parity = LearningCases.Everything(1);
        var outcomes = new Outcome[4];
        using var shared = new CudaBackend();
        Parallel.For(0, outcomes.Length, i =>
        {
            using var own = i % 2 == 0 ? null : new CudaBackend();
            using var simulation = Simulation.Create(parity.Network, own ?? shared);
            parity.Run(simulation, parity.Steps);
            outcomes[i] = Outcome.Of(simulation);
        });
        foreach (var outcome in outcomes)
            AssertSame(outcome, parity);
    }

    [Test]
    public void ReadSpikes_EveryStep_EqualsCpu()
    {
        var parity = LearningCases.Everything(3);
        using var backend = new CudaBackend();
        using var expected = Simulation.Create(parity.Network, ParityRun.Cpu(1));
        using var found = Simulation.Create(parity.Network, backend);
        for (var step = 0; step < 60; step++)
        {
            parity.Run(expected, step + 1);
            parity.Run(found, step + 1);
            foreach (var p in parity.Network.Populations)
            {
                int[] here = new int[p.Count * 3], there = new int[p.Count * 3];
                var count = expected.ReadSpikes(expected.Population(p.Name), there);
                Assert.That(found.ReadSpikes(found.Population(p.Name), here), Is.EqualTo(count));
                Assert.That(here, Is.EqualTo(there));
            }
        }
    }
}
