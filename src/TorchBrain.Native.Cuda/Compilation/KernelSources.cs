using System.Reflection;
using System.Text;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// The text of all kernel files, from the assembly or from a folder that is being edited. Files are named by their path below the kernel folder. Headers (<c>.cuh</c>) are handed
/// to the compiler in memory under the name by which they are included: their path, without a leading <c>include/</c>.
/// </summary>
sealed class KernelSources
{
    const string Prefix = "kernels/";

    static readonly Lazy<KernelSources> s_embedded = new(ReadEmbedded);

    readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);

    KernelSources(string origin, IEnumerable<KeyValuePair<string, string>> texts)
    {
        Origin = origin;
        foreach (var (path, text) in texts)
            _texts.Add(path, text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));
        Headers = [.. _texts.Where(t => t.Key.EndsWith(".cuh", StringComparison.Ordinal)).Select(t => (IncludeName(t.Key), t.Value))];
        Files = [.. _texts.Keys.Where(k => k.EndsWith(".cu", StringComparison.Ordinal))];
    }

    /// <summary>The kernels that travel in the assembly.</summary>
    public static KernelSources Embedded => s_embedded.Value;

    /// <summary>Where the text is from, for messages.</summary>
    public string Origin { get; }

    /// <summary>The files to compile, in the order of their names.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>All headers, by the name under which they are included, in the order of their paths.</summary>
    public IReadOnlyList<(string Name, string Text)> Headers { get; }

    /// <summary>Reads a folder, now; a later change shows in a later reading.</summary>
    public static KernelSources FromFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new TorchBrainException(ErrorCode.KernelMissing, $"There is no kernel folder '{folder}'.", "Name the folder that holds the .cu files, or none for the kernels of the library.");
        return new KernelSources(folder, from file in Directory.EnumerateFiles(folder, "*.cu*", SearchOption.AllDirectories)
                                         where file.EndsWith(".cu", StringComparison.Ordinal) || file.EndsWith(".cuh", StringComparison.Ordinal)
                                         select KeyValuePair.Create(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file)));
    }

    /// <summary>Texts by path.</summary>
    public static KernelSources FromText(IReadOnlyDictionary<string, string> texts) => new("memory", texts);

    /// <summary>The text of a file, with line ends of one character.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelMissing"/>.</exception>
    public string Text(string file) => _texts.TryGetValue(file, out var text) ? text
        : throw new TorchBrainException(ErrorCode.KernelMissing, $"There is no kernel file '{file}' in {Origin}; it has: {(Files.Count == 0 ? "none" : string.Join(", ", Files))}.",
            "Use the kernels that came with the library, or complete the folder.");

    /// <summary>All headers that a unit may include: the one made for it too.</summary>
    public IReadOnlyList<(string Name, string Text)> HeadersOf(KernelUnit unit) => unit.Generated.Length == 0 ? Headers : [.. Headers, (KernelUnit.GeneratedName, unit.Generated)];

    /// <summary>The text that a compiler's message means by a name, of a file or of an included header, that of a unit too; null if there is none.</summary>
    public string? Named(string name, KernelUnit? unit = null) => name == KernelUnit.GeneratedName && unit is { Generated.Length: > 0 } ? unit.Generated : _texts.TryGetValue(name, out var text) ? text : Headers.FirstOrDefault(h => h.Name == name).Text;

    static string IncludeName(string path) => path.StartsWith("include/", StringComparison.Ordinal) ? path["include/".Length..] : path;

    static KernelSources ReadEmbedded()
    {
        var assembly = typeof(KernelSources).Assembly;
        // The build writes resource names with the separator of the system it runs on.
        return new KernelSources("the library", from name in assembly.GetManifestResourceNames()
                                                let path = name.Replace('\\', '/')
                                                where path.StartsWith(Prefix, StringComparison.Ordinal)
                                                select KeyValuePair.Create(path[Prefix.Length..], Read(assembly, name)));
    }

    static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
