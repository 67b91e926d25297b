using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Who may know whom: between projects by their project files, between the folders of the core by the types they name.</summary>
public class DependencyTests
{
    static string[] References(string project, string kind) =>
        [.. XDocument.Parse(SourceTree.Text($"src/{project}/{project}.csproj")).Descendants(kind).Select(e => Path.GetFileNameWithoutExtension(((string)e.Attribute("Include")!).Replace('\\', '/')))];

    [Test]
    public void Core_References_NothingButHashing()
    {
        Assert.That(References("TorchBrain.Native", "ProjectReference"), Is.Empty);
        Assert.That(XDocument.Parse(SourceTree.Text("src/TorchBrain.Native/TorchBrain.Native.csproj")).Descendants("PackageReference").Select(e => (string?)e.Attribute("Include")),
            Is.EqualTo(new[] { "System.IO.Hashing" }));
    }

    [TestCase("TorchBrain.Native.Cpu")]
    [TestCase("TorchBrain.Native.Cuda")]
    [TestCase("TorchBrain.Native.Mnist")]
    [TestCase("TorchBrain.Native.Networks")]
    [TestCase("TorchBrain.Native.Pictures")]
    public void Project_BesideTheCore_ReferencesTheCoreOnly(string project) => Assert.That(References(project, "ProjectReference"), Is.EqualTo(new[] { "TorchBrain.Native" }));

    [Test]
    public void Tuning_References_TheCoreAndTheBackends() =>
        Assert.That(References("TorchBrain.Native.Tuning", "ProjectReference"), Is.EqualTo(new[] { "TorchBrain.Native", "TorchBrain.Native.Cpu", "TorchBrain.Native.Cuda" }));

    [Test]
    public void Cli_References_OnlyProjectsOfThisTree()
    {
        var all = SourceTree.Files("*.csproj", "src").Select(Path.GetFileNameWithoutExtension).Where(p => p is not ("TorchBrain.Native.Cli" or "TorchBrain.Native"));
        Assert.That(References("TorchBrain.Native.Cli", "ProjectReference"), Is.SupersetOf(all));
    }

    [TestCase("TorchBrain.Native.Cpu", "Cuda")]
    [TestCase("TorchBrain.Native.Cuda", "Cpu")]
    public void Backend_Sources_DoNotNameTheOther(string project, string other)
    {
        foreach (var file in SourceTree.Files("*.cs", $"src/{project}"))
            Assert.That(SourceTree.Code(file), Does.Not.Match($@"TorchBrain\.Native\.{other}\b"), file);
    }

    // Types that a folder of the core declares, by name.
    static Dictionary<string, string> Declared(string folder) =>
        (from file in SourceTree.Files("*.cs", $"src/TorchBrain.Native/{folder}")
         from Match match in Regex.Matches(SourceTree.Code(file), @"\b(?:class|record struct|record|struct|interface|enum)\s+([A-Z]\w+)")
         select (Name: match.Groups[1].Value, file)).DistinctBy(x => x.Name).ToDictionary(x => x.Name, x => x.file);

    [TestCase("Numerics", "Planning", "Execution", "Recording")]
    [TestCase("Errors", "Planning", "Execution", "Recording")]
    [TestCase("Description", "Planning", "Execution", "Recording")]
    [TestCase("Planning", "Execution", "Recording")]
    [TestCase("Execution", "Recording")]
    public void Folder_OfTheCore_DoesNotNameTypesOf(string folder, params string[] forbidden)
    {
        var names = forbidden.SelectMany(Declared).ToDictionary(x => x.Key, x => x.Value);
        Assert.That(names, Is.Not.Empty);
        var own = Declared(folder);
        // The name of a description record may return as a plan's, as in a namespace; those of one's own folder always win.
        var pattern = new Regex($@"\b({string.Join('|', names.Keys.Where(n => !own.ContainsKey(n)))})\b");
        var found = from file in SourceTree.Files("*.cs", $"src/TorchBrain.Native/{folder}")
                    from Match match in pattern.Matches(SourceTree.Code(file))
                    select $"{file} names {match.Value} of {names[match.Value]}";
        Assert.That(found.Distinct(), Is.Empty);
    }
}
