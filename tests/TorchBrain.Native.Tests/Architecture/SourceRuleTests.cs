using System.Text.RegularExpressions;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Rules about source files that the compiler does not know.</summary>
public class SourceRuleTests
{
    [Test]
    public void Unsafe_Appears_OnlyWhereItIsAllowed()
    {
        var found = SourceTree.Files("*.cs", "src").Where(f => Regex.IsMatch(SourceTree.Code(f), @"\bunsafe\b|\bstackalloc\b\s*\w+\s*\*"));
        Assert.That(found.Where(f => !f.StartsWith("src/TorchBrain.Native.Cpu/Memory/", StringComparison.Ordinal) && !IsCudaInterop(f)), Is.Empty);
        var allowed = SourceTree.Files("*.csproj", "src").Where(f => SourceTree.Text(f).Contains("AllowUnsafeBlocks", StringComparison.Ordinal));
        Assert.That(allowed, Is.SubsetOf(new[] { "src/TorchBrain.Native.Cpu/TorchBrain.Native.Cpu.csproj", "src/TorchBrain.Native.Cuda/TorchBrain.Native.Cuda.csproj" }));
        Assert.That(SourceTree.Text("Directory.Build.props"), Does.Not.Contain("AllowUnsafeBlocks"));
    }

    static bool IsCudaInterop(string file) => Regex.IsMatch(file, "^src/TorchBrain.Native.Cuda/(Interop|Device|Compilation)/");

    [Test]
    public void RandomNumbers_ComeFromPhiloxOnly()
    {
        var found = SourceTree.Files("*.cs", "src").Where(f => Regex.IsMatch(SourceTree.Code(f), @"\bnew\s+(System\.)?Random\b|\bRandom\.Shared\b|\bSystem\.Random\b|\bRandomNumberGenerator\b"));
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void File_OfTheProject_HasAtMost400Lines()
    {
        var files = ((string[])["*.cs", "*.cu", "*.cuh", "*.h", "*.cpp"]).SelectMany(p => SourceTree.Files(p, "src", "tests", "bench", "kernels"));
        Assert.That(files.Select(f => (f, Lines: SourceTree.Text(f).Count(c => c == '\n'))).Where(x => x.Lines > 400), Is.Empty);
    }

    [Test]
    public void Source_Carries_NoUnfinishedMarks()
    {
        var marks = new Regex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X|NotImplemented" + @"Exception)\b");
        var files = ((string[])["*.cs", "*.cu", "*.cuh", "*.h", "*.cpp"]).SelectMany(p => SourceTree.Files(p, "src", "tests", "bench", "kernels"));
        Assert.That(files.Where(f => marks.IsMatch(SourceTree.Text(f))), Is.Empty);
    }

    // The plan is for tools: one namespace more than the rest of the core has. Backends may keep theirs.
    [Test]
    public void PublicTypes_OfAProject_ShareOneNamespace()
    {
        var found = from file in SourceTree.Files("*.cs", "src")
                    let code = SourceTree.Code(file)
                    where Regex.IsMatch(code, @"^\s*public\s+(abstract |sealed |static |readonly |partial |unsafe )*(class|record|struct|interface|enum|delegate)\b", RegexOptions.Multiline)
                    let project = file.Split('/')[1]
                    let name = Regex.Match(code, @"^namespace\s+([\w.]+)", RegexOptions.Multiline).Groups[1].Value
                    where name != project && !(project == "TorchBrain.Native" && name == "TorchBrain.Native.Planning")
                    select $"{file}: {name}";
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void StepPathOfTheCpu_UsesNoFunctionThatDiffersBetweenMachines()
    {
        // exp, log, sin, cos and pow of the platform are not the same everywhere; the step path has polynomials of its own.
        var found = SourceTree.Files("*.cs", "src/TorchBrain.Native.Cpu").Append("src/TorchBrain.Native/Numerics/StepMath.cs")
            .Where(f => Regex.IsMatch(SourceTree.Code(f), @"\b(Math|MathF)\.(Exp|Log|Log2|Sin|Cos|Tan|Tanh|Pow|SinCos)\b"));
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Kernels_WithFloats_CarryNoDoubleLiterals()
    {
        var found = SourceTree.Files("*.cu*", "kernels").Where(f => Regex.IsMatch(SourceTree.Code(f), @"(?<![\w.])\d+\.\d*(e[+-]?\d+)?(?![\dfe])", RegexOptions.IgnoreCase));
        Assert.That(found, Is.Empty);
    }
}
