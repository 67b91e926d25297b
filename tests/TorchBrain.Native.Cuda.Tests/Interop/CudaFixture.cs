using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>A device and a stream for each test, and the test kernels once per class.</summary>
public abstract class CudaFixture
{
    CudaModule? _module;
    long _allocations;

    private protected CudaContext Context { get; private set; } = null!;
    private protected CudaStream Stream { get; private set; } = null!;
    private protected CudaModule Module => _module ??= CudaTest.Load(Context);

    [SetUp]
    public void Begin()
    {
        CudaTest.Require();
        _allocations = Allocations;
        Context = CudaContext.Open();
        Stream = new CudaStream(Context);
    }

    [TearDown]
    public void End()
    {
        _module?.Dispose();
        _module = null;
        Stream?.Dispose();
        Context?.Dispose();
        if (CudaTestSetup.Missing is null)
            Assert.That(Allocations, Is.EqualTo(_allocations), "device memory was not freed");
    }

    // A real driver does not tell how many allocations there are.
    static long Allocations => CudaTestSetup.OnDevice || CudaTestSetup.Missing is not null ? 0 : EmulatorLibrary.Counts().Allocations;

    private protected CudaDeviceVariable<float> Variable(params float[] values)
    {
        var variable = new CudaDeviceVariable<float>(Context, values.Length);
        variable.CopyToDevice(values);
        return variable;
    }

    private protected static float[] Values(CudaDeviceVariable<float> variable, CudaStream? stream = null)
    {
        var values = new float[variable.Length];
        variable.CopyToHost(values, stream: stream);
        return values;
    }

    private protected static float[] Count(int length) => [.. Enumerable.Range(0, length).Select(i => (float)i)];

    private protected static CudaTest.ScaleArguments Arguments(CudaDeviceVariable<float> source, CudaDeviceVariable<float> target, float factor) =>
        new() { Source = source.DevicePointer, Target = target.DevicePointer, Count = (int)source.Length, Factor = factor };

    private protected static int Blocks(long count) => (int)((count + CudaTest.Block - 1) / CudaTest.Block);
}
