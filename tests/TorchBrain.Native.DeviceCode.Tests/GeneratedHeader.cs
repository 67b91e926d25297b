namespace TorchBrain.Native.Tests;

/// <summary>The header that was made for a unit, as a file for as long as a compiler needs it.</summary>
sealed class GeneratedHeader : IDisposable
{
    readonly string? _folder;

    public GeneratedHeader(KernelUnit unit)
    {
        if (unit.Generated.Length == 0)
            return;
        _folder = Directory.CreateTempSubdirectory("tbn-phases-").FullName;
        var path = Path.Combine(_folder, KernelUnit.GeneratedName);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, unit.Generated);
    }

    /// <summary>What the compiler must be told.</summary>
    public string[] Options => _folder is null ? [] : ["-I", _folder];

    public void Dispose()
    {
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
