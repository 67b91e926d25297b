namespace TorchBrain.Native.Tuning;

/// <summary>Settings by name, each as a word; what is not named keeps its default. Immutable.</summary>
public sealed class TuningSettings
{
    readonly SortedDictionary<string, string> _words;

    /// <summary>Creates settings.</summary>
    public TuningSettings(IEnumerable<KeyValuePair<string, string>> words) => _words = new SortedDictionary<string, string>(new Dictionary<string, string>(words), StringComparer.Ordinal);

    /// <summary>Nothing set: every default.</summary>
    public static TuningSettings Defaults { get; } = new([]);

    /// <summary>What is set, by name.</summary>
    public IReadOnlyDictionary<string, string> Words => _words;

    /// <summary>Whether nothing is set.</summary>
    public bool AreDefaults => _words.Count == 0;

    /// <summary>The word of a name; null where the default holds.</summary>
    public string? this[string name] => _words.GetValueOrDefault(name);

    /// <summary>The same with one more or another word; null for the default.</summary>
    public TuningSettings With(string name, string? word)
    {
        var others = _words.Where(w => w.Key != name);
        return new TuningSettings(word is null ? others : others.Append(new(name, word)));
    }

    /// <summary>For people: <c>defaults</c>, or for example <c>delivery=push threads=2</c>. Equal texts are equal settings.</summary>
    public override string ToString() => AreDefaults ? "defaults" : string.Join(' ', _words.Select(w => $"{w.Key}={w.Value}"));
}
