using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class ContextTests : CudaFixture
{
    [Test]
    public void Context_KnowsItsDevice()
    {
        Assert.That(Context.Device, Is.EqualTo(CudaProbe.Machine.Devices[0]), "the probe says the same");
        Assert.That($"{Context.ComputeMajor}.{Context.ComputeMinor}", Is.EqualTo(Context.Device.ComputeCapability));
        Assert.That(Context.Multiprocessors, Is.Positive.And.EqualTo(Context.Attribute(CudaDeviceAttribute.Multiprocessors)));
        Assert.That(Context.WarpSize, Is.EqualTo(32));
        Assert.That(Context.SharedBytesPerBlock, Is.GreaterThanOrEqualTo(48 * 1024));
        Assert.That(Context.L2Bytes, Is.Positive);
        Assert.That(Context.SupportsCooperativeLaunch, Is.True);
        var (free, total) = Context.Memory();
        Assert.That(free, Is.Positive.And.LessThanOrEqualTo(total));
        Context.Synchronize();
    }

    [Test]
    public void PrimaryContext_IsShared()
    {
        using var second = CudaContext.Open();
        Assert.That(second.Handle, Is.EqualTo(Context.Handle).And.Not.EqualTo(nint.Zero));
        second.MakeCurrent();
    }

    [TestCase(-1)]
    [TestCase(99)]
    public void DeviceThatDoesNotExist_IsRefused_WithTheirNumber(int device)
    {
        var error = CudaTest.Error(ErrorCode.BackendOption, () => CudaContext.Open(device).Dispose());
        Assert.That(error.Message, Does.Contain($"device {device}").And.Contain($"{CudaProbe.Machine.Devices.Count} device"));
    }

    [Test]
    public void Attribute_ThatDoesNotExist_IsAnError() => CudaTest.Error(ErrorCode.CudaCallFailed, () => Context.Attribute((CudaDeviceAttribute)99_999));

    [Test]
    public void Dispose_Twice_IsHarmless()
    {
        var context = CudaContext.Open();
        context.Dispose();
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(context.MakeCurrent);
        Assert.Throws<ObjectDisposedException>(() => _ = new CudaStream(context));
        Context.Synchronize(); // ours is another one
    }

    [Test]
    public void ContextDisposedFirst_LivesAsLongAsWhatWasMadeOnIt()
    {
        var context = CudaContext.Open();
        var variable = new CudaDeviceVariable<float>(context, 3);
        var stream = new CudaStream(context);
        context.Dispose();
        variable.CopyToDevice([1, 2, 3], stream: stream);
        Assert.That(Values(variable, stream), Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.Throws<ObjectDisposedException>(() => _ = new CudaEvent(context), "but nothing new is made on it");
        stream.Dispose();
        stream.Dispose();
        Assert.That(context.Handle, Is.Not.EqualTo(nint.Zero));
        variable.Dispose();
        Assert.That(context.Handle, Is.EqualTo(nint.Zero));
        variable.Dispose();
    }

    [Test]
    public void Context_MayBeUsed_FromOtherThreads()
    {
        using var variable = Variable(1, 2, 3);
        var sums = new float[4];
        Task.WaitAll([.. Enumerable.Range(0, sums.Length).Select(i => Task.Factory.StartNew(() => sums[i] = Values(variable).Sum(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
        Assert.That(sums, Is.All.EqualTo(6));
    }
}
