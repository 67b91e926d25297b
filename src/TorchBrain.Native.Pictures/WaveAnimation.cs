using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>A film of a sheet as an animated PNG, shown by browsers and, as its first frame, by every PNG viewer.</summary>
public static class WaveAnimation
{
    /// <summary>
    /// Writes the film, repeating for ever. It is <see cref="WaveStyle.AnimationSide"/> pixels wide (at least 240) and 8 bits deep;
    /// 200 frames of 1500 nodes take about 1 to 2 MB.
    /// </summary>
    /// <param name="path">The file, by custom named <c>.png</c>; an existing one is replaced.</param>
    /// <param name="x">First coordinate of each node, sheet units.</param>
    /// <param name="y">Second coordinate of each node, sheet units, growing upwards; as many as <paramref name="x"/>.</param>
    /// <param name="frames">The frames in order, 1 to 10 000.</param>
    /// <param name="style">Title, size and speed; null takes the defaults.</param>
    /// <exception cref="TorchBrainException">Lengths differ, a value is not finite or out of range, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> x, ReadOnlySpan<float> y, IReadOnlyList<WaveFrame> frames, WaveStyle? style = null)
    {
        const float margin = 6f;
        const float top = 40f;
        style ??= new WaveStyle();
        style.CheckAll();
        WaveFrame.CheckAll(frames, x.Length);
        Check.Range("frames", frames.Count, 1, 10_000);
        var sheet = new Sheet(x, y, style.AnimationSide - 2 * margin);
        var painter = new WavePainter(sheet, style);
        using var page = new Page(MathF.Ceiling(Math.Max(sheet.Width + 2 * margin, 240f)), MathF.Ceiling(top + sheet.Height + margin), scale: 1f);
        var left = (page.Width - sheet.Width) / 2;
        var title = style.Title ?? Words.Of($"Waves, {Words.Count(sheet.Count)} nodes");

        page.Text(page.Fit(title, page.Width - 2 * margin, 13f, strong: true), margin, 16f, 13f, Ink.Text, strong: true);
        if (page.Width >= 300f)
            ColorBar.Lying(page, at => WavePainter.Lit(1 - at), SKRect.Create(page.Width - margin - 140f, 24f, 60f, 8f), "fired now", style.OldEnd);
        var bare = page.Pixels.ToArray();
        painter.Silent(page, left, top, null);
        var silent = page.Pixels.ToArray();

        var palette = new WavePalette(frames.Any(frame => frame.PotentialMv is not null));
        using var film = new Apng(page.PixelWidth, page.PixelHeight, palette.Colors, frames.Count, style.FramesPerSecond);
        var indices = new byte[silent.Length];
        foreach (var frame in frames)
        {
            (frame.PotentialMv is null ? silent : bare).CopyTo(page.Pixels);
            if (frame.PotentialMv is not null)
                painter.Silent(page, left, top, frame.PotentialMv);
            painter.Fired(page, left, top, frame.Intensity);
            page.Text(Words.Of($"{frame.TimeMs:0} ms"), margin, 33f, 11f, Ink.Quiet);
            palette.Reduce(page.Pixels, indices);
            film.Add(indices);
        }
        PictureFile.Write(path, film.Finish());
    }
}
