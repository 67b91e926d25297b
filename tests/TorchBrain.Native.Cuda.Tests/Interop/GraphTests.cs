using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class GraphTests : CudaFixture
{
    [Test]
    public void CapturedWork_IsDone_AtEachLaunch()
    {
        using var variable = Variable(Count(100));
        using var pinned = new CudaPinnedMemory<float>(Context, 100);
        var kernel = Module.Kernel("tbn_scale");
        Stream.BeginCapture();
        for (var i = 0; i < 3; i++)
            kernel.Launch(Stream, Blocks(100), CudaTest.Block, 0, Arguments(variable, variable, 2));
        variable.CopyToHostAsync(pinned, 0, 0, 100, Stream);
        var graph = Stream.EndCapture();
        Assert.That(graph.NodeCount, Is.EqualTo(4));
        Assert.That(Values(variable)[1], Is.EqualTo(1), "nothing was done yet");
        using var replay = graph.Instantiate();
        graph.Dispose();
        graph.Dispose();
        for (var i = 0; i < 4; i++)
            replay.Launch(Stream);
        Stream.Synchronize();
        Assert.That(pinned.Span[1], Is.EqualTo(4096));
        replay.Dispose();
        Assert.Throws<ObjectDisposedException>(() => replay.Launch(Stream));
        Assert.Throws<ObjectDisposedException>(() => graph.Instantiate());
    }

    [Test]
    public void Capture_SpansStreams_JoinedByEvents()
    {
        using var second = new CudaStream(Context);
        using CudaEvent fork = new(Context), join = new(Context);
        using var variable = Variable(Count(64));
        using var other = Variable(Count(64));
        var kernel = Module.Kernel("tbn_scale");
        Stream.BeginCapture();
        fork.Record(Stream);
        second.Wait(fork);
        kernel.Launch(second, 1, CudaTest.Block, 0, Arguments(other, other, 3));
        join.Record(second);
        kernel.Launch(Stream, 1, CudaTest.Block, 0, Arguments(variable, variable, 2));
        Stream.Wait(join);
        kernel.Launch(Stream, 1, CudaTest.Block, 0, Arguments(other, variable, 5));
        using var graph = Stream.EndCapture();
        using var replay = graph.Instantiate();
        replay.Launch(Stream);
        Assert.That(Values(variable, Stream)[2], Is.EqualTo(30));
    }

    [Test]
    public void SynchronisingWhileCapturing_IsExplained_AndTheStreamRecovers()
    {
        Stream.BeginCapture();
        var error = CudaTest.Error(ErrorCode.CudaCallFailed, Stream.Synchronize);
        Assert.That(error.Message, Does.Contain("CAPTURE").And.Contain("'cuStreamSynchronize'").And.Contain("While a stream is captured"));
        CudaTest.Error(ErrorCode.CudaCallFailed, () => Stream.EndCapture());
        using var variable = Variable(1);
        variable.Clear(Stream);
        Stream.Synchronize();
    }

    [Test]
    public void EndingWithoutBeginning_AndBeginningTwice_AreErrors()
    {
        CudaTest.Error(ErrorCode.CudaCallFailed, () => Stream.EndCapture());
        Stream.BeginCapture();
        CudaTest.Error(ErrorCode.CudaCallFailed, Stream.BeginCapture);
        try
        {
            Stream.EndCapture().Dispose();
        }
        catch (TorchBrainException)
        {
            // Whether the second beginning spoils the capture is the driver's affair; what counts is that it is over.
        }
        Stream.Synchronize();
    }

    [Test]
    public void EmptyCapture_IsAnEmptyGraph()
    {
        Stream.BeginCapture();
        using var graph = Stream.EndCapture();
        Assert.That(graph.NodeCount, Is.Zero);
        using var replay = graph.Instantiate();
        replay.Launch(Stream);
        Stream.Synchronize();
    }
}
