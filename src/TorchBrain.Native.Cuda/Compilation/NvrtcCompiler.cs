using System.Runtime.InteropServices;
using System.Text;

namespace TorchBrain.Native.Cuda;

/// <summary>What the compiler made: the image (a cubin, or PTX text that ends with a zero byte) and what it said.</summary>
readonly record struct CompiledImage(byte[] Bytes, string Log);

/// <summary>Compiles kernels with NVRTC. It needs no device and no driver.</summary>
static unsafe class NvrtcCompiler
{
    // Declared first: loading it is what makes the questions below answerable.
    static readonly bool s_loaded = Prepare();

    /// <summary>The version of NVRTC; null if there is none or it does not answer.</summary>
    public static (int Major, int Minor)? Version { get; } = AskVersion();

    /// <summary>Compute capabilities that NVRTC compiles for, ascending, for example 90 for 9.0; empty if there is none.</summary>
    public static IReadOnlyList<int> SupportedArchitectures { get; } = AskArchitectures();

    /// <summary>Where it is missing, says what was tried.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.RuntimeCompilerMissing"/>.</exception>
    public static void Require()
    {
        if (Version is not null && SupportedArchitectures.Count > 0)
            return;
        var library = CudaLibrary.RuntimeCompiler;
        throw new TorchBrainException(ErrorCode.RuntimeCompilerMissing, library.Found is null
                ? $"There is no NVRTC: tried {string.Join(", ", library.Tried.Select(t => $"'{t}'"))}."
                : $"{library.Found} is no complete NVRTC, or one before 11.2.",
            $"Install NVRTC 12 or later (part of the CUDA toolkit; packages of its own exist), or name its folder in {CudaProbe.Variable}. new CpuBackend() needs none.");
    }

    /// <summary>
    /// What to compile for a device: its own architecture (<c>sm_90</c>, machine code) if NVRTC knows it, else the newest older one as PTX (<c>compute_90</c>), which the driver
    /// translates.
    /// </summary>
    /// <param name="capability">The device's compute capability, 90 for 9.0.</param>
    /// <param name="supported">What NVRTC compiles for.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DeviceUnsupported"/>: the device is older than everything NVRTC knows.</exception>
    public static string ArchitectureFor(int capability, IReadOnlyList<int> supported)
    {
        if (supported.Contains(capability))
            return $"sm_{capability}";
        var older = supported.Where(s => s < capability).DefaultIfEmpty(0).Max();
        if (older == 0)
            throw new TorchBrainException(ErrorCode.DeviceUnsupported,
                $"The device has compute capability {capability / 10}.{capability % 10}; {CudaLibrary.RuntimeCompiler.Found} compiles for {Point(supported.DefaultIfEmpty(0).Min())} and later.",
                $"Name a folder with an older NVRTC in {CudaProbe.Variable}, take a newer device, or new CpuBackend().");
        return $"compute_{older}";

        static string Point(int number) => $"{number / 10}.{number % 10}";
    }

    /// <summary>The options of a compilation, in order. Contraction of multiply-adds, flushing to zero and approximate division are off: results must not depend on the device.</summary>
    public static IReadOnlyList<string> Options(KernelUnit unit, string architecture, IReadOnlyList<string> extra) =>
    [
        $"--gpu-architecture={architecture}", "--std=c++17", "--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true", "-lineinfo",
        .. unit.Defines.Select(d => "-D" + d), .. extra,
    ];

    /// <summary>Compiles.</summary>
    /// <param name="sources">Texts; all headers are at hand.</param>
    /// <param name="unit">What.</param>
    /// <param name="architecture"><c>sm_90</c> for machine code, <c>compute_90</c> for PTX.</param>
    /// <param name="extra">More options, for example <c>--ptxas-options=-v</c>.</param>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.RuntimeCompilerMissing"/>; <see cref="ErrorCode.KernelMissing"/>.</exception>
    public static CompiledImage Compile(KernelSources sources, KernelUnit unit, string architecture, params IReadOnlyList<string> extra)
    {
        Require();
        var options = Options(unit, architecture, extra);
        using var native = new NativeTexts();
        var program = (nint)0;
        var headers = sources.HeadersOf(unit);
        var created = CudaRuntimeCompiler.CreateProgram(out program, native.Text(sources.Text(unit.File)), native.Text(unit.File), headers.Count,
            native.Array([.. headers.Select(h => h.Text)]), native.Array([.. headers.Select(h => h.Name)]));
        if (created != CudaRuntimeCompiler.Success)
            throw new KernelCompilationException(sources, unit, architecture, created, "");
        try
        {
            var result = CudaRuntimeCompiler.CompileProgram(program, options.Count, native.Array(options));
            var log = LogOf(program);
            if (result != CudaRuntimeCompiler.Success)
                throw new KernelCompilationException(sources, unit, architecture, result, log);
            return new CompiledImage(ImageOf(program, cubin: architecture.StartsWith("sm_", StringComparison.Ordinal)), log);
        }
        finally
        {
            _ = CudaRuntimeCompiler.DestroyProgram(ref program);
        }
    }

