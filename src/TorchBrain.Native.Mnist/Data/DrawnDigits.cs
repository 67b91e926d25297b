namespace TorchBrain.Native.Mnist;

/// <summary>
/// Built-in 28 x 28 digits for machines without MNIST: hand-made strokes, bent, sheared, turned and drawn with pens of different
/// width, framed as MNIST is (a 20 x 20 box, centre of mass in the middle, grey edges). Easier than MNIST; never to be mistaken for it.
/// </summary>
public static class DrawnDigits
{
    const int Side = 28;
    const double Box = 20;

    static readonly uint s_stream = RandomStream.Named("mnist/drawn");

    /// <summary>Draws digits. Digit <c>i</c> depends on the seed and its number <paramref name="first"/> + <c>i</c> alone.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="first">The number of the first digit, at least 0: use it to draw a test set that follows the training set.</param>
    /// <exception cref="TorchBrainException">TBN1001: the counts are out of range.</exception>
    public static DigitSet Generate(int count, ulong seed, int first = 0)
    {
        if (count < 1 || count > Array.MaxLength / (Side * Side) || first < 0)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange,
                $"{count} drawn digits from number {first} on; allowed are 1 to {Array.MaxLength / (Side * Side)}, from number 0 on.", "Ask for fewer digits.");
        var pixels = new byte[count * Side * Side];
        var labels = new byte[count];
        var ink = new double[Side * Side];
        for (var i = 0; i < count; i++)
        {
            var random = new RandomSequence(seed, s_stream, (uint)first + (uint)i);
            labels[i] = (byte)random.NextBelow(DigitSet.Classes);
            Array.Clear(ink);
            Draw(ref random, labels[i], ink);
            Finish(ink, pixels.AsSpan(i * Side * Side, Side * Side));
        }
        return new DigitSet(pixels, labels, Side, Side, DigitSource.Drawn);
    }

    static void Draw(ref RandomSequence random, int digit, Span<double> ink)
    {
        var variants = DigitStrokes.Variants[digit];
        var strokes = variants[random.NextBelow(variants.Length)];
        var bend = new Bend(ref random);
        var pen = 0.75 + 1.15 * random.NextUniform();
        var size = Box * (0.86 + 0.14 * random.NextUniform()) - 2 * pen;

        var bent = new (double X, double Y)[strokes.Length][];
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        for (var s = 0; s < strokes.Length; s++)
        {
            bent[s] = new (double X, double Y)[strokes[s].Length];
            for (var p = 0; p < bent[s].Length; p++)
            {
                var (x, y) = bent[s][p] = bend.Of(strokes[s][p]);
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            }
        }
        var scale = size / Math.Max(right - left, bottom - top);
        double middleX = (left + right) / 2, middleY = (top + bottom) / 2, centre = (Side - 1) / 2.0;
        foreach (var stroke in bent)
        {
            for (var p = 0; p < stroke.Length; p++)
                stroke[p] = (centre + (stroke[p].X - middleX) * scale, centre + (stroke[p].Y - middleY) * scale);
            for (var p = 1; p < stroke.Length; p++)
                Segment(stroke[p - 1], stroke[p], pen, ink);
        }
    }

    /// <summary>Inks the pixels near a segment by their distance from it; the edge is one pixel wide.</summary>
    static void Segment((double X, double Y) a, (double X, double Y) b, double pen, Span<double> ink)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, square = dx * dx + dy * dy, reach = pen + 0.5;
        int x0 = Clamp(Math.Min(a.X, b.X) - reach), x1 = Clamp(Math.Max(a.X, b.X) + reach + 1);
        int y0 = Clamp(Math.Min(a.Y, b.Y) - reach), y1 = Clamp(Math.Max(a.Y, b.Y) + reach + 1);
        for (var y = y0; y <= y1; y++)
            for (var x = x0; x <= x1; x++)
            {
                double px = x - a.X, py = y - a.Y;
                var t = square > 0 ? Math.Clamp((px * dx + py * dy) / square, 0, 1) : 0;
                double ex = px - t * dx, ey = py - t * dy;
                var value = Math.Min(1, reach - Math.Sqrt(ex * ex + ey * ey));
                ref var pixel = ref ink[y * Side + x];
                if (value > pixel) pixel = value;
            }
    }

    static int Clamp(double pixel) => (int)Math.Clamp(pixel, 0, Side - 1);

    /// <summary>Blurs lightly, and moves the centre of mass to the middle by whole pixels, as in MNIST.</summary>
    static void Finish(Span<double> ink, Span<byte> pixels)
    {
        Span<double> soft = stackalloc double[Side * Side];
        double mass = 0, massX = 0, massY = 0;
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                double value = 0;
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        if ((uint)(x + dx) < Side && (uint)(y + dy) < Side)
                            value += ink[(y + dy) * Side + x + dx] * (dx == 0 ? 0.8 : 0.1) * (dy == 0 ? 0.8 : 0.1);
                soft[y * Side + x] = value;
                mass += value;
                massX += value * x;
                massY += value * y;
            }
        var shiftX = (int)Math.Round((Side - 1) / 2.0 - massX / mass);
        var shiftY = (int)Math.Round((Side - 1) / 2.0 - massY / mass);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                int fromX = x - shiftX, fromY = y - shiftY;
                var value = (uint)fromX < Side && (uint)fromY < Side ? soft[fromY * Side + fromX] : 0;
                pixels[y * Side + x] = (byte)(255 * Math.Min(1, value) + 0.5);
            }
    }

    /// <summary>
    /// One random bending of the square: a smooth displacement given by nine control points (Bernstein polynomials of
    /// degree two), then width, shear and turn. No library sine or cosine, whose last bits differ between machines.
    /// </summary>
    readonly struct Bend
    {
        readonly double[] _x = new double[9], _y = new double[9];
        readonly double _width, _shear, _cosine, _sine;

        public Bend(ref RandomSequence random)
        {
            for (var i = 0; i < 9; i++)
            {
                _x[i] = 0.10 * random.NextNormal();
                _y[i] = 0.10 * random.NextNormal();
            }
            _width = 0.75 + 0.5 * random.NextUniform();
            _shear = Math.Clamp(0.22 * random.NextNormal(), -0.6, 0.6);
            var half = Math.Clamp(0.065 * random.NextNormal(), -0.18, 0.18); // tangent of half the angle
            _cosine = (1 - half * half) / (1 + half * half);
            _sine = 2 * half / (1 + half * half);
        }

        public (double X, double Y) Of((double X, double Y) point)
        {
            double u = point.X, v = point.Y, x = u - 0.5, y = v - 0.5;
            Span<double> across = [(1 - u) * (1 - u), 2 * u * (1 - u), u * u];
            Span<double> down = [(1 - v) * (1 - v), 2 * v * (1 - v), v * v];
            for (var i = 0; i < 9; i++)
            {
                x += across[i % 3] * down[i / 3] * _x[i];
                y += across[i % 3] * down[i / 3] * _y[i];
            }
            x = x * _width - _shear * y;
            return (_cosine * x - _sine * y, _sine * x + _cosine * y);
        }
    }
}
