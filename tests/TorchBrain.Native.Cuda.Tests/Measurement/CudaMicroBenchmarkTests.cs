using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>The measurements of a device: they run, their kernels give right results, and their figures are in order. On the emulator the figures mean nothing.</summary>
public class CudaMicroBenchmarkTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    [TestCaseSource(typeof(CudaMicroBenchmarks), nameof(CudaMicroBenchmarks.Names))]
    public void Measurement_Runs(string name)
    {
        using var backend = new CudaBackend();
        using var device = new CudaMicroBenchmarks(backend, repeats: 3, size: 0.002);
        foreach (var figure in device.Measure(name))
        {
            Assert.That(figure.Value, Is.GreaterThan(0).And.InRange(figure.Low, figure.High), figure.Name);
            Assert.That((figure.Name, figure.Unit), Is.Not.EqualTo(("", "")));
        }
    }

    [Test]
    public void Arguments_OutOfRange_Refused()
    {
        using var backend = new CudaBackend();
        foreach (var (repeats, size) in new[] { (0, 1.0), (1001, 1.0), (1, 0.0), (1, 1.5), (1, double.NaN) })
            CudaTest.Error(ErrorCode.BackendOption, () => new CudaMicroBenchmarks(backend, repeats, size).Dispose());
        using var device = new CudaMicroBenchmarks(backend, 1, 0.002);
        CudaTest.Error(ErrorCode.UnknownName, () => device.Measure("speed"));
    }
}
