using System.Runtime.InteropServices;
using System.Text;

namespace TorchBrain.Native.Cli;

/// <summary>Writes NumPy arrays, format version 1.0.</summary>
static class NpyFile
{
    /// <summary>Writes a float32 array in C order.</summary>
    public static void Write(string path, ReadOnlySpan<float> values, int rows, int columns)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        header = header.PadRight((10 + header.Length + 1 + 63) / 64 * 64 - 11) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)];
        var data = values.ToArray();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(start);
            for (var row = 0; row < rows; row++)
                stream.Write(MemoryMarshal.AsBytes(data.AsSpan(row * columns, columns)));
        });
    }
}
