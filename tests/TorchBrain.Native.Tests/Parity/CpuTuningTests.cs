using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tests;

/// <summary>What may be tuned on the processor never changes a bit.</summary>
[Parallelizable(ParallelScope.Children)]
public class CpuTuningTests
{
    static readonly CpuTuning[] s_tunings =
    [
        new() { Delivery = SpikeDelivery.Pull }, new() { Delivery = SpikeDelivery.Push },
        new() { SliceElements = 64 }, new() { SliceElements = 128, Delivery = SpikeDelivery.Pull }, new() { SliceElements = 192, Delivery = SpikeDelivery.Push },
        new() { SliceElements = 32768 }, new() { HugePages = false }, new() { Bitmasks = false },
    ];

    static IEnumerable<TestCaseData> Combinations() =>
        from parity in ParityCases.All.Where(c => c.Network.Projections.Count > 0).Where((c, i) => i % 3 == 0 || c.Name.StartsWith("wide", StringComparison.Ordinal))
            .Append(LearningCases.Everything(1)).Append(LearningCases.Everything(3)).DistinctBy(c => c.Name)
        from tuning in Enumerable.Range(0, s_tunings.Length)
        from threads in new[] { 1, 3 }
        select new TestCaseData(parity, tuning, threads).SetArgDisplayNames(parity.Name, s_tunings[tuning].ToString(), $"{threads} threads");

    [TestCaseSource(nameof(Combinations))]
    public void Cpu_AnyTuning_EqualsReference(object parity, int tuning, int threads)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = threads, Tuning = s_tunings[tuning] });
        ParityRun.AssertSame((ParityCase)parity, backend);
    }

    [Test]
    public void Describe_SaysWhatWasChosenAndWhy()
    {
        var network = LearningCases.Everything(1).Network;
        string Words(CpuOptions options)
        {
            using var simulation = Simulation.Create(network, new CpuBackend(options));
            return simulation.Compiled.Describe();
        }
        Assert.That(Words(new CpuOptions()), Does.Contain("threads pay from").And.Contain("the widest here").And.Contain("KiB a thread").And.Contain("slices of 65,536 sums (as many as 16 bits name)"));
        Assert.That(Words(new CpuOptions { Threads = 2, VectorBits = 128, Tuning = new() { Delivery = SpikeDelivery.Push, SliceElements = 4096, HugePages = false, Bitmasks = false } }),
            Is.EqualTo("cpu: 2 threads (as asked), 128-bit vectors (as asked), push (as asked), slices of 4,096 sums (as asked), no huge pages (as asked), no bitmasks (as asked)"));
    }

    [TestCase(0, "SliceElements is 0")]
    [TestCase(65600, "SliceElements is 65600")]
    [TestCase(100, "SliceElements is 100")]
    public void SliceElements_OutOfRange_IsRefused(int elements, string what) => AssertRefused(new CpuTuning { SliceElements = elements }, what);

    [Test]
    public void Delivery_Unknown_IsRefused() => AssertRefused(new CpuTuning { Delivery = (SpikeDelivery)7 }, "Delivery is 7");

    static void AssertRefused(CpuTuning tuning, string what)
    {
        var error = Assert.Throws<TorchBrainException>(() => new CpuBackend(new CpuOptions { Tuning = tuning }))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.BackendOption));
        Assert.That(error.What, Does.Contain(what));
    }
}
