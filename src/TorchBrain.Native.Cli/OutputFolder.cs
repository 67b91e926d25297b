using System.Text.Json;

namespace TorchBrain.Native.Cli;

/// <summary>
/// The folder a run writes into. It must be missing, empty, or hold only what an earlier run listed in its run.json. Files are made in a hidden folder inside and renamed
/// at the end, so that a run that fails leaves the folder as it was.
/// </summary>
sealed class OutputFolder : IDisposable
{
    public const string ReportName = "run.json", PartialName = ".torchbrain-partial";
    const string LockName = "lock";

    readonly string _path, _partial;
    readonly string? _created;
    readonly HashSet<string> _earlier;
    readonly List<string> _files = [];
    FileStream? _lock;

    OutputFolder(string path, string? created, HashSet<string> earlier)
    {
        _path = path;
        _partial = Path.Combine(path, PartialName);
        _created = created;
        _earlier = earlier;
    }

    /// <summary>The folder, absolute.</summary>
    public string FullPath => _path;

    /// <summary>Names of the files written so far, run.json not among them.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Checks the folder, makes it if it is missing, and proves that it can be written.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.OutputFolder"/>.</exception>
    public static OutputFolder Open(string path)
    {
        OutputFolder? folder = null;
        try
        {
            if (File.Exists(path))
                throw Refused($"{path} is a file; a folder is needed.", "Name another folder with --output, or move the file away.");
            var created = FirstMissing(path);
            Directory.CreateDirectory(path);
            folder = new OutputFolder(path, created, Earlier(path));
            folder.MakePartial();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            folder?.Dispose();
            throw Refused($"{path} cannot be written: {e.Message.TrimEnd('.')}.", "Name a folder that this user may write to with --output.", e);
        }
    }

    /// <summary>Where to write a file; it moves to the folder when the run ends.</summary>
    public string PathOf(string name)
    {
        _files.Add(name);
        return Path.Combine(_partial, name);
    }

    /// <summary>Forgets a file that was announced but not written.</summary>
    public void Forget(string name) => _files.Remove(name);

    /// <summary>Moves everything into place. The order keeps the folder recognisable, wherever a crash may stop it.</summary>
    public void Commit(string report)
    {
        AtomicFile.Write(Path.Combine(_partial, ReportName), report);
        try
        {
            foreach (var old in _earlier)
                if (old != ReportName && !_files.Contains(old))
                    File.Delete(Path.Combine(_path, old));
            foreach (var name in _files.Prepend(ReportName))
                File.Move(Path.Combine(_partial, name), Path.Combine(_path, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TorchBrainException(ErrorCode.FileNotWritable, $"{_path}: results could not be moved into place: {e.Message}", "Check that nobody else changes the folder, and run again.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_lock is null)
            return;
        _lock.Dispose();
        _lock = null;
        try
        {
            Directory.Delete(_partial, recursive: true);
            if (_created is null)
                return;
            for (var folder = _path; folder.Length >= _created.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run clears it away.
        }
    }

    void MakePartial()
    {
        Directory.CreateDirectory(_partial);
        var path = Path.Combine(_partial, LockName);
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw Refused($"{_path} is being written by another torchbrain.", "Wait for it, or name another folder with --output.", e);
        }
        foreach (var left in Directory.EnumerateFiles(_partial))
            if (left != path)
                File.Delete(left);
    }

    static string? FirstMissing(string path)
    {
        string? missing = null;
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing = folder;
        return missing;
    }

    // What an earlier run left; anything else in the folder is refused.
    static HashSet<string> Earlier(string path)
    {
        var listed = Listed(Path.Combine(path, ReportName));
        HashSet<string> found = [];
        List<string> foreign = [];
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            if (entry.Name == PartialName)
                continue;
            else if (entry is FileInfo && listed.Contains(entry.Name))
                found.Add(entry.Name);
            else
                foreign.Add(entry is DirectoryInfo ? entry.Name + "/" : entry.Name);
        if (foreign.Count == 0)
            return found;
        foreign.Sort(StringComparer.Ordinal);
        var names = string.Join(", ", foreign.Take(5)) + (foreign.Count > 5 ? $" and {foreign.Count - 5} more" : "");
        throw Refused($"{path} holds {foreign.Count} {(foreign.Count == 1 ? "entry" : "entries")} that no earlier run of torchbrain wrote: {names}.",
            "Name a new or empty folder with --output, or move these away. Nothing was changed.");
    }

    static HashSet<string> Listed(string report)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(report));
            if (document.RootElement.GetProperty("tool").GetString() != RunReport.ToolName)
                return [];
            return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetString()!), ReportName];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }

    static TorchBrainException Refused(string what, string fix, Exception? inner = null) => new(ErrorCode.OutputFolder, what, fix, inner);
}
