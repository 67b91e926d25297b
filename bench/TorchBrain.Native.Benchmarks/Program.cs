using BenchmarkDotNet.Running;
using TorchBrain.Native.Benchmarks;

if (args is ["figures", .. var folder])
    return Figures.Run(folder.FirstOrDefault());
BenchmarkSwitcher.FromAssembly(typeof(Bench).Assembly).Run(args);
return 0;
