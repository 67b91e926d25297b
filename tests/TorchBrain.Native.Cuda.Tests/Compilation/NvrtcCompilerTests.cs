using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class NvrtcCompilerTests
{
    [SetUp]
    public void Begin() => CudaTest.RequireCompiler();

    static string Newest => $"{NvrtcCompiler.SupportedArchitectures[^1]}";

    static bool IsEmulated => NativeLibrary.TryGetExport(CudaLibrary.RuntimeCompiler.Handle, "tbnemu_report", out _);

    static KernelSources With(string kernel, string header = "#pragma once\n") =>
        KernelSources.FromText(new Dictionary<string, string> { ["neuron/bad.cu"] = kernel, ["include/tbn/part.cuh"] = header });

    [Test]
    public void Compiler_Names_VersionAndArchitectures()
    {
        Assert.That(NvrtcCompiler.Version!.Value.Major, Is.GreaterThanOrEqualTo(11));
        Assert.That(NvrtcCompiler.SupportedArchitectures, Is.Not.Empty.And.Ordered.And.All.GreaterThanOrEqualTo(20));
        Assert.That(CudaProbe.Machine.RuntimeCompilerArchitectures, Is.EqualTo(NvrtcCompiler.SupportedArchitectures));
    }

    [Test]
    public void Kernel_IsCompiled_ToMachineCodeAndPtx()
    {
        var code = NvrtcCompiler.Compile(CudaTest.Sources, CudaTest.Unit, "sm_" + Newest, "--ptxas-options=-v");
        var text = NvrtcCompiler.Compile(CudaTest.Sources, CudaTest.Unit, "compute_" + Newest);
        Assert.That(code.Bytes, Is.Not.Empty);
        Assert.That(text.Bytes, Is.Not.Empty);
        Assert.That(text.Bytes[^1], Is.Zero, "the driver takes PTX that ends with a zero byte");
        Assert.That(Encoding.UTF8.GetString(text.Bytes), Does.Contain("tbn_scale").And.Contain($".target sm_{Newest}"));
        if (IsEmulated)
            return; // its machine code is its own
        Assert.That(code.Bytes.AsSpan(0, 4).ToArray(), Is.EqualTo("\u007fELF"u8.ToArray()));
        Assert.That(code.Log, Does.Contain("registers"));
    }

    [Test]
    public void Multiplication_IsNotContracted()
    {
        var text = Encoding.UTF8.GetString(NvrtcCompiler.Compile(With("extern \"C\" __global__ void f(float* x) { x[0] = x[1] * x[2] + x[3] / x[4] + sqrtf(x[5]); }"), new("neuron/bad.cu", []), "compute_" + Newest).Bytes);
        if (IsEmulated)
            Assert.Ignore("This is about what the real compiler writes.");
        Assert.That(text, Does.Not.Contain("fma.rn.f32").And.Contain("div.rn.f32").And.Contain("sqrt.rn.f32").And.Not.Contain(".ftz"));
    }

    [Test]
    public void Error_ShowsFileLineExcerptAndLog()
    {
        var sources = With("#include \"tbn/part.cuh\"\n// two\nextern \"C\" __global__ void f(float* x)\n{\n    x[0] = missing_name;\n}\n");
        var error = Assert.Throws<KernelCompilationException>(() => NvrtcCompiler.Compile(sources, new("neuron/bad.cu", ["TBN_BLOCK=256", "TBN_X"]), "sm_" + Newest))!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Code, Is.EqualTo(ErrorCode.KernelCompilation));
        Assert.That(error.File, Is.EqualTo("neuron/bad.cu"));
        Assert.That(error.Line, Is.EqualTo(5));
        Assert.That(error.Log, Does.Contain("missing_name"));
        Assert.That(error.Message, Does.Contain($"sm_{Newest}").And.Contain("-DTBN_BLOCK=256 -DTBN_X").And.Contain(">    5 |     x[0] = missing_name;").And.Contain("     4 | {").And.Contain(error.Log));
    }

    [Test]
    public void Error_InAHeader_ShowsTheHeader()
    {
        var sources = With("#include \"tbn/part.cuh\"\nextern \"C\" __global__ void f(float* x) { x[0] = 1.0f; }\n", "#pragma once\n\nstruct Broken { unknown_type field; };\n");
        var error = Assert.Throws<KernelCompilationException>(() => NvrtcCompiler.Compile(sources, new("neuron/bad.cu", []), "sm_" + Newest))!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That((error.File, error.Line), Is.EqualTo(("tbn/part.cuh", 3)));
        Assert.That(error.Message, Does.Contain(">    3 | struct Broken"));
    }

    [Test]
    public void Error_WithoutALine_IsStillTold()
    {
        var error = Assert.Throws<KernelCompilationException>(() => NvrtcCompiler.Compile(CudaTest.Sources, CudaTest.Unit, "sm_9999"))!;
        TestContext.Out.WriteLine(error.Message);
        Assert.That(error.Line, Is.Zero);
        Assert.That(error.Message, Does.Contain("sm_9999"));
    }

    [Test]
    public void MissingHeader_IsACompileError()
    {
        var error = Assert.Throws<KernelCompilationException>(() => NvrtcCompiler.Compile(With("#include \"tbn/absent.cuh\"\n"), new("neuron/bad.cu", []), "sm_" + Newest))!;
        Assert.That(error.Message, Does.Contain("tbn/absent.cuh"));
        Assert.That(error.Line, Is.EqualTo(1));
    }

    [Test]
    public void Compiler_MayBeUsed_ByManyThreads()
    {
        var images = new byte[8][];
        Parallel.For(0, images.Length, i => images[i] = NvrtcCompiler.Compile(CudaTest.Sources, CudaTest.Unit, "compute_" + Newest).Bytes);
        Assert.That(images, Is.All.EqualTo(images[0]));
    }

    [TestCase(90, "50 60 90", ExpectedResult = "sm_90")]
    [TestCase(89, "50 60 90", ExpectedResult = "compute_60")]
    [TestCase(120, "50 60 90", ExpectedResult = "compute_90")]
    public string Architecture_IsTheDevicesOwn_OrTheNewestOlderOne(int capability, string supported) =>
        NvrtcCompiler.ArchitectureFor(capability, [.. supported.Split(' ').Select(int.Parse)]);

    [Test]
    public void Architecture_OfAnOldDevice_IsRefused() =>
        Assert.That(CudaTest.Error(ErrorCode.DeviceUnsupported, () => NvrtcCompiler.ArchitectureFor(35, [50, 90])).Message, Does.Contain("3.5").And.Contain("5.0"));
}
