using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>.NET stops threads by signal when it collects garbage; the signal may find a thread on a fiber of the emulator.</summary>
[Category("Emulator")]
public class EmulatorGarbageCollectionTests
{
    const string Source = """
        extern "C" __global__ void turn(unsigned* p, unsigned n)
        {
            __shared__ unsigned s[256];
            for (unsigned k = 0; k < n; k++)
            {
                s[threadIdx.x] = p[threadIdx.x];
                __syncthreads();
                p[threadIdx.x] = s[255 - threadIdx.x] + __shfl_xor_sync(0xffffffffu, 1u, 1);
                __syncthreads();
            }
        }
        """;

    nint _driver, _compiler;

    delegate int CreateProgram(out nint program, byte[] source, byte[] name, int headers, nint texts, nint names);
    delegate int CompileProgram(nint program, int options, nint values);
    delegate int GetSize(nint program, out nint size);
    delegate int GetBytes(nint program, byte[] bytes);
    delegate int Initialize(uint flags);
    delegate int Retain(out nint context, int device);
    delegate int OnHandle(nint handle);
    delegate int OnDevice(int device);
    delegate int Load(out nint module, byte[] image);
    delegate int Find(out nint function, nint module, byte[] name);
    delegate int Allocate(out ulong address, nint bytes);
    delegate int Fill(ulong address, uint value, nint count);
    delegate int Read(uint[] values, ulong address, nint bytes);
    delegate int LaunchKernel(nint function, uint gx, uint gy, uint gz, uint bx, uint by, uint bz, uint shared, nint stream, nint[] arguments, nint extra);

    T Driver<T>(string name) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_driver, name));

    T Compiler<T>(string name) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_compiler, name));

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + "\0");

    [Test]
    public void Kernels_OfSeveralThreads_SurviveCollections()
    {
        if (EmulatorLibrary.TryBuild(out var why) is not { } library)
        {
            Assert.Ignore(why);
            return;
        }
        (_driver, _compiler) = (NativeLibrary.Load(Path.Combine(library.Folder, "libcuda.so.1")), NativeLibrary.Load(Path.Combine(library.Folder, "libnvrtc.so.12")));
        Assert.That(NativeLibrary.GetExport(_driver, "cuInit"), Is.EqualTo(NativeLibrary.GetExport(_compiler, "cuInit")), "two instances of one emulator");
        var image = Compile();
        Assert.That(Driver<Initialize>("cuInit")(0), Is.Zero);
        Assert.That(Driver<Retain>("cuDevicePrimaryCtxRetain")(out var context, 0), Is.Zero);
        try
        {
            using var done = new CancellationTokenSource();
            var collector = Task.Run(() =>
            {
                while (!done.IsCancellationRequested)
                {
                    _ = new byte[100_000];
                    GC.Collect(0);
                }
            });
            var threads = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() => Work(context, image), TaskCreationOptions.LongRunning)).ToArray();
            var results = Task.WhenAll(threads).GetAwaiter().GetResult();
            done.Cancel();
            collector.Wait();
            Assert.That(results, Is.All.EqualTo(200u * 20));
        }
        finally
        {
            _ = Driver<OnDevice>("cuDevicePrimaryCtxRelease_v2")(0);
        }
    }

    byte[] Compile()
    {
        Assert.That(Compiler<CreateProgram>("nvrtcCreateProgram")(out var program, Text(Source), Text("turn.cu"), 0, 0, 0), Is.Zero);
        Assert.That(Compiler<CompileProgram>("nvrtcCompileProgram")(program, 0, 0), Is.Zero);
        Assert.That(Compiler<GetSize>("nvrtcGetPTXSize")(program, out var size), Is.Zero);
        var image = new byte[size];
        Assert.That(Compiler<GetBytes>("nvrtcGetPTX")(program, image), Is.Zero);
        return image;
    }

    uint Work(nint context, byte[] image)
    {
        Assert.That(Driver<OnHandle>("cuCtxSetCurrent")(context), Is.Zero);
        Assert.That(Driver<Load>("cuModuleLoadData")(out var module, image), Is.Zero);
        Assert.That(Driver<Find>("cuModuleGetFunction")(out var function, module, Text("turn")), Is.Zero);
        Assert.That(Driver<Allocate>("cuMemAlloc_v2")(out var address, 1024), Is.Zero);
        Assert.That(Driver<Fill>("cuMemsetD32_v2")(address, 0, 256), Is.Zero);
        var launch = Driver<LaunchKernel>("cuLaunchKernel");
        var arguments = GCHandle.Alloc(new[] { address, 20ul }, GCHandleType.Pinned);
        try
        {
            nint[] pointers = [arguments.AddrOfPinnedObject(), arguments.AddrOfPinnedObject() + 8];
            for (var round = 0; round < 200; round++)
                Assert.That(launch(function, 1, 1, 1, 256, 1, 1, 0, 0, pointers, 0), Is.Zero);
        }
        finally
        {
            arguments.Free();
        }
        var values = new uint[256];
        Assert.That(Driver<Read>("cuMemcpyDtoH_v2")(values, address, 1024), Is.Zero);
        return values.Distinct().Single();
    }
}
