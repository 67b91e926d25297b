using System.Globalization;

namespace TorchBrain.Native.Tuning;

/// <summary>One field of a backend's options as words.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Try">The words worth a try for a plan.</param>
/// <param name="Get">The word of some options.</param>
/// <param name="Set">Options with a word; null where the word is not allowed.</param>
sealed record Knob<T>(string Name, Func<NetworkPlan, IEnumerable<string>> Try, Func<T, string> Get, Func<T, string, T?> Set) where T : class
{
    /// <summary>A knob whose words are whole numbers, 0 meaning that the backend chooses.</summary>
    public static Knob<T> Whole(string name, Func<NetworkPlan, IEnumerable<int>> values, Func<T, int> get, Func<T, int, T> set) => new(name, plan => values(plan).Select(Knobs.Word), o => Knobs.Word(get(o)),
        (o, word) => word == Knobs.Auto ? set(o, 0) : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? set(o, value) : null);
}

static class Knobs
{
    public const string Auto = "auto";

    public static string Word(int value) => value == 0 ? Auto : value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// The knobs of a backend, on top of options given by the user: what these set away from the defaults is left as it is. <paramref name="resolve"/> says what a backend chooses
/// where the options leave it open: to try that would compare equals.
/// </summary>
sealed class Knobs<T>(T options, T defaults, IReadOnlyList<Knob<T>> knobs, Func<NetworkPlan, T, T> resolve) where T : class
{
    IEnumerable<Knob<T>> Free => knobs.Where(k => k.Get(options) == k.Get(defaults));

    public IReadOnlyList<Tunable> Tunables(NetworkPlan plan)
    {
        var chosen = resolve(plan, options);
        return [.. from k in Free let standard = k.Get(options) let others = k.Try(plan).Where(w => w != standard && w != k.Get(chosen)).Distinct().ToArray() where others.Length > 0 select new Tunable(k.Name, standard, others)];
    }

    public T With(TuningSettings settings)
    {
        var found = options;
        foreach (var knob in Free)
            if (settings[knob.Name] is { } word)
                found = knob.Set(found, word) ?? throw new TorchBrainException(ErrorCode.TuningFileDamaged, $"The tuned setting {knob.Name} is '{word}', which it cannot be.", "Mend the entry in the tuning file, or tune anew.");
        return found;
    }
}
