using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>The project's own source files, found from where this file was compiled.</summary>
static partial class SourceTree
{
    /// <summary>The root of the source tree; the test is skipped where tests run without it.</summary>
    internal static string Root
    {
        get
        {
            var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));
            if (!File.Exists(Path.Combine(root, "TorchBrain.Native.sln")))
                Assert.Ignore($"No sources at {root}: these tests run where the project was built.");
            return root;
        }
    }

    static string Here([CallerFilePath] string path = "") => path;

    /// <summary>Files below folders of the root, without build outputs; paths relative to the root with forward slashes.</summary>
    internal static IEnumerable<string> Files(string pattern, params string[] folders) =>
        from folder in folders
        let full = Path.Combine(Root, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj")
        orderby path
        select path;

    internal static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>C# without comments and without the content of strings, so that words mean code.</summary>
    internal static string Code(string path) => CommentsAndStrings().Replace(Text(path), m => m.Value.StartsWith('/') ? " " : "\"\"");

    [GeneratedRegex("""
        //[^\n]* | /\*.*?\*/ | \$*\"{3,}.*?\"{3,} | \$?@\$?"(?:[^"]|"")*" | \$?"(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndStrings();
}
