global using NUnit.Framework;
global using TorchBrain.Native.Cuda;
