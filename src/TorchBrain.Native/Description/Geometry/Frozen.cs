namespace TorchBrain.Native;

/// <summary>Private, read-only copies of the lists in a description, compared by content. Null stays null, for validation to report.</summary>
static class Frozen
{
    internal static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> list) => list is null ? null! : Array.AsReadOnly(list.ToArray());

    internal static bool Same<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.SequenceEqual(b));

    internal static int Hash<T>(IReadOnlyList<T>? list)
    {
        var hash = new HashCode();
        foreach (var item in list ?? []) hash.Add(item);
        return hash.ToHashCode();
    }
}
