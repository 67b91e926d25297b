namespace TorchBrain.Native.Cuda;

/// <summary>A small table of the kernels, as it was copied to the device.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="RowBytes">Bytes of a row.</param>
/// <param name="Addresses">Where in a row addresses of other tables stand.</param>
sealed record DeviceTable(byte[] Content, int RowBytes, IReadOnlyList<int> Addresses);
