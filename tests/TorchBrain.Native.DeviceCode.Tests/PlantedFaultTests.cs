namespace TorchBrain.Native.Tests;

/// <summary>The gate itself: each fault that it is there for is planted in a kernel and must be found, by NVRTC's log, in NVRTC's PTX, and in clang's.</summary>
public class PlantedFaultTests
{
    const string File = "fault.cu";

    static readonly KernelUnit s_unit = new(File, ["TBN_BLOCK=1024"]);

    static readonly KernelEntry[] s_entries = [new("tbn_fault", File, 8)];

    const string Sound = "extern \"C\" __global__ void __launch_bounds__(TBN_BLOCK) tbn_fault(float* x) { x[threadIdx.x] = __fmaf_rn(x[1], x[2], x[3]) * x[4] + x[5]; }\n";

    static string Kernel(string body, string before = "", string bounds = "TBN_BLOCK") => $"{before}\nextern \"C\" __global__ void __launch_bounds__({bounds}) tbn_fault(float* x)\n{{\n    {body}\n}}\n";

    // 200 values that live at once do not fit 64 registers.
    static string Crowded => Kernel("""
        float v[200];
        #pragma unroll
        for (int i = 0; i < 200; i++) v[i] = x[i * 1024 + threadIdx.x];
        __syncthreads();
        #pragma unroll
        for (int i = 0; i < 200; i++) x[i * 1024 + threadIdx.x] = v[199 - i] * v[i];
        """);

    static string RunTimeIndex => Kernel("float v[64]; for (int i = 0; i < 64; i++) v[i] = x[i]; x[0] = v[(int)x[65] & 63] + v[(int)x[66] & 63]; x[1] = v[threadIdx.x & 63];");

    static KernelSources Sources(string text) => KernelSources.FromText(new Dictionary<string, string> { [File] = text });

    static IReadOnlyList<string> Nvrtc(string text, string target, KernelEntry[]? entries = null, params string[] extra)
    {
        Tools.NeedNvrtc();
        return NvrtcGate.Check(Sources(text), s_unit, target, entries ?? s_entries, extra).Problems;
    }

