using System.Runtime.InteropServices;
using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>
/// A white page to draw on. Lengths are points; one point is <see cref="Scale"/> pixels, so that print stays crisp.
/// Y grows downwards.
/// </summary>
sealed class Page : IDisposable
{
    internal const float Body = 11f;
    internal const float Small = 9.5f;
    internal const float Heading = 14f;

    readonly SKBitmap bitmap;
    readonly SKPaint paint = new() { IsAntialias = true };
    readonly SKFont regular = new(Typeface.Regular) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };
    readonly SKFont bold = new(Typeface.Bold) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };

    internal Page(float width, float height, float scale = 2f)
    {
        Check.Size(width * scale, height * scale);
        (Width, Height, Scale) = (width, height, scale);
        bitmap = new SKBitmap(new SKImageInfo((int)MathF.Ceiling(width * scale), (int)MathF.Ceiling(height * scale),
            SKColorType.Rgba8888, SKAlphaType.Opaque));
        Canvas = new SKCanvas(bitmap);
        Canvas.Clear(Ink.Paper);
        Canvas.Scale(scale);
    }

    internal float Width { get; }
    internal float Height { get; }
    internal float Scale { get; }
    internal int PixelWidth => bitmap.Width;
    internal int PixelHeight => bitmap.Height;
    internal SKCanvas Canvas { get; }

    /// <summary>All pixels, row by row; bytes in memory are red, green, blue, alpha.</summary>
    internal Span<uint> Pixels => MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());

    /// <summary>A colour as it lies in <see cref="Pixels"/>.</summary>
    internal static uint Pixel(SKColor color) => color.Red | (uint)color.Green << 8 | (uint)color.Blue << 16 | 0xFF000000u;

    internal void Disc(float x, float y, float radius, SKColor color)
    {
        paint.Style = SKPaintStyle.Fill;
        paint.Color = color;
        Canvas.DrawCircle(x, y, radius, paint);
    }

    internal void Fill(float x, float y, float width, float height, SKColor color)
    {
        paint.Style = SKPaintStyle.Fill;
        paint.Color = color;
        Canvas.DrawRect(x, y, width, height, paint);
    }

    /// <summary>A piece of a colour scale: whole pixels, so that neighbours leave no seam.</summary>
    internal void Tile(float x, float y, float width, float height, SKColor color)
    {
        paint.IsAntialias = false;
        Fill(x, y, width, height, color);
        paint.IsAntialias = true;
    }

    internal void Frame(float x, float y, float width, float height, SKColor color, float thickness = 1f)
    {
        Stroke(color, thickness);
        Canvas.DrawRect(x, y, width, height, paint);
    }

    internal void Line(float x0, float y0, float x1, float y1, SKColor color, float thickness = 1f, bool dashed = false)
    {
        Stroke(color, thickness);
        using var dash = dashed ? SKPathEffect.CreateDash([5f, 4f], 0) : null;
        paint.PathEffect = dash;
        Canvas.DrawLine(x0, y0, x1, y1, paint);
        paint.PathEffect = null;
    }

    /// <summary>A path through points; a NaN ends one piece and begins the next.</summary>
    internal void Lines(ReadOnlySpan<SKPoint> points, SKColor color, float thickness, bool closed = false)
    {
        using var builder = new SKPath();
        Trace(builder, points, closed);
        Stroke(color, thickness);
        Canvas.DrawPath(builder, paint);
    }

    internal void Area(ReadOnlySpan<SKPoint> points, SKColor color)
    {
        using var path = new SKPath();
        Trace(path, points, closed: true);
        paint.Style = SKPaintStyle.Fill;
        paint.Color = color;
        Canvas.DrawPath(path, paint);
    }

    internal float Measure(string text, float size, bool strong = false) => Face(size, strong).MeasureText(text);

    /// <summary>Text on the base line <paramref name="y"/>.</summary>
    internal void Text(string text, float x, float y, float size, SKColor color, SKTextAlign align = SKTextAlign.Left, bool strong = false)
    {
        paint.Style = SKPaintStyle.Fill;
        paint.Color = color;
        Canvas.DrawText(text, x, y, align, Face(size, strong), paint);
    }

    /// <summary>Text with a light rim, readable on top of other marks.</summary>
    internal void Halo(string text, float x, float y, float size, SKColor color, SKTextAlign align = SKTextAlign.Center)
    {
        Stroke(Ink.Paper.WithAlpha(230), size * 0.32f);
        Canvas.DrawText(text, x, y, align, Face(size, strong: true), paint);
        Text(text, x, y, size, color, align, strong: true);
    }

    /// <summary>Text that runs upwards, centred on (x, y).</summary>
    internal void Upward(string text, float x, float y, float size, SKColor color)
    {
        Canvas.Save();
        Canvas.RotateDegrees(-90, x, y);
        Text(text, x, y + size * 0.36f, size, color, SKTextAlign.Center);
        Canvas.Restore();
    }

    /// <summary>As much of the text as fits, with an ellipsis where it was cut.</summary>
    internal string Fit(string text, float width, float size, bool strong = false)
    {
        if (Measure(text, size, strong) <= width)
            return text;
        var length = text.Length;
        while (length > 1 && Measure(text[..length].TrimEnd() + "…", size, strong) > width)
            length--;
        return text[..length].TrimEnd() + "…";
    }

    /// <summary>The heading and a quieter line below it, at the left edge. Wraps nothing: long text shrinks to fit, then is cut.</summary>
    internal void Title(string title, string? subtitle, float left)
    {
        var room = Width - left - 12f;
        var size = Math.Max(Heading * Math.Min(1f, room / Math.Max(1f, Measure(title, Heading, strong: true))), 10f);
        Text(Fit(title, room, size, strong: true), left, 24f, size, Ink.Text, strong: true);
        if (subtitle is null)
            return;
        size = Math.Max(Body * Math.Min(1f, room / Math.Max(1f, Measure(subtitle, Body))), 8f);
        Text(Fit(subtitle, room, size), left, 42f, size, Ink.Quiet);
    }

    /// <summary>Encodes the page and writes it.</summary>
    internal void Save(string path)
    {
        Canvas.Flush();
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        PictureFile.Write(path, data.AsSpan());
    }

    public void Dispose()
    {
        Canvas.Dispose();
        bitmap.Dispose();
        paint.Dispose();
        regular.Dispose();
        bold.Dispose();
    }

    static void Trace(SKPath path, ReadOnlySpan<SKPoint> points, bool closed)
    {
        var down = false;
        foreach (var point in points)
        {
            if (float.IsNaN(point.X) || float.IsNaN(point.Y))
                down = false;
            else if (down)
                path.LineTo(point);
            else
            {
                path.MoveTo(point);
                down = true;
            }
        }
        if (closed && down)
            path.Close();
    }

    void Stroke(SKColor color, float thickness)
    {
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = thickness;
        paint.StrokeJoin = SKStrokeJoin.Round;
        paint.StrokeCap = SKStrokeCap.Butt;
        paint.Color = color;
    }

    SKFont Face(float size, bool strong)
    {
        var font = strong ? bold : regular;
        font.Size = size;
        return font;
    }
}
