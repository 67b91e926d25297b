namespace TorchBrain.Native;

/// <summary>One problem of a network description.</summary>
/// <param name="Code">A code of <see cref="ErrorCode"/>.</param>
/// <param name="Where">The part of the description, for example <c>projections[retina -> lgn].Weight</c>.</param>
/// <param name="What">What was found and what is allowed.</param>
/// <param name="Fix">What to do.</param>
public sealed record Problem(string Code, string Where, string What, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Where}: {What}\n        {Fix}";
}

/// <summary>A network description that cannot be planned. Lists every problem at once.</summary>
public sealed class NetworkValidationException : TorchBrainException
{
    internal NetworkValidationException(IReadOnlyList<Problem> problems)
        : base(problems[0].Code, string.Join('\n', problems), null) => Problems = problems;

    /// <summary>All problems, in the order of the description.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}
