using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(TorchBrain.Native.Benchmarks.Bench).Assembly).Run(args);
