namespace TorchBrain.Native.Pictures;

/// <summary>Checks of the arguments that the pictures share.</summary>
static class Check
{
    /// <summary>Largest number of pixels on one side of a picture; beyond it image viewers give up.</summary>
    internal const int MaxSide = 16_000;

    internal static void SameLength(string what, int found, string like, int expected)
    {
        if (found != expected)
            throw new TorchBrainException(ErrorCode.WrongLength, $"{what} has {found} values, but {like} asks for {expected}.",
                $"Hand over as many values in {what} as {like} asks for.");
    }

    internal static void NotEmpty(string what, int found)
    {
        if (found == 0)
            throw new TorchBrainException(ErrorCode.WrongLength, $"{what} is empty.", "A picture needs at least one value to show.");
    }

    internal static void Index(string what, int found, int count)
    {
        if ((uint)found >= (uint)count)
            throw new TorchBrainException(ErrorCode.IndexOutOfRange, $"{what} is {found}; allowed are 0 to {count - 1}.",
                "Check that the ids and the count belong to the same population.");
    }

    /// <summary>Both bounds belong to the range; NaN never does.</summary>
    internal static void Range(string what, double found, double low, double high)
    {
        if (!(found >= low && found <= high))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, Words.Of($"{what} is {found}; allowed are {low} to {high}."),
                $"Give {what} a value in its range.");
    }

    internal static void Finite(string what, double found)
    {
        if (!double.IsFinite(found))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, Words.Of($"{what} is {found}; a finite number is needed."),
                $"Remove NaN and infinite values from {what}.");
    }

    internal static void Finite(string what, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                Finite($"{what}[{i}]", values[i]);
    }

    internal static void Size(double width, double height)
    {
        if (width > MaxSide || height > MaxSide)
            throw new TorchBrainException(ErrorCode.TooLarge,
                Words.Of($"The picture would be {width:0} x {height:0} pixels; allowed are {MaxSide} on a side."),
                "Show fewer panels, classes, bars or images, or make them smaller.");
    }
}
