using System.Runtime.InteropServices;
using SkiaSharp;

namespace TorchBrain.Native.Pictures;

/// <summary>A contact sheet of 28 x 28 grey images with their labels.</summary>
public static class DigitSheet
{
    /// <summary>Pixels on one side of an image.</summary>
    public const int Side = 28;

    /// <summary>
    /// Writes one PNG. Under each image stands its label; a wrong prediction is written in red with the truth beside it, and framed.
    /// The subtitle counts the right ones.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="pixels">Images one after the other, 28 x 28 bytes each, row by row from the top, 0 paper to 255 ink.</param>
    /// <param name="truth">True class of each image, 0 to 999.</param>
    /// <param name="predicted">Predicted class of each image, as many as <paramref name="truth"/>; empty where nothing was predicted.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="columns">Images per row, 1 to 100.</param>
    /// <exception cref="TorchBrainException">Lengths differ, there are no images or more than 40 000, a number is out of range, the picture is too large, or the file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<byte> pixels, ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, string title = "Digits", int columns = 10)
    {
        const float cell = 58f, gap = 10f, label = 20f, left = 20f, top = 58f;
        ArgumentNullException.ThrowIfNull(title);
        Check.NotEmpty(nameof(truth), truth.Length);
        Check.Range("the number of images", truth.Length, 1, 40_000);
        Check.SameLength(nameof(pixels), pixels.Length, "truth (784 bytes for each label)", truth.Length * Side * Side);
        if (!predicted.IsEmpty)
            Check.SameLength(nameof(predicted), predicted.Length, nameof(truth), truth.Length);
        Check.Range(nameof(columns), columns, 1, 100);
        var wrong = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            Check.Range($"truth[{i}]", truth[i], 0, 999);
            if (predicted.IsEmpty)
                continue;
            Check.Range($"predicted[{i}]", predicted[i], 0, 999);
            wrong += predicted[i] == truth[i] ? 0 : 1;
        }
        columns = Math.Min(columns, truth.Length);
        var rows = (truth.Length + columns - 1) / columns;
        using var page = new Page(Math.Max(2 * left + columns * cell + (columns - 1) * gap, 360f), top + rows * (cell + label + gap) + 4f);
        page.Title(title, predicted.IsEmpty
            ? Words.Of($"{Words.Count(truth.Length)} images with their labels")
            : Words.Of($"{Words.Count(truth.Length - wrong)} of {Words.Count(truth.Length)} right ({100.0 * (truth.Length - wrong) / truth.Length:0.#} %); mistakes in red, as predicted (truth)"), left);
        for (var i = 0; i < truth.Length; i++)
        {
            float x = left + i % columns * (cell + gap), y = top + i / columns * (cell + label + gap);
            Image(page, pixels.Slice(i * Side * Side, Side * Side), SKRect.Create(x, y, cell, cell));
            var mistaken = !predicted.IsEmpty && predicted[i] != truth[i];
            page.Frame(x, y, cell, cell, mistaken ? Mistake : Ink.Grid, mistaken ? 2f : 1f);
            var text = mistaken ? Words.Of($"{predicted[i]} ({truth[i]})") : Words.Of($"{truth[i]}");
            page.Text(text, x + cell / 2, y + cell + 15f, Page.Body, mistaken ? Mistake : Ink.Quiet, SKTextAlign.Center, mistaken);
        }
        page.Save(path);
    }

    static readonly SKColor Mistake = new(0xC6, 0x1A, 0x1A);

    static void Image(Page page, ReadOnlySpan<byte> pixels, SKRect area)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        for (var i = 0; i < pixels.Length; i++)
        {
            var shade = (byte)(255 - pixels[i]);
            target[i] = Page.Pixel(new SKColor(shade, shade, shade));
        }
        using var image = SKImage.FromBitmap(bitmap);
        page.Canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
