using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// Compiled kernels on disk, so that a second start compiles nothing. An entry is written under a temporary name and renamed, so processes may share the folder; one that is damaged,
/// cut short or foreign counts as absent and is written anew. Without a folder, or with one that cannot be used, everything is a miss and nothing fails.
/// </summary>
sealed class KernelCache
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "TORCHBRAIN_KERNEL_CACHE";

    public const long DefaultMaximumBytes = 512L << 20;

    const int FormatVersion = 1, KeyBytes = 32, HeaderBytes = 8 + 4 + KeyBytes + 8, DigestBytes = 32;
    const string Extension = ".kernel", Temporary = ".part";

    static int s_writes;

    readonly string? _folder;

    /// <param name="folder">Where entries are kept; made if need be. Null for no cache.</param>
    /// <param name="maximumBytes">What all entries together may take on opening; the longest unused go first.</param>
    public KernelCache(string? folder, long maximumBytes = DefaultMaximumBytes)
    {
        if (folder is null)
        {
            Problem = "the kernel cache is switched off";
            return;
        }
        try
        {
            _folder = Path.GetFullPath(folder);
            Directory.CreateDirectory(_folder);
            Evict(maximumBytes);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            Problem = $"the kernel cache '{folder}' cannot be used: {e.Message}";
            _folder = null;
        }
    }

    static ReadOnlySpan<byte> Magic => "TBNKERN\n"u8;

    /// <summary>Why entries are not kept, in words; null while they are.</summary>
    public string? Problem { get; private set; }

    /// <summary>The folder of the variable, else one in the user's cache folder.</summary>
    public static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } named && !string.IsNullOrWhiteSpace(named))
            return named;
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrWhiteSpace(root)) root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (string.IsNullOrWhiteSpace(root)) root = Path.GetTempPath();
        return Path.Combine(root, "torchbrain", "kernels");
    }

    /// <summary>The key of a compilation: a digest of everything that goes into it.</summary>
    /// <param name="sources">The texts; all headers count.</param>
    /// <param name="unit">What is compiled.</param>
    /// <param name="options">All options, the architecture among them.</param>
    /// <param name="compiler">The compiler's version.</param>
    /// <param name="argumentLayout">The layout of the kernels' arguments on the host's side.</param>
    public static byte[] Key(KernelSources sources, KernelUnit unit, IReadOnlyList<string> options, (int Major, int Minor) compiler, string argumentLayout)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Number(int number)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
        void Text(string text) // with its length in front: "ab" + "c" is not "a" + "bc"
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Number(bytes.Length);
            hash.AppendData(bytes);
        }
        void Texts(IReadOnlyList<string> texts)
        {
            Number(texts.Count);
            foreach (var text in texts)
                Text(text);
        }
        Number(FormatVersion);
        Number(compiler.Major);
        Number(compiler.Minor);
        Text(argumentLayout);
        Text(unit.File);
        Text(sources.Text(unit.File));
        Texts(unit.Defines);
        Texts(options);
        var headers = sources.HeadersOf(unit);
        Number(headers.Count);
        foreach (var (name, text) in headers)
        {
            Text(name);
            Text(text);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The entry of a key; null if there is none that is whole.</summary>
    public byte[]? Load(byte[] key)
    {
        if (_folder is null)
            return null;
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path) || Payload(File.ReadAllBytes(path), key) is not { } payload)
                return null;
            Touch(path);
            return payload;
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            return null;
        }
    }

    /// <summary>Keeps an entry; a folder that cannot be written to becomes a <see cref="Problem"/>.</summary>
    public void Save(byte[] key, ReadOnlySpan<byte> payload)
    {
        if (_folder is null)
            return;
        var entry = new byte[HeaderBytes + payload.Length + DigestBytes];
        Magic.CopyTo(entry);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), FormatVersion);
        key.CopyTo(entry.AsSpan(12));
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(12 + KeyBytes), payload.Length);
        payload.CopyTo(entry.AsSpan(HeaderBytes));
        SHA256.HashData(entry.AsSpan(0, HeaderBytes + payload.Length), entry.AsSpan(HeaderBytes + payload.Length));
        var path = PathOf(key);
        var temporary = $"{path}.{Environment.ProcessId}.{Interlocked.Increment(ref s_writes)}{Temporary}";
        try
        {
            File.WriteAllBytes(temporary, entry);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            // Where another process holds the same entry open, its content is the same: only a folder that stays unwritable matters, and it costs time, not results.
            if (!File.Exists(path))
                Problem = $"the kernel cache '{_folder}' cannot be written: {e.Message}";
            Delete(temporary);
        }
    }

    static byte[]? Payload(byte[] entry, byte[] key)
    {
        if (entry.Length < HeaderBytes + DigestBytes || !entry.AsSpan().StartsWith(Magic) || BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(8)) != FormatVersion
            || !entry.AsSpan(12, KeyBytes).SequenceEqual(key) || BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(12 + KeyBytes)) != entry.Length - HeaderBytes - DigestBytes)
            return null;
        Span<byte> digest = stackalloc byte[DigestBytes];
        SHA256.HashData(entry.AsSpan(0, entry.Length - DigestBytes), digest);
        return digest.SequenceEqual(entry.AsSpan(entry.Length - DigestBytes)) ? entry[HeaderBytes..^DigestBytes] : null;
    }

    // The time of writing serves as the time of use: many systems do not keep the latter.
    static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            // A folder that may only be read is fine.
        }
    }

    void Evict(long maximumBytes)
    {
        var folder = new DirectoryInfo(_folder!);
        foreach (var abandoned in folder.EnumerateFiles("*" + Temporary).Where(f => f.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1)))
            Delete(abandoned.FullName);
        FileInfo[] entries = [.. folder.EnumerateFiles("*" + Extension).OrderBy(f => f.LastWriteTimeUtc)];
        var total = entries.Sum(f => f.Length);
        for (var i = 0; i < entries.Length && total > maximumBytes; i++)
        {
            total -= entries[i].Length;
            Delete(entries[i].FullName);
        }
    }

    static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            // In use, or not ours: it stays until a later start.
        }
    }

    string PathOf(byte[] key) => Path.Combine(_folder!, Convert.ToHexStringLower(key) + Extension);

    static bool IsFileProblem(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
