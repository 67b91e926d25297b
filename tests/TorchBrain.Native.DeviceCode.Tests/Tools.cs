namespace TorchBrain.Native.Tests;

/// <summary>The compilers that are not part of the repository. A missing one skips its tests with a reason; where TORCHBRAIN_REQUIRE names it, it fails them.</summary>
static class Tools
{
    public const string NvrtcFolder = "TORCHBRAIN_NVRTC", ClangPath = "TORCHBRAIN_CLANG", Require = "TORCHBRAIN_REQUIRE";

    static readonly Lazy<string?> s_nvrtcProblem = new(AskNvrtc);

    /// <summary>Skips or fails the test if there is no NVRTC.</summary>
    public static void NeedNvrtc() => Need("nvrtc", s_nvrtcProblem.Value);

    public static bool HasNvrtc => s_nvrtcProblem.Value is null;

    /// <summary>Skips or fails the test if there is no clang.</summary>
    public static ClangCompiler NeedClang()
    {
        Need("clang", ClangCompiler.Problem);
        return ClangCompiler.Found!;
    }

    static void Need(string word, string? problem)
    {
        if (problem is null)
            return;
        if (IsRequired(word, Environment.GetEnvironmentVariable(Require)))
            Assert.Fail($"{problem} {Require} asks for '{word}'.");
        Assert.Ignore(problem);
    }

    /// <summary>Whether a list of words, separated by spaces or commas, holds a word.</summary>
    public static bool IsRequired(string word, string? list) => list?.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Contains(word, StringComparer.OrdinalIgnoreCase) == true;

    static string? AskNvrtc()
    {
        var folder = Environment.GetEnvironmentVariable(NvrtcFolder);
        if (!string.IsNullOrWhiteSpace(folder) && !Directory.Exists(folder))
            return $"{NvrtcFolder} names '{folder}', which is no folder; run .ci/fetch-nvrtc.";
        try
        {
            NvrtcCompiler.Require();
        }
        catch (TorchBrainException e)
        {
            return $"{e.Message.Split('\n')[0]} For these tests run .ci/fetch-nvrtc and name the folder that it prints in {NvrtcFolder}.";
        }
        int[] missing = [.. NvrtcGate.Capabilities.Except(NvrtcCompiler.SupportedArchitectures)];
        return missing.Length == 0 ? null : $"{CudaLibrary.RuntimeCompiler.Found} does not compile for {string.Join(", ", missing.Select(m => $"sm_{m}"))}.";
    }
}

/// <summary>Before anything looks for the CUDA libraries, says where NVRTC is.</summary>
[SetUpFixture]
public class DeviceCodeSetUp
{
    [OneTimeSetUp]
    public void NameTheFolder()
    {
        var folder = Environment.GetEnvironmentVariable(Tools.NvrtcFolder);
        if (!string.IsNullOrWhiteSpace(folder))
            Environment.SetEnvironmentVariable(CudaProbe.Variable, folder);
    }
}
