namespace TorchBrain.Native.Cuda;

/// <summary>One kernel file with its definitions, in the order given: what is compiled at once. Equal if file and definitions are.</summary>
/// <param name="File">Path below the kernel folder, with forward slashes, for example <c>neuron/lif.cu</c>.</param>
/// <param name="Defines">Definitions, for example <c>TBN_BLOCK=256</c>.</param>
sealed record KernelUnit(string File, IReadOnlyList<string> Defines)
{
    /// <summary>The name under which a file includes <see cref="Generated"/>.</summary>
    public const string GeneratedName = "step/phases.cuh";

    /// <summary>Text of a header that is made for this unit; empty where its file includes none.</summary>
    public string Generated { get; init; } = "";

    public bool Equals(KernelUnit? other) => other is not null && File == other.File && Generated == other.Generated && Defines.SequenceEqual(other.Defines);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(File);
        hash.Add(Generated);
        foreach (var define in Defines)
            hash.Add(define);
        return hash.ToHashCode();
    }

    public override string ToString() => Defines.Count == 0 ? File : $"{File} ({string.Join(", ", Defines)})";
}
