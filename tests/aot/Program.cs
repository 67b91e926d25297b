// Everything a program needs that is published with Native AOT: a network on the CPU, and kernels compiled and launched on a device where there is one. With "fault" a kernel writes where it
// must not, with "memory" the device is asked for too much: what users read then.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

try
{
    Console.WriteLine($"cpu: spike hash {Cpu()}");
    Console.WriteLine($"cuda: {Device(args)}");
    return 0;
}
catch (TorchBrainException e)
{
    Console.WriteLine(e.Message);
    return e.Code == ErrorCode.CudaUnavailable ? 0 : 1;
}

static string Cpu()
{
    var cells = new Population("cells", 200) { Neuron = new Izhikevich() };
    var network = new Network { Seed = 3, TimeStepMs = 1, Populations = [cells], Inputs = [new GaussianNoise(cells) { Deviation = 8 }], Recordings = [new SpikeRecording(cells)] };
    using var backend = new CpuBackend();
    using var simulation = Simulation.Create(network, backend);
    simulation.Run(200);
    return $"{simulation.SpikeHash}";
}

static string Device(string[] args)
{
    using var context = CudaContext.Open();
    if (args is ["memory"])
    {
        using var large = new CudaDeviceVariable<byte>(context, 1L << 50, "a sample that is too large");
    }
    var sources = KernelSources.FromText(new Dictionary<string, string>
    {
        ["sample.cu"] = """
            struct Arguments { int* values; int count; int add; };
            extern "C" __global__ void sample(Arguments args)
            {
                int i = blockIdx.x * TBN_BLOCK + threadIdx.x;
                if (i < args.count)
                    args.values[i] += args.add;
            }
            """,
    });
    var compiler = new KernelCompiler(context, sources, new KernelCache(KernelCache.DefaultFolder()));
    using var module = compiler.Load(new KernelUnit("sample.cu", ["TBN_BLOCK=64"]));
    var kernel = module.Kernel("sample");
    kernel.RequireArgumentBytes(Unsafe.SizeOf<Arguments>());
    using var stream = new CudaStream(context);
    using var values = new CudaDeviceVariable<int>(context, 1000);
    values.Clear(stream);
    kernel.Launch(stream, 16, 64, 0, new Arguments { Values = args is ["fault"] ? 64 : values.DevicePointer, Count = 1000, Add = 7 });
    stream.Synchronize();
    var back = new int[1000];
    values.CopyToHost(back, stream: stream);
    return $"{context.Device.Name}, {compiler.Architecture}, {compiler.Compiled} compiled, sum {back.Sum()}";
}

[StructLayout(LayoutKind.Sequential)]
struct Arguments
{
    public nint Values;
    public int Count, Add;
}
