using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>What the tests of the interop share: a device, a stream and a few kernels.</summary>
static class CudaTest
{
    [StructLayout(LayoutKind.Sequential)]
    internal struct ScaleArguments
    {
        public nint Source, Target;
        public int Count;
        public float Factor;
    }

    internal const int Block = 64;

    internal static KernelUnit Unit { get; } = new("test/kernels.cu", [$"TBN_BLOCK={Block}"]);

    internal static KernelSources Sources { get; } = KernelSources.FromText(new Dictionary<string, string>
    {
        ["include/tbn/arguments.cuh"] = """
            #pragma once
            struct ScaleArguments
            {
                const float* source;
                float* target;
                int count;
                float factor;
            };
            """,
        ["test/kernels.cu"] = """
            #include "tbn/arguments.cuh"

            extern "C"
            {
                __device__ int tbn_counter;
            }

            extern "C" __global__ void __launch_bounds__(TBN_BLOCK) tbn_scale(ScaleArguments args)
            {
                int i = blockIdx.x * TBN_BLOCK + threadIdx.x;
                if (i < args.count)
                    args.target[i] = args.source[i] * args.factor;
            }

            extern "C" __global__ void tbn_two(ScaleArguments args, int more)
            {
                if (threadIdx.x == 0)
                    args.target[0] = args.factor + more + tbn_counter;
            }

            extern "C" __global__ void tbn_shared(ScaleArguments args)
            {
                __shared__ float own[TBN_BLOCK];
                extern __shared__ float added[];
                own[threadIdx.x] = args.source[threadIdx.x];
                added[threadIdx.x] = args.factor;
                __syncthreads();
                args.target[threadIdx.x] = own[TBN_BLOCK - 1 - threadIdx.x] + added[TBN_BLOCK - 1 - threadIdx.x];
            }
            """,
    });

    /// <summary>Skips the test where there is neither emulator nor device; fails it where <c>TORCHBRAIN_REQUIRE</c> names the emulator.</summary>
    internal static void Require()
    {
        if (CudaTestSetup.Missing is not { } why)
            return;
        if (Environment.GetEnvironmentVariable(CudaTestSetup.Required)?.Contains("emulator", StringComparison.Ordinal) == true)
            Assert.Fail($"{CudaTestSetup.Required} demands the emulator: {why}");
        Assert.Ignore($"No CUDA to test on: {why}");
    }

    /// <summary>As <see cref="Require"/>, for tests that need the run-time compiler only: it works without a driver.</summary>
    internal static void RequireCompiler()
    {
        if (CudaLibrary.RuntimeCompiler.Found is null || (CudaTestSetup.Missing is not null && !CudaTestSetup.OnDevice))
            Require();
    }

    /// <summary>Skips the test on a real device: what is free there depends on all its users, and its driver keeps what it has loaded once.</summary>
    internal static void RequireOwnMemory()
    {
        if (CudaTestSetup.OnDevice)
            Assert.Ignore("The free memory of a real device is not this test's alone.");
    }

    /// <summary>The kernels, compiled for the device.</summary>
    internal static CudaModule Load(CudaContext context) => new KernelCompiler(context, Sources, new KernelCache(KernelCache.DefaultFolder())).Load(Unit);

    internal static TorchBrainException Error(string code, Action action)
    {
        var error = Assert.Catch<TorchBrainException>(() => action())!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        TestContext.Out.WriteLine(error.Message);
        return error;
    }

    /// <summary>What the calling thread allocates in an action, bytes; the least of some tries, after one that compiles the code.</summary>
    internal static long Allocated(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    /// <summary>Runs a program and waits for it; the output and errors together.</summary>
    internal static (int Code, string Output) Run(string file, string[] arguments, string? folder = null, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
