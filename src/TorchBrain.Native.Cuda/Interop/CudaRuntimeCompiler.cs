using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>The function of NVRTC that the probe calls. Call it only where <see cref="CudaLibrary.RuntimeCompiler"/> was found.</summary>
static partial class CudaRuntimeCompiler
{
    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcVersion")]
    public static partial int Version(out int major, out int minor);
}
