using NUnit.Framework;
using TorchBrain.Native.Cpu;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>What a running simulation refuses, and that it goes on unharmed afterwards.</summary>
public class RuntimeCheckTests
{
    static readonly CpuBackend s_backend = new(new CpuOptions { Threads = 1 });

    static Simulation Example()
    {
        Population a = Cells(model: new Izhikevich()), b = Cells("b", 3), winners = Cells("w", 2, new ThresholdLinear());
        return Simulation.Create(new Network
        {
            Batch = 2,
            Populations = [a, b, winners],
            Projections =
            [
                new Projection(a, b) { Connectivity = new AllToAll(), WritableUpTo = 2 },
                new Projection(b, a) { Connectivity = new AllToAll(), Learning = new PairStdp { MinWeight = -1, MaxWeight = 1 } },
                new Projection(a, winners) { Connectivity = new AllToAll(), Learning = new WinnerTakeAllHebbian { MeanWeight = 2 } },
                new Projection(a, a) { Connectivity = new OneToOne() },
                new Projection(a, b) { Name = "rewarded", Connectivity = new AllToAll(), Learning = new EligibilityStdp { MaxWeight = 3 } },
            ],
            Inputs = [new CurrentInjection(a) { Amplitude = 4 }],
            Recordings = [new SpikeRecording(a) { Steps = 20 }, new StateRecording(a, "v") { Steps = 10 }],
        }, s_backend);
    }

