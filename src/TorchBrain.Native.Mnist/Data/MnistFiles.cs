namespace TorchBrain.Native.Mnist;

/// <summary>The four files of MNIST in a folder.</summary>
public static class MnistFiles
{
    /// <summary>Names (without <c>.gz</c>) and SHA-256 of the uncompressed published files, in the order training images, training labels, test images, test labels.</summary>
    public static IReadOnlyList<MnistFile> Canonical { get; } =
    [
        new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    const int Side = 28;

    /// <summary>
    /// Opens the four files in <paramref name="folder"/> or its subfolder <c>mnist</c>, with or without <c>.gz</c>
    /// (also under the names <c>train-images.idx3-ubyte</c> of some re-publishers).
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verifyChecksum">True refuses files that are sound but not the published ones; false reports it in <see cref="DigitData.IsCanonical"/>.</param>
    /// <exception cref="TorchBrainException">
    /// TBN4001: the folder or a file is missing. TBN4002: a file is damaged, or not the published one while that was demanded.
    /// TBN4003: images and labels do not belong together, a label is above 9, or the images are not 28 x 28.
    /// </exception>
    public static DigitData Open(string folder, bool verifyChecksum = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var paths = Locate(folder);
        var train = OpenSet(paths, 0, verifyChecksum, out var trainCanonical);
        var test = OpenSet(paths, 2, verifyChecksum, out var testCanonical);
        return new DigitData(train, test, IsDrawn: false, folder, trainCanonical && testCanonical);
    }

    static string[] Locate(string folder)
    {
        if (!Directory.Exists(folder))
            throw new TorchBrainException(ErrorCode.DataMissing, $"{folder}: there is no such folder.",
                "Name a folder that holds the four MNIST files, or leave the option out.");
        var missing = new List<string>();
        foreach (var candidate in (string[])[folder, Path.Combine(folder, "mnist")])
        {
            var found = Canonical.Select(f => Find(candidate, f.Name)).ToArray();
            if (found.All(f => f is not null)) return found!;
            if (found.Any(f => f is not null) || missing.Count == 0)
                missing = [.. Canonical.Where((_, i) => found[i] is null).Select(f => f.Name)];
        }
        throw new TorchBrainException(ErrorCode.DataMissing,
            $"{folder}: neither here nor in its subfolder mnist are all four MNIST files; missing: {string.Join(", ", missing)} (plain or .gz).",
            "Put the four files there, or name the folder that holds them.");
    }

    static string? Find(string folder, string name)
    {
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] names = [name, name + ".gz", dotted, dotted + ".gz"];
        return names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
    }

    static DigitSet OpenSet(string[] paths, int first, bool verifyChecksum, out bool canonical)
    {
        string imagePath = paths[first], labelPath = paths[first + 1];
        var images = IdxFile.ReadImages(imagePath);
        var labels = IdxFile.ReadLabels(labelPath);
        canonical = IsCanonical(images, Canonical[first], imagePath, verifyChecksum) & IsCanonical(labels, Canonical[first + 1], labelPath, verifyChecksum);
        if (images.Rows != Side || images.Columns != Side)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{imagePath}: images of {images.Rows} x {images.Columns} pixels; allowed is 28 x 28.",
                "Use the original MNIST files, or a set in the same format.");
        if (images.Count != labels.Count)
            throw new TorchBrainException(ErrorCode.DataInconsistent,
                $"{imagePath} has {images.Count} images, {labelPath} has {labels.Count} labels; the counts must agree.",
                "Use image and label files that belong together.");
        var wrong = labels.Data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(DigitSet.Classes - 1));
        if (wrong >= 0)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{labelPath}: label number {wrong} is {labels.Data[wrong]}; allowed are 0 to 9.",
                "Use the original MNIST label file, or another set of ten classes.");
        return new DigitSet(images.Data, labels.Data, images.Rows, images.Columns, "MNIST");
    }

    static bool IsCanonical(IdxFile file, MnistFile published, string path, bool demanded)
    {
        if (file.Sha256 == published.Sha256) return true;
        if (!demanded) return false;
        throw new TorchBrainException(ErrorCode.DataDamaged, $"{path}: SHA-256 of the uncompressed bytes is {file.Sha256}; the published {published.Name} has {published.Sha256}.",
            "Delete the file and fetch it again.");
    }
}