    static byte[] ImageOf(nint program, bool cubin)
    {
        var result = cubin ? CudaRuntimeCompiler.GetCubinSize(program, out var size) : CudaRuntimeCompiler.GetPtxSize(program, out size);
        var image = new byte[result == CudaRuntimeCompiler.Success ? checked((int)size) : 0];
        fixed (byte* bytes = image)
            if (result == CudaRuntimeCompiler.Success)
                result = cubin ? CudaRuntimeCompiler.GetCubin(program, bytes) : CudaRuntimeCompiler.GetPtx(program, bytes);
        return result == CudaRuntimeCompiler.Success && image.Length > 0 ? image
            : throw new TorchBrainException(ErrorCode.RuntimeCompilerMissing, $"NVRTC compiled a kernel but gave no image: {CudaRuntimeCompiler.NameOf(result)}.", "Install a complete NVRTC 12 or later.");
    }

    static string LogOf(nint program)
    {
        if (CudaRuntimeCompiler.GetProgramLogSize(program, out var size) != CudaRuntimeCompiler.Success || size <= 1)
            return "";
        var log = new byte[checked((int)size)];
        fixed (byte* bytes = log)
            _ = CudaRuntimeCompiler.GetProgramLog(program, bytes);
        return Encoding.UTF8.GetString(log).TrimEnd('\0', '\n', ' ');
    }

    // NVRTC opens its second library by its bare name, which the loader finds only if it is loaded already or lies in the loader's own folders.
    static bool Prepare()
    {
        if (CudaLibrary.RuntimeCompiler.Found is not { } found)
            return false;
        // A library that the loader found by its bare name lies where it will find the other one too.
        if (Path.GetDirectoryName(found) is { Length: > 0 } folder && Directory.Exists(folder))
            foreach (var builtins in Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? "nvrtc-builtins*.dll" : "libnvrtc-builtins.so*").Order(StringComparer.Ordinal))
                _ = NativeLibrary.TryLoad(builtins, out _);
        return true;
    }

    static (int, int)? AskVersion()
    {
        try
        {
            return s_loaded && CudaRuntimeCompiler.Version(out var major, out var minor) == CudaRuntimeCompiler.Success ? (major, minor) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    static int[] AskArchitectures()
    {
        try
        {
            if (!s_loaded || CudaRuntimeCompiler.GetNumSupportedArchs(out var count) != CudaRuntimeCompiler.Success || count <= 0)
                return [];
            var architectures = new int[count];
            fixed (int* numbers = architectures)
                if (CudaRuntimeCompiler.GetSupportedArchs(numbers) != CudaRuntimeCompiler.Success)
                    return [];
            return [.. architectures.Order()];
        }
        catch (EntryPointNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Texts in the form that C takes, freed together.</summary>
    sealed class NativeTexts : IDisposable
    {
        readonly List<nint> _texts = [], _arrays = [];

        public nint Text(string text)
        {
            var native = Marshal.StringToCoTaskMemUTF8(text);
            _texts.Add(native);
            return native;
        }

        public nint* Array(IReadOnlyList<string> texts)
        {
            var array = (nint*)NativeMemory.Alloc((nuint)Math.Max(1, texts.Count), (nuint)sizeof(nint));
            _arrays.Add((nint)array);
            for (var i = 0; i < texts.Count; i++)
                array[i] = Text(texts[i]);
            return array;
        }

        public void Dispose()
        {
            foreach (var text in _texts)
                Marshal.FreeCoTaskMem(text);
            foreach (var array in _arrays)
                NativeMemory.Free((void*)array);
        }
    }
}