    static IEnumerable<TestCaseData> Checks()
    {
        static TestCaseData Check(string name, string code, string what, Action<Simulation> act) => new TestCaseData(act, code, what).SetArgDisplayNames(name);
        yield return Check("steps below 0", ErrorCode.ValueOutOfRange, "Run(-1): the number of steps is negative", s => s.Run(-1));
        yield return Check("fewest steps", ErrorCode.ValueOutOfRange, "is negative", s => s.Run(long.MinValue));
        yield return Check("window too short", ErrorCode.RecordingOverflow, "Run(11): the recording of 'a' holds 0 steps and has room for 10", s => s.Run(11));
        yield return Check("all steps there are", ErrorCode.RecordingOverflow, "has room for 20", s => s.Run(long.MaxValue));
        yield return Check("population", ErrorCode.UnknownName, "no population 'x'; there are: 'a', 'b', 'w'", s => s.Population("x"));
        yield return Check("projection", ErrorCode.UnknownName, "no projection 'x'; there are: 'a -> b', 'b -> a'", s => s.Projection("x"));
        yield return Check("projection by ends", ErrorCode.UnknownName, "no projection 'b -> w'", s => s.Projection("b", "w"));
        yield return Check("state", ErrorCode.UnknownName, "'b' has no state 'u'; it has: v, refractory, i", s => s.ReadState(s.Population("b"), "u", new float[6]));
        yield return Check("state to write", ErrorCode.UnknownName, "no state ''", s => s.WriteState(s.Population("b"), "", new float[6]));
        yield return Check("state length", ErrorCode.WrongLength, "'b': got 3 v, needs 6", s => s.ReadState(s.Population("b"), "v", new float[3]));
        yield return Check("written state length", ErrorCode.WrongLength, "got 7 v, needs 6", s => s.WriteState(s.Population("b"), "v", new float[7]));
        yield return Check("written state NaN", ErrorCode.ValueOutOfRange, "'b': v [5] is NaN", s => s.WriteState(s.Population("b"), "v", [0, 0, 0, 0, 0, float.NaN]));
        yield return Check("half a refractory step", ErrorCode.ValueOutOfRange, "'b': refractory of 2.5 steps; allowed are whole numbers from 0 to 32,767", s => s.WriteState(s.Population("b"), "refractory", [0, 1, 2.5f, 3, 4, 5]));
        yield return Check("refractory for ever", ErrorCode.ValueOutOfRange, "refractory of 1E+09 steps", s => s.WriteState(s.Population("b"), "refractory", Filled(6, 1e9f)));
        yield return Check("refractory below 0", ErrorCode.ValueOutOfRange, "refractory of -1 steps", s => s.WriteState(s.Population("b"), "refractory", Filled(6, -1)));
        yield return Check("current length", ErrorCode.WrongLength, "'a': got 0 currents, needs 8", s => s.SetCurrent(s.Population("a"), []));
        yield return Check("current infinite", ErrorCode.ValueOutOfRange, "current [0] is", s => s.SetCurrent(s.Population("a"), [float.NegativeInfinity, 0, 0, 0, 0, 0, 0, 0]));
        yield return Check("no current", ErrorCode.NotInPlan, "'b' has no current input", s => s.SetCurrent(s.Population("b"), new float[6]));
        yield return Check("spikes length", ErrorCode.WrongLength, "'a': got 7 spikes, needs 8", s => s.ReadSpikes(s.Population("a"), new int[7]));
        yield return Check("counts length", ErrorCode.WrongLength, "got 9 spike counts, needs 8", s => s.AddSpikeCounts(s.Population("a"), new int[9]));
        yield return Check("not lesionable", ErrorCode.NotInPlan, "'a' cannot be silenced", s => s.SetAlive(s.Population("a"), new bool[8]));
        yield return Check("static weights", ErrorCode.NotInPlan, "'a -> a' is static", s => s.ReadWeights(s.Projection("a", "a"), new float[4]));
        yield return Check("static weights to write", ErrorCode.NotInPlan, "'a -> a' is static", s => s.WriteWeights(s.Projection("a", "a"), new float[4]));
        yield return Check("weights length", ErrorCode.WrongLength, "'a -> b': got 11 weights, needs 12", s => s.ReadWeights(s.Projection("a", "b"), new float[11]));
        yield return Check("written weights length", ErrorCode.WrongLength, "got 12 weights, needs 24", s => s.WriteWeights(s.Projection("b", "a"), new float[12]));
        yield return Check("weight NaN", ErrorCode.ValueOutOfRange, "weight [1] is NaN", s => s.WriteWeights(s.Projection("a", "b"), [0, float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        yield return Check("weight above the bound", ErrorCode.ValueOutOfRange, "weight 2.5 is outside -2 to 2", s => s.WriteWeights(s.Projection("a", "b"), Filled(12, 2.5f)));
        yield return Check("weight below the rule's bound", ErrorCode.ValueOutOfRange, "weight -1.5 is outside -1 to 1", s => s.WriteWeights(s.Projection("b", "a"), Filled(24, -1.5f)));
        yield return Check("winner's weight negative", ErrorCode.ValueOutOfRange, "is outside 0 to 8", s => s.WriteWeights(s.Projection("a", "w"), Filled(16, -0.1f)));
        yield return Check("weight above the bound of an eligibility", ErrorCode.ValueOutOfRange, "weight 3.5 is outside 0 to 3", s => s.WriteWeights(s.Projection("rewarded"), Filled(24, 3.5f)));
        yield return Check("reward without a rule for it", ErrorCode.NotInPlan, "'b -> a' has no reward", s => s.AddReward(s.Projection("b", "a"), 1));
        yield return Check("reward NaN", ErrorCode.ValueOutOfRange, "the reward would be NaN; allowed is -1e9 to 1e9", s => s.AddReward(s.Projection("rewarded"), float.NaN));
        yield return Check("reward too large", ErrorCode.ValueOutOfRange, "allowed is -1e9 to 1e9", s => s.AddReward(s.Projection("rewarded"), [0, -2e9f]));
        yield return Check("rewards length", ErrorCode.WrongLength, "'rewarded': got 3 rewards, needs 2", s => s.AddReward(s.Projection("rewarded"), [1, 2, 3]));
        yield return Check("rewards length to read", ErrorCode.WrongLength, "got 1 rewards, needs 2", s => s.ReadReward(s.Projection("rewarded"), new float[1]));
        yield return Check("buffer length", ErrorCode.WrongLength, "'a.v': got 4 bytes, needs 32", s => s.ReadBuffer(s.Plan.Buffers[0], new float[1].AsSpan()));
        yield return Check("written buffer length", ErrorCode.WrongLength, "'a.v': got 36 bytes, needs 32", s => s.WriteBuffer<float>(s.Plan.Buffers[0], new float[9]));
        yield return Check("no spike recording", ErrorCode.NotInPlan, "spikes of 'b' are not recorded", s => SpikeRecorder.Open(s, "b"));
        yield return Check("spike recording of a stranger", ErrorCode.UnknownName, "no population 'x'", s => SpikeRecorder.Open(s, "x"));
        yield return Check("no state recording", ErrorCode.NotInPlan, "'u' of 'a' is not recorded", s => StateRecorder.Open(s, "a", "u"));
        yield return Check("raster full", ErrorCode.RecordingOverflow, "The raster is full: 1 spikes by step 3", _ => new SpikeRaster(8, 1, 1).Accept(3, [1, 2]));
        yield return Check("foreign checkpoint", ErrorCode.CheckpointForeign, "belongs to plan", s => s.Load(OfAnotherPlan()));
        yield return Check("missing checkpoint", ErrorCode.CheckpointDamaged, "cannot be read", _ => Checkpoint.Open(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "none")));
        yield return Check("folder that does not exist", ErrorCode.FileNotWritable, "cannot be written", s => s.Save().Save(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "none")));
    }

    static float[] Filled(int length, float value)
    {
        var values = new float[length];
        values.AsSpan().Fill(value);
        return values;
    }

    static Checkpoint OfAnotherPlan()
    {
        using var other = Simulation.Create(Of(new Izhikevich()), s_backend);
        return other.Save();
    }

    [TestCaseSource(nameof(Checks))]
    public void Simulation_AskedForNonsense_RefusesAndGoesOn(Action<Simulation> act, string code, string what)
    {
        using Simulation simulation = Example(), untouched = Example();
        simulation.Run(0);
        var error = Assert.Throws<TorchBrainException>(() => act(simulation))!;
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.What, Does.Contain(what));
        Assert.That(error.Fix, Does.EndWith("."), "says what to do");
        Assert.That(error.Message, Does.StartWith($"{code} ").And.Contain(error.What).And.Contain(error.Fix));
        simulation.Run(10);
        untouched.Run(10);
        Assert.That(simulation.SpikeHash, Is.EqualTo(untouched.SpikeHash));
        Assert.That(simulation.StepNumber, Is.EqualTo(10));
    }

