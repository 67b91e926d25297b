using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tests;

/// <summary>One bit a pair: where it is chosen, and that it changes nothing. That it gives the spikes of the reference is in <see cref="ParityTests"/>.</summary>
[Parallelizable(ParallelScope.Children)]
public class BitmaskTests
{
    static ParityCase Case(string name) => BitmaskCases.All().Single(c => c.Name == name);

    static string Describe(ParityCase parity, CpuOptions? options = null)
    {
        using var simulation = Simulation.Create(parity.Network, new CpuBackend(options));
        return simulation.Compiled.Describe();
    }

    [Test]
    public void Describe_NamesWhatIsKeptAsBits() => Assert.Multiple(() =>
    {
        Assert.That(Describe(Case("one weight, crowd")), Does.EndWith(", bitmasks for source -> target (one weight, one delay, dense enough)"));
        Assert.That(Describe(Case("one weight, below the density")), Does.Not.Contain("bitmasks for"));
        Assert.That(Describe(Case("one weight, sums of 64 bits")), Does.Not.Contain("bitmasks for"));
        Assert.That(Describe(Case("one weight, crowd"), new CpuOptions { Tuning = new() { Bitmasks = false } }), Does.Not.Contain("bitmasks for"));
        Assert.That(Describe(Case("one weight, among others")), Does.Contain("bitmasks for feed0, feed1, feed2, feed3, calm0, calm1, calm2, calm3, cells3 -> cells2, cells1 -> cells3 ("));
    });

    [Test]
    public void Weights_OrDelaysThatDiffer_Batches_MatricesAndPlasticity_HaveNoBits() => Assert.Multiple(() =>
    {
        var (source, target) = (new Population("source", 100) { Neuron = new PoissonSource { RateHz = 5 } }, new Population("target", 100) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses() } });
        bool Has(Projection p, int batch = 1) => CpuBackend.HasBitmask(new Network { Populations = [source, target], Projections = [p], Batch = batch }.Plan().Projections[0]);
        var p = new Projection(source, target) { Connectivity = new FixedProbability(0.1), Weight = -3, DelayMs = 4 };
        Assert.That(Has(p), Is.True);
        Assert.That(Has(p, batch: 2), Is.False);
        Assert.That(Has(new Projection(source, target) { Connectivity = p.Connectivity, Weight = Parameter.Uniform(1, 2), DelayMs = 4 }), Is.False);
        Assert.That(Has(new Projection(source, target) { Connectivity = p.Connectivity, Weight = -3, DelayMs = Parameter.Uniform(1, 4) }), Is.False);
        Assert.That(Has(new Projection(source, target) { Connectivity = new AllToAll(), Weight = -3 }), Is.False, "a matrix");
        Assert.That(Has(new Projection(source, target) { Connectivity = p.Connectivity, Weight = -3, Learning = new PairStdp { MinWeight = -5, MaxWeight = 5 } }), Is.False);
        Assert.That(Has(new Projection(source, target) { Connectivity = new FixedInDegree(2), Weight = -3 }), Is.False, "too few");
    });

    static IEnumerable<TestCaseData> Ways() =>
        from c in BitmaskCases.All()
        from bits in new[] { 128, 256, 512 }
        from tuning in new[] { new CpuTuning(), new CpuTuning { Delivery = SpikeDelivery.Pull, SliceElements = 128 }, new CpuTuning { Delivery = SpikeDelivery.Push }, new CpuTuning { Bitmasks = false } }
        select new TestCaseData(c, bits, tuning).SetArgDisplayNames(c.Name, $"{bits} bits", tuning.ToString());

    [TestCaseSource(nameof(Ways))]
    public void AnyWidthAndTuning_EqualsReference(object parity, int bits, object tuning)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 3, VectorBits = bits, Tuning = (CpuTuning)tuning });
        ParityRun.AssertSame((ParityCase)parity, backend);
    }

    [Test]
    public void Checkpoints_TakenAtEveryStep_CrossWaysToStore()
    {
        var parity = Case("one weight, among others");
        var plan = parity.Network.Plan();
        using var whole = Simulation.Create(plan, ParityRun.Cpu(1));
        whole.Run(parity.Steps);
        using var bits = Simulation.Create(plan, ParityRun.Cpu(2));
        using var rows = Simulation.Create(plan, new CpuBackend(new CpuOptions { Threads = 1, Tuning = new() { Bitmasks = false } }));
        for (var step = 0; step < parity.Steps; step += 2)
        {
            bits.Run(1);
            rows.Load(bits.Save());
            rows.Run(1);
            bits.Load(rows.Save());
        }
        Assert.That(bits.SpikeHash, Is.EqualTo(whole.SpikeHash));
    }
}
