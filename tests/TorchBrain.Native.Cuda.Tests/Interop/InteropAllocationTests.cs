using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>What is called in every step allocates nothing.</summary>
[NonParallelizable]
public class InteropAllocationTests : CudaFixture
{
    [Test]
    public void StepPath_AllocatesNothing()
    {
        using var source = Variable(Count(256));
        using var target = Variable(new float[256]);
        using var pinned = new CudaPinnedMemory<float>(Context, 256);
        using CudaEvent start = new(Context, timing: true), end = new(Context, timing: true);
        var values = new float[256];
        var kernel = Module.Kernel("tbn_scale");
        var arguments = Arguments(source, target, 2);
        Stream.BeginCapture();
        kernel.Launch(Stream, Blocks(256), CudaTest.Block, 0, arguments);
        using var graph = Stream.EndCapture();
        using var replay = graph.Instantiate();
        var steps = 0;
        var bytes = CudaTest.Allocated(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                start.Record(Stream);
                kernel.Launch(Stream, Blocks(256), CudaTest.Block, 0, arguments);
                kernel.LaunchCooperative(Stream, 4, CudaTest.Block, 0, arguments);
                replay.Launch(Stream);
                source.CopyToDeviceAsync(pinned, 0, 0, 256, Stream);
                source.CopyFromAsync(target, 0, 0, 256, Stream);
                target.CopyToHostAsync(pinned, 0, 0, 256, Stream);
                target.Clear(Stream);
                end.Record(Stream);
                Stream.Wait(end);
                steps += (end.IsDone ? 1 : 0) + (Stream.IsDone ? 1 : 0);
                end.Synchronize();
                steps += CudaEvent.ElapsedMs(start, end) >= 0 ? 1 : 0;
                source.CopyToDevice(values, stream: Stream);
                source.CopyToHost(values, stream: Stream);
                values[0] += pinned.Span[0] + pinned.Slice(1, 2)[0];
                Stream.Synchronize();
            }
        });
        Assert.That(steps, Is.Positive);
        Assert.That(bytes, Is.Zero);
    }
}
