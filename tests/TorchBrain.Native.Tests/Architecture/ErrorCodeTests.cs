using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Error codes: one meaning each, in use, and explained to users.</summary>
public class ErrorCodeTests
{
    static FieldInfo[] Codes => typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static);

    [Test]
    public void ErrorCodes_AreUnique_AndWellFormed()
    {
        var values = Codes.Select(f => (string)f.GetRawConstantValue()!).ToArray();
        Assert.That(values, Is.Unique);
        Assert.That(values, Is.All.Match("^TBN[1-5][0-9]{3}$"));
    }

    [Test]
    public void ErrorCodes_AreAllUsed()
    {
        var used = SourceTree.Files("*.cs", "src").SelectMany(f => Regex.Matches(SourceTree.Code(f), @"\bErrorCode\.(\w+)").Select(m => m.Groups[1].Value)).ToHashSet();
        // A project that has hardly begun does not use its codes yet.
        bool Begun(string project) => SourceTree.Files("*.cs", $"src/{project}").Count() > 1;
        var awaited = Codes.Where(f => (string)f.GetRawConstantValue()! is var code
            && !(code == ErrorCode.CudaUnavailable && !Begun("TorchBrain.Native.Cuda")) && !(code.StartsWith("TBN5", StringComparison.Ordinal) && !Begun("TorchBrain.Native.Cli")));
        Assert.That(awaited.Select(f => f.Name), Is.SubsetOf(used));
    }

    [Test]
    public void ErrorCodes_AreWritten_AsConstantsOnly()
    {
        var found = SourceTree.Files("*.cs", "src").Where(f => !f.EndsWith("/ErrorCode.cs", StringComparison.Ordinal) && Regex.IsMatch(SourceTree.Text(f), @"""TBN\d{4}"));
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void ErrorPage_ListsEveryCode_WithMeaningCauseAndCure()
    {
        var rows = Regex.Matches(SourceTree.Text("docs/errors.md"), @"^\| (TBN\d{4}) \| (.+?) \| (.+?) \| (.+?) \|$", RegexOptions.Multiline);
        Assert.That(rows.Select(r => r.Groups[1].Value), Is.EqualTo(Codes.Select(f => (string)f.GetRawConstantValue()!)), "the page holds each code once, in order");
        var comments = SourceTree.Text("src/TorchBrain.Native/Errors/ErrorCode.cs");
        foreach (Match row in rows)
            Assert.That(comments, Does.Contain($"<summary>{row.Groups[2].Value}</summary>"), "the page says what the code's comment says");
    }

    [Test]
    public void ErrorCodes_InDocuments_Exist()
    {
        var codes = Codes.Select(f => (string)f.GetRawConstantValue()!).ToHashSet();
        var found = from file in SourceTree.Files("*.md", "docs").Append("README.md")
                    from Match match in Regex.Matches(SourceTree.Text(file), @"TBN\d{4}")
                    where !codes.Contains(match.Value)
                    select $"{file}: {match.Value}";
        Assert.That(found, Is.Empty);
    }
}
