namespace TorchBrain.Native.Pictures;

/// <summary>Writes finished files: first under a temporary name in the same folder, then renamed.</summary>
static class PictureFile
{
    /// <summary>Writes <paramref name="bytes"/> to <paramref name="path"/>; a failure leaves an older file intact and nothing else behind.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string? temporary = null;
        try
        {
            var target = Path.GetFullPath(path);
            temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Remove(temporary);
            throw new TorchBrainException(ErrorCode.FileNotWritable, $"The picture '{path}' could not be written: {error.Message}",
                "Name a file in an existing folder that this user may write to, on a disk with space left.", error);
        }
    }

    static void Remove(string? temporary)
    {
        try
        {
            if (temporary is not null)
                File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one worth reporting.
        }
    }
}
