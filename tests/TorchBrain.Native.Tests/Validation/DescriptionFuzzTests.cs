using CsCheck;
using NUnit.Framework;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Whatever a description holds, it either runs with finite numbers or is refused with reasons; nothing else is thrown.</summary>
public class DescriptionFuzzTests
{
    [Test]
    public void NonsenseNetwork_Planned_RunsFiniteOrIsRefused()
    {
        int planned = 0, refused = 0;
        Gen.ULong.Sample(seed =>
        {
            if (RunsOrIsRefused(seed))
                Interlocked.Increment(ref planned);
            else
                Interlocked.Increment(ref refused);
        }, iter: 4000);
        TestContext.Out.WriteLine($"{planned} ran, {refused} were refused");
        Assert.That(planned, Is.GreaterThan(1000), "the generator makes networks that run");
        Assert.That(refused, Is.GreaterThan(1000), "and networks that do not");
    }

    static bool RunsOrIsRefused(ulong seed)
    {
        var network = NonsenseNetworks.Of(seed);
        NetworkPlan plan;
        try
        {
            plan = network.Plan();
        }
        catch (NetworkValidationException e)
        {
            Assert.That(e.Problems, Is.Not.Empty);
            return false;
        }
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 + (int)(seed & 1) });
        using var simulation = Simulation.Create(plan, backend);
        simulation.Run(5);
        foreach (var buffer in plan.Buffers)
            if (buffer.Type == ElementType.Float32)
            {
                var values = new float[buffer.Length];
                simulation.ReadBuffer(buffer, values.AsSpan());
                Assert.That(values.All(float.IsFinite), $"network {seed}: {buffer.Name} holds NaN or infinity after 5 steps\n{plan.Describe()}");
            }
        return true;
    }
}
