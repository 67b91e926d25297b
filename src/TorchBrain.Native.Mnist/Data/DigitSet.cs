namespace TorchBrain.Native.Mnist;

/// <summary>Labelled images of handwritten digits, all of one size.</summary>
public sealed class DigitSet
{
    /// <summary>The number of classes: the digits 0 to 9.</summary>
    public const int Classes = 10;

    /// <summary>Creates a set. The arrays are taken over, not copied.</summary>
    /// <param name="pixels">Pixels [count x rows x columns], row by row from the top; 0 is background, 255 full ink.</param>
    /// <param name="labels">Labels [count], 0 to 9.</param>
    /// <param name="rows">Rows of an image in pixels, at least 1.</param>
    /// <param name="columns">Columns of an image in pixels, at least 1.</param>
    /// <param name="source">Where the images come from, for people: "MNIST" or "drawn".</param>
    /// <exception cref="TorchBrainException">TBN4003: the counts disagree or a label is above 9.</exception>
    public DigitSet(byte[] pixels, byte[] labels, int rows, int columns, string source)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (rows < 1 || columns < 1)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{source}: images of {rows} x {columns} pixels; allowed is 1 x 1 or more.",
                "Give the true size of the images.");
        if (pixels.LongLength != (long)labels.Length * rows * columns)
            throw new TorchBrainException(ErrorCode.DataInconsistent,
                $"{source}: {pixels.LongLength} pixels for {labels.Length} labels of {rows} x {columns} pixels; {(long)labels.Length * rows * columns} are needed.",
                "Use image and label files that belong together.");
        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1));
        if (wrong >= 0)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{source}: label number {wrong} is {labels[wrong]}; allowed are 0 to 9.",
                "Use the original MNIST label file, or another set of ten classes.");
        Pixels = pixels;
        Labels = labels;
        Rows = rows;
        Columns = columns;
        Source = source;
    }

    /// <summary>Pixels [count x rows x columns], row by row from the top; 0 is background, 255 full ink.</summary>
    public byte[] Pixels { get; }

    /// <summary>Labels [count], 0 to 9.</summary>
    public byte[] Labels { get; }

    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows of an image in pixels.</summary>
    public int Rows { get; }

    /// <summary>Columns of an image in pixels.</summary>
    public int Columns { get; }

    /// <summary>Where the images come from, for people: "MNIST" or "drawn".</summary>
    public string Source { get; }

    /// <summary>The pixels [rows x columns] of one image.</summary>
    /// <param name="index">Which image, 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Pixels.AsSpan(index * Rows * Columns, Rows * Columns);
    }

    /// <summary>The first images as a set of their own (a copy).</summary>
    /// <param name="count">How many, 0 to <see cref="Count"/>.</param>
    /// <exception cref="TorchBrainException">TBN4003: the set has fewer images.</exception>
    public DigitSet Take(int count)
    {
        if (count < 0 || count > Count)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"{Source}: {count} images were asked for; the set has {Count}.",
                $"Ask for 0 to {Count}.");
        return new DigitSet(Pixels[..(count * Rows * Columns)], Labels[..count], Rows, Columns, Source);
    }
}
