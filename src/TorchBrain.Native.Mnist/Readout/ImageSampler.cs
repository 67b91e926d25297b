namespace TorchBrain.Native.Mnist;

/// <summary>
/// Shows images to nodes that lie anywhere on a square sheet. The image fills the sheet: node (0, 0) is its upper left corner, x runs
/// to the right with the columns, y runs down with the rows. Between pixel centres values are interpolated bilinearly; outside the
/// outermost centres the edge pixel goes on.
/// </summary>
public sealed class ImageSampler
{
    readonly int[] _pixels; // [nodes x 4]: upper left, upper right, lower left, lower right
    readonly float[] _weights; // [nodes x 4]
    readonly int _size;

    /// <summary>Creates a sampler.</summary>
    /// <param name="x">Horizontal node positions [nodes], 0 to <paramref name="side"/>.</param>
    /// <param name="y">Vertical node positions [nodes], 0 to <paramref name="side"/>, downwards.</param>
    /// <param name="side">The side of the sheet, above zero, in the unit of the positions.</param>
    /// <param name="rows">Rows of an image, at least 1.</param>
    /// <param name="columns">Columns of an image, at least 1.</param>
    /// <exception cref="TorchBrainException">TBN1009: the positions are not a list of points on the sheet.</exception>
    public ImageSampler(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float side, int rows = 28, int columns = 28)
    {
        Sheet.Check(x, y, side);
        if (rows < 1 || columns < 1 || (long)rows * columns > Array.MaxLength)
            throw new TorchBrainException(ErrorCode.GeometryInvalid, $"Images of {rows} x {columns} pixels; allowed is 1 x 1 or more.", "Give the true size of the images.");
        _size = rows * columns;
        _pixels = new int[x.Length * 4];
        _weights = new float[x.Length * 4];
        for (var n = 0; n < x.Length; n++)
        {
            var (left, right, across) = Locate(x[n] / (double)side, columns);
            var (top, bottom, down) = Locate(y[n] / (double)side, rows);
            ReadOnlySpan<int> pixels = [top * columns + left, top * columns + right, bottom * columns + left, bottom * columns + right];
            ReadOnlySpan<float> weights = [(float)((1 - across) * (1 - down)), (float)(across * (1 - down)), (float)((1 - across) * down), (float)(across * down)];
            pixels.CopyTo(_pixels.AsSpan(n * 4));
            weights.CopyTo(_weights.AsSpan(n * 4));
        }
    }

    /// <summary>The number of nodes.</summary>
    public int Nodes => _pixels.Length / 4;

    /// <summary>Samples one image.</summary>
    /// <param name="image">Pixels [rows x columns], 0 to 255.</param>
    /// <param name="samples">Receives the value at each node [<see cref="Nodes"/>], 0 (background) to 1 (full ink).</param>
    /// <exception cref="TorchBrainException">TBN4003: a length is wrong.</exception>
    public void Sample(ReadOnlySpan<byte> image, Span<float> samples)
    {
        if (image.Length != _size || samples.Length != Nodes)
            throw new TorchBrainException(ErrorCode.DataInconsistent,
                $"An image of {image.Length} pixels for {samples.Length} samples; this sampler takes {_size} pixels to {Nodes} samples.",
                "Make the sampler for the size of the images.");
        for (var n = 0; n < samples.Length; n++)
        {
            var i = n * 4;
            var sum = image[_pixels[i]] * _weights[i];
            sum = MathF.FusedMultiplyAdd(image[_pixels[i + 1]], _weights[i + 1], sum);
            sum = MathF.FusedMultiplyAdd(image[_pixels[i + 2]], _weights[i + 2], sum);
            sum = MathF.FusedMultiplyAdd(image[_pixels[i + 3]], _weights[i + 3], sum);
            samples[n] = MathF.Min(1, sum / 255);
        }
    }

    /// <summary>The values of one image at all nodes, 0 to 1.</summary>
    /// <param name="image">Pixels [rows x columns], 0 to 255.</param>
    /// <exception cref="TorchBrainException">TBN4003: the image has another size.</exception>
    public float[] Sample(ReadOnlySpan<byte> image)
    {
        var samples = new float[Nodes];
        Sample(image, samples);
        return samples;
    }

    static (int Low, int High, double Part) Locate(double share, int pixels)
    {
        var position = Math.Clamp(share * pixels - 0.5, 0, pixels - 1);
        var low = (int)position;
        return (low, Math.Min(low + 1, pixels - 1), position - low);
    }
}
