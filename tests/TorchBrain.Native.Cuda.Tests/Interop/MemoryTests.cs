using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class MemoryTests : CudaFixture
{
    [Test]
    public void Values_GoThereAndBack([Values] bool onStream)
    {
        var stream = onStream ? Stream : null;
        using var variable = new CudaDeviceVariable<double>(Context, 1000);
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i / 7.0)], back = new double[1000];
        variable.CopyToDevice(values, stream: stream);
        variable.CopyToHost(back, stream: stream);
        Assert.That(back, Is.EqualTo(values));
        Assert.That((variable.Length, variable.Bytes), Is.EqualTo((1000L, 8000L)));
        Assert.That(variable.DevicePointer, Is.Not.EqualTo(nint.Zero));
    }

    [Test]
    public void Offsets_AreInElements()
    {
        using var variable = Variable(Count(10));
        variable.CopyToDevice([70, 80], 7);
        var part = new float[4];
        variable.CopyToHost(part, 6);
        Assert.That(part, Is.EqualTo(new float[] { 6, 70, 80, 9 }));
    }

    [TestCase(0, 11)]
    [TestCase(10, 1)]
    [TestCase(11, 0)]
    [TestCase(-1, 1)]
    [TestCase(long.MaxValue, 2)]
    public void RangeOutsideTheVariable_IsRefused(long offset, int count)
    {
        using var variable = Variable(Count(10));
        using var pinned = new CudaPinnedMemory<float>(Context, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyToDevice(new float[count], offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyToHost(new float[count], offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyToDeviceAsync(pinned, offset, 0, count, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyToDeviceAsync(pinned, 0, offset, count, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyToHostAsync(pinned, offset, 0, count, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => variable.CopyFromAsync(variable, offset, 0, count, Stream));
        Assert.Throws<ArgumentOutOfRangeException>(() => pinned.Slice(offset, count));
        Stream.Synchronize();
    }

    [Test]
    public void EmptyVariable_HasNoMemory_AndTakesEmptyCopies()
    {
        using var variable = new CudaDeviceVariable<int>(Context, 0);
        using var pinned = new CudaPinnedMemory<int>(Context, 0);
        variable.CopyToDevice([]);
        variable.CopyToHost([]);
        variable.CopyToHostAsync(pinned, 0, 0, 0, Stream);
        variable.Clear(Stream);
        Assert.That(variable.DevicePointer, Is.EqualTo(nint.Zero));
        Assert.That(pinned.Span.Length, Is.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new CudaDeviceVariable<int>(Context, -1));
    }

    [Test]
    public void PinnedMemory_CopiesBothWays()
    {
        using var variable = new CudaDeviceVariable<float>(Context, 8);
        using var other = new CudaDeviceVariable<float>(Context, 8);
        using CudaPinnedMemory<float> source = new(Context, 8), target = new(Context, 8);
        Assert.That(target.Span.ToArray(), Is.All.Zero, "zeroed at first");
        Count(8).CopyTo(source.Span);
        variable.Clear(Stream);
        variable.CopyToDeviceAsync(source, 2, 4, 3, Stream);
        other.CopyFromAsync(variable, 0, 1, 7, Stream);
        other.CopyToHostAsync(target, 1, 1, 7, Stream);
        Stream.Synchronize();
        Assert.That(target.Span.ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 2, 3, 4 }));
        Assert.That(target.Slice(5, 2).ToArray(), Is.EqualTo(new float[] { 2, 3 }));
    }

    [Test]
    public void Clear_MakesZeros([Values] bool onStream)
    {
        using var variable = Variable(Count(100));
        variable.Clear(onStream ? Stream : null);
        Assert.That(Values(variable, onStream ? Stream : null), Is.All.Zero);
    }

    [Test]
    public void LackOfMemory_SaysForWhatAndHowMuch()
    {
        const long bytes = 1L << 50;
        var error = CudaTest.Error(ErrorCode.DeviceOutOfMemory, () => new CudaDeviceVariable<byte>(Context, bytes, "the weights of retina -> lgn").Dispose());
        Assert.That(error.Message, Does.Contain("the weights of retina -> lgn").And.Contain("1048576 GiB").And.Contain("are free").And.Contain("CpuBackend"));
        using var small = new CudaDeviceVariable<byte>(Context, 16); // nothing is broken by it
    }

    [Test]
    public void DisposedMemory_CannotBeUsed()
    {
        var variable = Variable(1, 2);
        var pinned = new CudaPinnedMemory<float>(Context, 2);
        variable.Dispose();
        pinned.Dispose();
        variable.Dispose();
        pinned.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ = variable.DevicePointer);
        Assert.Throws<ObjectDisposedException>(() => variable.CopyToHost(new float[1]));
        Assert.Throws<ObjectDisposedException>(() => variable.Clear());
        Assert.Throws<ObjectDisposedException>(() => pinned.Slice(0, 1));
    }
}
