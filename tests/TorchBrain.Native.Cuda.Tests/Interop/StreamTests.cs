using System.Diagnostics;
using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class StreamTests : CudaFixture
{
    [Test]
    public void Stream_IsDone_WhenItsWorkIs()
    {
        using var variable = Variable(Count(1000));
        variable.Clear(Stream);
        var watch = Stopwatch.StartNew();
        while (!Stream.IsDone && watch.Elapsed.TotalSeconds < 30)
            Thread.Yield();
        Assert.That(Stream.IsDone, Is.True);
        Assert.That(Stream.Handle, Is.Not.EqualTo(nint.Zero));
    }

    [Test]
    public void Event_OrdersStreams()
    {
        using var second = new CudaStream(Context);
        using var done = new CudaEvent(Context);
        using var source = Variable(Count(256));
        using var between = Variable(new float[256]);
        using var target = Variable(new float[256]);
        var kernel = Module.Kernel("tbn_scale");
        Assert.That(done.IsDone, Is.True, "never recorded");
        for (var round = 1; round <= 20; round++)
        {
            kernel.Launch(Stream, Blocks(256), CudaTest.Block, 0, Arguments(source, between, round));
            done.Record(Stream);
            second.Wait(done);
            kernel.Launch(second, Blocks(256), CudaTest.Block, 0, Arguments(between, target, 2));
            Assert.That(Values(target, second)[255], Is.EqualTo(255f * round * 2));
        }
        done.Synchronize();
        Assert.That(done.IsDone, Is.True);
    }

    [Test]
    public void Events_MeasureTime()
    {
        using CudaEvent start = new(Context, timing: true), end = new(Context, timing: true);
        using var variable = Variable(Count(100_000));
        start.Record(Stream);
        variable.Clear(Stream);
        end.Record(Stream);
        end.Synchronize();
        Assert.That(CudaEvent.ElapsedMs(start, end), Is.InRange(0, 10_000));
    }

    [Test]
    public void EventWithoutTiming_CannotBeTimed()
    {
        using CudaEvent start = new(Context), end = new(Context);
        start.Record(Stream);
        end.Record(Stream);
        Stream.Synchronize();
        Assert.That(CudaTest.Error(ErrorCode.CudaCallFailed, () => CudaEvent.ElapsedMs(start, end)).Message, Does.Contain("'cuEventElapsedTime'"));
    }

    [Test]
    public void Disposed_CannotBeUsed_AndDisposesTwice()
    {
        var stream = new CudaStream(Context);
        var mark = new CudaEvent(Context);
        stream.Dispose();
        stream.Dispose();
        mark.Dispose();
        mark.Dispose();
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        Assert.Throws<ObjectDisposedException>(() => _ = stream.IsDone);
        Assert.Throws<ObjectDisposedException>(() => mark.Record(Stream));
        Assert.Throws<ObjectDisposedException>(() => Stream.Wait(mark));
    }
}
