namespace TorchBrain.Native;

/// <summary>An error a user can cause and mend. The message begins with a stable code and ends with what to do.</summary>
public class TorchBrainException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">A code of <see cref="ErrorCode"/>.</param>
    /// <param name="what">What was found, what is allowed, and where.</param>
    /// <param name="fix">What the user can do.</param>
    /// <param name="inner">The cause, if another exception led here.</param>
    public TorchBrainException(string code, string what, string fix, Exception? inner = null)
        : base($"{code} {what}\n        {fix}", inner)
    {
        Code = code;
        What = what;
        Fix = fix;
    }

    private protected TorchBrainException(string code, string message, Exception? inner)
        : base(message, inner)
    {
        Code = code;
        What = message;
        Fix = "";
    }

    /// <summary>The stable code, <c>TBN####</c>.</summary>
    public string Code { get; }

    /// <summary>What was found, what is allowed, and where.</summary>
    public string What { get; }

    /// <summary>What the user can do.</summary>
    public string Fix { get; }
}