    static IReadOnlyList<string> Clang(string text, KernelEntry[]? entries = null, params string[] extra)
    {
        var clang = Tools.NeedClang();
        var folder = ClangCompiler.WriteSources(Sources(text));
        try
        {
            return ClangGateTests.Problems(clang.Compile(folder, s_unit, clang.Targets[0], extra), s_unit, entries ?? s_entries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void AssertFound(IReadOnlyList<string> problems, string words) => Assert.That(string.Join('\n', problems), Does.Contain(words));

    [Test]
    public void Sound_Kernel_PassesNvrtc([Values("sm_90", "compute_75")] string target) => Assert.That(Nvrtc(Sound, target), Is.Empty);

    [Test]
    public void Sound_Kernel_PassesClang() => Assert.That(Clang(Sound), Is.Empty);

    static readonly string s_double = Kernel("x[0] = x[1] * 0.1;");

    [Test]
    public void DoubleLiteral_IsFound_ByNvrtc() => AssertFound(Nvrtc(s_double, NvrtcGate.Ptx), "64-bit floating point");

    [Test]
    public void DoubleLiteral_IsFound_ByClang() => AssertFound(Clang(s_double), "64-bit floating point");

    [Test]
    public void Spills_AreFound_ByNvrtc() => AssertFound(Nvrtc(Crowded, "sm_90"), "bytes spill stores");

    [Test]
    public void LocalArray_IsFound_ByNvrtc([Values("sm_90", "compute_75")] string target) => AssertFound(Nvrtc(RunTimeIndex, target), target == "sm_90" ? "bytes stack frame" : "local memory");

    [Test]
    public void LocalArray_IsFound_ByClang() => AssertFound(Clang(RunTimeIndex), "local memory");

    static readonly string s_undefined = Kernel("x[0] = tbn_nowhere(x[1]);", "__device__ float tbn_nowhere(float x);");

    [Test]
    public void UndefinedFunction_IsFound_ByNvrtc([Values("sm_90", "compute_75")] string target) => AssertFound(Nvrtc(s_undefined, target), "tbn_nowhere");

    [Test]
    public void UndefinedFunction_IsFound_ByClang() => AssertFound(Clang(s_undefined), "defined nowhere");

    // NVRTC itself refuses an option that contradicts the product's.
    [Test]
    public void Contraction_CannotBeSwitchedOn_WithNvrtc() => AssertFound(Nvrtc(Sound, NvrtcGate.Ptx, extra: "--fmad=true"), "--fmad");

    [Test]
    public void Contraction_IsFound_ByClang() => AssertFound(Clang(Kernel("x[0] = x[1] * x[2] + x[3]; x[4] = x[5] + x[6];"), extra: "-ffp-contract=fast"), "may be contracted");

    [Test]
    public void FastMath_IsFound_ByNvrtc() => AssertFound(Nvrtc(Sound, NvrtcGate.Ptx, extra: "--use_fast_math"), "compiled with --use_fast_math");

    [Test]
    public void Approximation_IsFound_ByNvrtc() => AssertFound(Nvrtc(Kernel("x[0] = __expf(x[1]);"), NvrtcGate.Ptx), "approximate arithmetic");

    [Test]
    public void FloatAtomic_IsFound_ByNvrtc() => AssertFound(Nvrtc(Kernel("atomicAdd(x, x[1]);"), NvrtcGate.Ptx), "an atomic on floats");

    static readonly string s_shared = Kernel("tile[threadIdx.x * 13 + 1] = x[0]; __syncthreads(); x[1] = tile[(int)x[2]];", "__shared__ float tile[13000];");

    [Test]
    public void SharedMemory_IsFound_ByNvrtc([Values("sm_90", "compute_75")] string target) => AssertFound(Nvrtc(s_shared, target), "52000 bytes of shared memory");

    [Test]
    public void SharedMemory_IsFound_ByClang() => AssertFound(Clang(s_shared), "52000 bytes of shared memory");

    [Test]
    public void ArgumentSize_IsFound_ByNvrtc() => AssertFound(Nvrtc(Sound, NvrtcGate.Ptx, [s_entries[0] with { ArgumentBytes = 16 }]), "tbn_fault takes 8 bytes; the host passes 16");

    [Test]
    public void ArgumentSize_IsFound_ByClang() => AssertFound(Clang(Sound, [s_entries[0] with { ArgumentBytes = 16 }]), "tbn_fault takes 8 bytes; the host passes 16");

    [Test]
    public void EntryName_IsFound_ByNvrtc([Values("sm_90", "compute_75")] string target) =>
        AssertFound(Nvrtc(Sound, target, [new("tbn_other", File, 8)]), target == "sm_90" ? "the log does not tell of tbn_other" : "entries tbn_fault; the catalogue has tbn_other");

    [Test]
    public void Bounds_AreFound_ByNvrtc() => AssertFound(Nvrtc(Kernel("x[0] = 1.0f;", bounds: "128"), NvrtcGate.Ptx), "bounded to 128 threads; TBN_BLOCK is 1024");

    [Test]
    public void Warning_IsFound_ByNvrtc([Values("sm_90", "compute_75")] string target) => AssertFound(Nvrtc(Kernel("int unused = 3; x[0] = 1.0f;"), target), "warning #");

    // No compiler needed from here on.

    [TestCase("--fmad=true", "compiled without --fmad=false", "compiled with --fmad=true")]
    [TestCase("--ftz=true", "compiled without --ftz=false", "compiled with --ftz=true")]
    [TestCase("-use_fast_math", "compiled with -use_fast_math")]
    public void Options_ThatChangeResults_AreFound(string option, params string[] problems)
    {
        var name = option.Split('=')[0];
        string[] options = [.. NvrtcCompiler.Options(s_unit, "sm_90", []).Where(o => o.Split('=')[0] != name), option];
        Assert.That(NvrtcGate.OptionProblems(options), Is.EqualTo(problems));
    }

    [Test]
    public void Registers_BeyondTheBlock_AreFound()
    {
        const string log = """
            ptxas info    : 0 bytes gmem
            ptxas info    : Compiling entry function 'tbn_fault' for 'sm_90'
            ptxas info    : Function properties for tbn_fault
            ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
            ptxas info    : Used 65 registers, 1056 bytes smem, 400 bytes cmem[0]
            """;
        AssertFound(PtxasLog.Problems(log, s_entries, 1024), "65 registers; a block of 1024 does not run with more than 64");
        Assert.That(PtxasLog.Problems(log, s_entries, 512), Is.Empty);
        Assert.That(PtxasLog.Read(log).Usages, Is.EqualTo(new[] { new KernelUsage("tbn_fault", 65, 1056, 0, 0, 0) }));
        AssertFound(PtxasLog.Problems(log.Replace("    0 bytes stack", "    16 bytes stack", StringComparison.Ordinal), s_entries, 512), "16 bytes stack frame");
        AssertFound(PtxasLog.Problems(log + "\nptxas warning : something", s_entries, 512), "the compiler says: ptxas warning : something");
        AssertFound(PtxasLog.Problems("", s_entries, 512), "does not tell of tbn_fault");
    }

    [TestCase(".visible .entry a(\n\t.param .align 8 .b8 a_param_0[48]\n)\n.maxntid 128, 1, 1\n{\n}", 48, 128)]
    [TestCase(".visible .entry a(\n\t.param .u64 .ptr .align 1 a_param_0,\n\t.param .u32 a_param_1\n)\n.maxntid 64\n.minnctapersm 2\n{\n}", 12, 64)]
    [TestCase(".entry a()\n{\n}", 0, 0)]
    public void Ptx_Entries_AreRead(string ptx, int bytes, int threads) => Assert.That(PtxScan.Entries(ptx), Is.EqualTo(new[] { new PtxEntry("a", bytes, threads) }));

    [Test]
    public void Ptx_SharedMemory_IsSummed() =>
        Assert.That(PtxScan.SharedBytes("\t.shared .align 4 .b8 a[1024];\n\t.shared .align 4 .f32 b;\n.extern .shared .align 4 .b8 c[];\n// .shared .align 4 .b8 d[9];"), Is.EqualTo(1028));

    [Test]
    public void Ptx_CommentsAndTexts_AreNoCode() => Assert.That(PtxScan.Problems("""
        // add.f64 fma.rz.f32
        .file 1 "sin.approx.cu"
        .loc 1 2 3, function_name $call
        .visible .entry tbn_fault(.param .u64 p)
        .maxntid 1024, 1, 1
        { .pragma "mul.f32"; }
        """, s_entries, 1024), Is.Empty);

    [TestCase("nvrtc", null, ExpectedResult = false)]
    [TestCase("nvrtc", "", ExpectedResult = false)]
    [TestCase("nvrtc", "emulator, NVRTC", ExpectedResult = true)]
    [TestCase("clang", "emulator nvrtc", ExpectedResult = false)]
    public bool Required_Words_AreRead(string word, string? list) => Tools.IsRequired(word, list);
}
