using System.Runtime.CompilerServices;
using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class KernelTests : CudaFixture
{
    [Test]
    public void Kernel_Runs_WithItsArguments()
    {
        var kernel = Module.Kernel("tbn_scale");
        using var source = Variable(Count(1000));
        using var target = Variable(new float[1000]);
        kernel.RequireArgumentBytes(Unsafe.SizeOf<CudaTest.ScaleArguments>());
        kernel.Launch(Stream, Blocks(1000), CudaTest.Block, 0, Arguments(source, target, 3));
        Assert.That(Values(target, Stream), Is.EqualTo(Count(1000).Select(x => x * 3)));
    }

    [Test]
    public void Kernel_TellsWhatItNeeds()
    {
        var kernel = Module.Kernel("tbn_shared");
        Assert.That(kernel.Name, Is.EqualTo("tbn_shared"));
        Assert.That(kernel.MaxThreadsPerBlock, Is.InRange(CudaTest.Block, 1024));
        Assert.That(kernel.Registers, Is.GreaterThanOrEqualTo(0));
        Assert.That(kernel.LocalBytes, Is.GreaterThanOrEqualTo(0));
        Assert.That(kernel.SharedBytes, Is.GreaterThanOrEqualTo(4 * CudaTest.Block));
        Assert.That(kernel.MaxActiveBlocksPerMultiprocessor(CudaTest.Block, 256), Is.Positive);
    }

    [Test]
    public void SharedMemory_CanBeAdded_BeyondTheUsual()
    {
        var kernel = Module.Kernel("tbn_shared");
        var bytes = Math.Min(64 * 1024, Context.SharedBytesPerBlock - kernel.SharedBytes);
        kernel.SetMaxDynamicSharedBytes(bytes);
        using var source = Variable(Count(CudaTest.Block));
        using var target = Variable(new float[CudaTest.Block]);
        kernel.Launch(Stream, 1, CudaTest.Block, bytes, Arguments(source, target, 0.5f));
        Assert.That(Values(target, Stream), Is.EqualTo(Count(CudaTest.Block).Reverse().Select(x => x + 0.5f)));
        CudaTest.Error(ErrorCode.CudaCallFailed, () => kernel.SetMaxDynamicSharedBytes(1 << 30));
    }

    [Test]
    public void CooperativeLaunch_Runs_OrSaysWhatFits()
    {
        var kernel = Module.Kernel("tbn_scale");
        var fits = Context.Multiprocessors * kernel.MaxActiveBlocksPerMultiprocessor(CudaTest.Block, 0);
        using var source = Variable(Count(CudaTest.Block * 2));
        using var target = Variable(new float[CudaTest.Block * 2]);
        kernel.LaunchCooperative(Stream, 2, CudaTest.Block, 0, Arguments(source, target, 2));
        Assert.That(Values(target, Stream)[^1], Is.EqualTo(2 * source.Length - 2));
        var error = CudaTest.Error(ErrorCode.CudaCallFailed, () => kernel.LaunchCooperative(Stream, fits + 1, CudaTest.Block, 0, Arguments(source, target, 2)));
        Assert.That(error.Message, Does.Contain("'cuLaunchCooperativeKernel'").And.Contain("(720)").And.Contain($"'tbn_scale', grid {fits + 1} x block {CudaTest.Block}").And.Contain("MaxActiveBlocks"));
        Stream.Synchronize();
    }

    [Test]
    public void ArgumentsOfAnotherSize_AreRefused_WithBothSizes()
    {
        Assume.That(CudaDriver.HasParameterInfo, Is.True, "drivers from CUDA 12.4 can tell");
        var error = CudaTest.Error(ErrorCode.KernelArguments, () => Module.Kernel("tbn_scale").RequireArgumentBytes(32));
        Assert.That(error.Message, Does.Contain("24 bytes").And.Contain("32 bytes").And.Contain("tbn_scale").And.Contain("test/kernels.cu"));
        error = CudaTest.Error(ErrorCode.KernelArguments, () => Module.Kernel("tbn_two").RequireArgumentBytes(24));
        Assert.That(error.Message, Does.Contain("several"));
    }

    [TestCase(0, 64)]
    [TestCase(1, 0)]
    [TestCase(1, 4096)]
    [TestCase(-1, 64)]
    public void ImpossibleLaunch_IsAnError(int grid, int block)
    {
        using var target = Variable(1);
        var error = CudaTest.Error(ErrorCode.CudaCallFailed, () => Module.Kernel("tbn_scale").Launch(Stream, grid, block, 0, Arguments(target, target, 1)));
        Assert.That(error.Message, Does.Contain("'cuLaunchKernel'").And.Contain($"grid {grid} x block {block}"));
        Stream.Synchronize();
    }

    [Test]
    public void MissingNames_AreTold()
    {
        Assert.That(CudaTest.Error(ErrorCode.KernelMissing, () => Module.Kernel("tbn_none")).Message, Does.Contain("tbn_none").And.Contain("test/kernels.cu (TBN_BLOCK=64)"));
        Assert.That(CudaTest.Error(ErrorCode.KernelMissing, () => Module.Global("none")).Message, Does.Contain("'none'"));
    }

    [Test]
    public void Global_IsFound()
    {
        var (pointer, bytes) = Module.Global("tbn_counter");
        Assert.That(pointer, Is.Not.EqualTo(nint.Zero));
        Assert.That(bytes, Is.EqualTo(4));
    }

    [Test]
    public void ImageThatIsNone_IsAnError()
    {
        Assert.Catch<TorchBrainException>(() => CudaModule.Load(Context, "this is no image\0"u8, "nonsense"));
        Assert.Throws<ArgumentException>(() => CudaModule.Load(Context, [], "nothing"));
    }

    [Test]
    public void KernelOfADisposedModule_IsRefused()
    {
        var module = CudaTest.Load(Context);
        var kernel = module.Kernel("tbn_scale");
        using var target = Variable(1);
        module.Dispose();
        module.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kernel.Launch(Stream, 1, 1, 0, Arguments(target, target, 1)));
        Assert.Throws<ObjectDisposedException>(() => module.Kernel("tbn_scale"));
    }
}
