using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>What users read when something goes wrong on the device. The emulator forgets such errors on demand, which a real driver does not: there, the sample's tests show the same.</summary>
[NonParallelizable]
public class FaultTests : CudaFixture
{
    [SetUp]
    public void OnTheEmulator()
    {
        if (CudaTestSetup.OnDevice)
            Assert.Ignore("This spoils the process for a real device.");
    }

    [TearDown]
    public void Forget()
    {
        if (CudaTestSetup.OnDevice || CudaTestSetup.Missing is not null)
            return;
        EmulatorLibrary.Reset();
        EmulatorLibrary.ClearReport();
        EmulatorLibrary.SetMemory(8UL << 30);
        EmulatorLibrary.SetDevices(1);
        EmulatorLibrary.SetLazy(false);
    }

    [Test]
    public void FailedKernel_IsNamed_WhereItShows()
    {
        using var source = Variable(Count(128));
        using var target = Variable(new float[128]);
        var kernel = Module.Kernel("tbn_scale");
        EmulatorLibrary.SetLazy(true); // as on a device, the launch itself does not fail
        kernel.Launch(Stream, 2, CudaTest.Block, 0, Arguments(source, target, 1) with { Target = 4096 });
        var error = CudaTest.Error(ErrorCode.CudaCallFailed, Stream.Synchronize);
        Assert.That(error.Message, Does.Contain("CUDA_ERROR_ILLEGAL_ADDRESS (700) at 'cuStreamSynchronize'").And.Contain("kernel 'tbn_scale', grid 2 x block 64").And.Contain("restart it"));
        error = CudaTest.Error(ErrorCode.CudaCallFailed, () => Values(target));
        Assert.That(error.Message, Does.Contain("(700)"), "and every later call says so again");
    }

    [Test]
    public void FailedGraph_IsNamed()
    {
        using var source = Variable(Count(128));
        Stream.BeginCapture();
        Module.Kernel("tbn_scale").Launch(Stream, 2, CudaTest.Block, 0, Arguments(source, source, 1) with { Target = 4096 });
        using var graph = Stream.EndCapture();
        using var replay = graph.Instantiate();
        var error = CudaTest.Error(ErrorCode.CudaCallFailed, () =>
        {
            replay.Launch(Stream);
            Stream.Synchronize();
        });
        Assert.That(error.Message, Does.Contain("last launched: a graph of 1 nodes"));
    }

    [Test]
    public void SmallDevice_SaysWhatIsLeft()
    {
        EmulatorLibrary.SetMemory(64 << 20);
        using var most = new CudaDeviceVariable<byte>(Context, 48 << 20);
        var error = CudaTest.Error(ErrorCode.DeviceOutOfMemory, () => new CudaDeviceVariable<int>(Context, 5 << 20).Dispose());
        Assert.That(error.Message, Does.Contain("Int32[5242880]").And.Contain("20 MiB were asked for").And.Contain("of 64 MiB are free"));
        Assert.That(Context.Memory().Total, Is.EqualTo(64L << 20));
    }

    [Test]
    public void SecondDevice_IsAnother()
    {
        EmulatorLibrary.SetDevices(2);
        using var second = CudaContext.Open(1);
        Assert.That(second.Device.Ordinal, Is.EqualTo(1));
        Assert.That(second.Handle, Is.Not.EqualTo(Context.Handle));
        using var there = new CudaDeviceVariable<float>(second, 2);
        using var here = Variable(5, 6);
        there.CopyToDevice([7, 8]);
        Assert.That(Values(here).Concat(Values(there)), Is.EqualTo(new float[] { 5, 6, 7, 8 }), "each call is made on its own device");
        Assert.That(CudaTest.Error(ErrorCode.BackendOption, () => CudaContext.Open(2).Dispose()).Message, Does.Contain("2 devices").And.Contain("from 0 to 1"));
    }

    [Test]
    public void NoDevice_SaysSo()
    {
        EmulatorLibrary.SetDevices(0);
        Assert.That(CudaTest.Error(ErrorCode.CudaUnavailable, () => CudaContext.Open().Dispose()).Message, Does.Contain("sees no device").And.Contain("CpuBackend"));
    }

    [Test]
    public void LazyStreams_ChangeNothing_ForCopiesThatWait()
    {
        EmulatorLibrary.SetLazy(true);
        using var source = Variable(Count(256));
        using var target = Variable(new float[256]);
        Module.Kernel("tbn_scale").Launch(Stream, Blocks(256), CudaTest.Block, 0, Arguments(source, target, 2));
        Assert.That(Values(target, Stream)[255], Is.EqualTo(510));
    }
}
