using System.CommandLine;
using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Options that check their own ranges and say in words what is allowed.</summary>
static class OptionMaker
{
    public static Option<int> Whole(string name, int value, int low, int high, string description) =>
        Make(name, value, description, "N", Invariant($"whole numbers from {low:N0} to {high:N0}"),
            (string text, out int found) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out found) && found >= low && found <= high);

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> WholeOrNone(string name, int low, int high, string description) =>
        Make<int?>(name, null, description, "N", Invariant($"whole numbers from {low:N0} to {high:N0}"), (string text, out int? found) =>
        {
            var good = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high;
            found = number;
            return good;
        });

    public static Option<ulong> Seed() =>
        Make(Names.Seed, 1UL, "Seed of every random draw; the same seed gives the same spikes.", "N", $"whole numbers from 0 to {ulong.MaxValue}",
            (string text, out ulong found) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out found));

    public static Option<double> Number(string name, double value, double low, double high, string description) =>
        Make(name, value, description, "X", Invariant($"numbers from {low} to {high:N0}, with a point for decimals"),
            (string text, out double found) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out found) && found >= low && found <= high);

    /// <summary>A number that may be left out.</summary>
    public static Option<double?> NumberOrNone(string name, double low, double high, string description) =>
        Make<double?>(name, null, description, "X", Invariant($"numbers from {low} to {high:N0}, with a point for decimals"), (string text, out double? found) =>
        {
            var good = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high;
            found = number;
            return good;
        });

    /// <summary>An argument that is one of some words.</summary>
    public static Argument<string> OneOf(string name, IReadOnlyList<string> words, string description) => new(name)
    {
        Description = $"{description}: {string.Join(", ", words)}.",
        CustomParser = result =>
        {
            var word = result.Tokens[^1].Value.ToLowerInvariant();
            if (!words.Contains(word))
                result.AddError($"{name} is '{word}'; allowed are {string.Join(", ", words)}.");
            return word;
        },
    };

    /// <summary>Some of several words, separated by commas; left out, all of them.</summary>
    public static Option<string[]?> Some(string name, IReadOnlyList<string> words, string description) =>
        Make<string[]?>(name, null, description, "NAME,...", $"{string.Join(", ", words)}, separated by commas", (string text, out string[]? found) =>
        {
            found = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
            return found.All(words.Contains);
        });

    /// <summary>Some of several whole numbers, separated by spaces or commas; left out, all of them.</summary>
    public static Option<int[]?> Numbers(string name, IReadOnlyList<int> allowed, string description) => new(name)
    {
        Description = description,
        HelpName = "N ...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            var found = new List<int>();
            foreach (var text in result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)))
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && allowed.Contains(number))
                    found.Add(number);
                else
                    result.AddError(Invariant($"{name} is '{text}'; allowed are {string.Join(", ", allowed)}."));
            }
            return [.. found];
        },
    };

    /// <summary>One of some words; read it with <see cref="Chosen"/>, as the help would show a default in C# spelling.</summary>
    public static Option<T?> Choice<T>(string name, T value, string description) where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(Word, v => v);
        return Make<T?>(name, null, $"{description} [default: {Word(value)}]", string.Join('|', words.Keys), string.Join(", ", words.Keys), (string text, out T? found) =>
        {
            var good = words.TryGetValue(text.ToLowerInvariant(), out var value);
            found = value;
            return good;
        });
    }

    /// <summary>What was chosen, or the default.</summary>
    public static T Chosen<T>(this ParseResult parsed, Option<T?> option, T otherwise) where T : struct, Enum => parsed.GetValue(option) ?? otherwise;

    public static Option<string?> Text(string name, string helpName, string description) =>
        Make<string?>(name, null, description, helpName, "anything but nothing", (string text, out string? found) => (found = text).Trim().Length > 0);

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    delegate bool Parser<T>(string text, out T found);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static Option<T> Make<T>(string name, T value, string description, string helpName, string allowed, Parser<T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = value is null ? null : _ => value,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (parse(text, out var found))
                return found;
            result.AddError($"{name} is '{text}'; allowed are {allowed}.");
            return value;
        },
    };

    static class Names
    {
        public const string Seed = "--seed";
    }
}