    [Test]
    public void Recording_WhenFull_StopsTheRunUntilDrained()
    {
        using var simulation = Example();
        simulation.Run(10);
        Assert.That(Assert.Throws<TorchBrainException>(simulation.Step)!.Code, Is.EqualTo(ErrorCode.RecordingOverflow));
        var samples = 0;
        StateRecorder.Open(simulation, "a", "v").Drain((_, _) => samples++);
        simulation.Run(10);
        Assert.That(samples, Is.EqualTo(10));
        Assert.That(simulation.StepNumber, Is.EqualTo(20));
    }

    [Test]
    public void Simulation_OfNull_IsAnArgumentError()
    {
        using var simulation = Example();
        Assert.Throws<ArgumentNullException>(() => Simulation.Create((Network)null!, s_backend));
        Assert.Throws<ArgumentNullException>(() => Simulation.Create((NetworkPlan)null!, s_backend));
        Assert.Throws<ArgumentNullException>(() => Simulation.Create(simulation.Plan, null!));
        Assert.Throws<ArgumentNullException>(() => simulation.Load(null!));
        Assert.Throws<ArgumentNullException>(() => simulation.ReadBuffer(null!, new float[1].AsSpan()));
        Assert.Throws<ArgumentNullException>(() => StateRecorder.Open(simulation, "a", "v").Drain(null!));
    }

    [TestCase(-1, 0, "Threads is -1")]
    [TestCase(1025, 0, "Threads is 1025")]
    [TestCase(0, 64, "VectorBits is 64")]
    public void CpuOption_OutOfRange_IsRefused(int threads, int bits, string what)
    {
        var error = Assert.Throws<TorchBrainException>(() => new CpuBackend(new CpuOptions { Threads = threads, VectorBits = bits }))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.BackendOption));
        Assert.That(error.What, Does.Contain(what));
    }

    [Test]
    public void Checkpoint_WithAnyByteChangedOrCutOff_IsRefused()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var simulation = Simulation.Create(Of(Cells(count: 2)), s_backend);
            simulation.Run(3);
            simulation.Save().Save(path);
            var whole = File.ReadAllBytes(path);
            Assert.That(Checkpoint.Open(path).Step, Is.EqualTo(3));
            for (var i = 0; i < whole.Length; i += 7)
            {
                byte[] changed = [.. whole];
                changed[i] ^= 0x10;
                Refused(changed);
                Refused(whole[..i]);
            }
            Refused([.. whole, 0]);
        }
        finally
        {
            File.Delete(path);
        }

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            Assert.That(Assert.Throws<TorchBrainException>(() => Checkpoint.Open(path))!.Code, Is.EqualTo(ErrorCode.CheckpointDamaged));
        }
    }
}
