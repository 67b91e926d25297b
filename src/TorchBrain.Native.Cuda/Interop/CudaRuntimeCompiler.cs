using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>The functions of NVRTC that are called, under their own names. Call them only where <see cref="CudaLibrary.RuntimeCompiler"/> was found.</summary>
static unsafe partial class CudaRuntimeCompiler
{
    public const int Success = 0, CompilationError = 6, BuiltinsMissing = 7;

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcVersion")]
    public static partial int Version(out int major, out int minor);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetNumSupportedArchs")]
    public static partial int GetNumSupportedArchs(out int count);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetSupportedArchs")]
    public static partial int GetSupportedArchs(int* architectures);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcCreateProgram")]
    public static partial int CreateProgram(out nint program, nint source, nint name, int headers, nint* headerTexts, nint* includeNames);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcDestroyProgram")]
    public static partial int DestroyProgram(ref nint program);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcCompileProgram")]
    public static partial int CompileProgram(nint program, int count, nint* options);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetPTXSize")]
    public static partial int GetPtxSize(nint program, out nuint bytes);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetPTX")]
    public static partial int GetPtx(nint program, byte* image);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetCUBINSize")]
    public static partial int GetCubinSize(nint program, out nuint bytes);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetCUBIN")]
    public static partial int GetCubin(nint program, byte* image);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetProgramLogSize")]
    public static partial int GetProgramLogSize(nint program, out nuint bytes);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetProgramLog")]
    public static partial int GetProgramLog(nint program, byte* log);

    [LibraryImport(CudaLibrary.RuntimeCompilerName, EntryPoint = "nvrtcGetErrorString")]
    public static partial byte* GetErrorString(int error);

    /// <summary>NVRTC's own name of an error, for example <c>NVRTC_ERROR_INVALID_OPTION (5)</c>.</summary>
    public static string NameOf(int error) => $"{Marshal.PtrToStringUTF8((nint)GetErrorString(error))} ({error})";
}
