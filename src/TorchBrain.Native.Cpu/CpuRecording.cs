using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The window of one recording. Spikes: a list that grows with what happens, up to the window's steps; samples: rows of floats.</summary>
sealed class CpuRecording : IDisposable
{
    readonly RecordingPlan _plan;
    readonly CpuPopulation _population;
    readonly int[] _counts;
    readonly AlignedBuffer<float>? _samples;
    readonly long _rows;
    int[] _spikes = [];
    long _first;
    int _used;

    public CpuRecording(RecordingPlan plan, CpuPopulation population)
    {
        _plan = plan;
        _population = population;
        _counts = new int[plan.Description.Steps];
        if (plan.Variable >= 0)
        {
            _rows = (plan.Description.Steps + plan.EverySteps - 1L) / plan.EverySteps + 1;
            _samples = new AlignedBuffer<float>(_rows * population.Padded);
        }
        else
            _spikes = new int[Math.Max(population.Plan.Elements, Math.Min(1 << 20, (int)Math.Min(1 << 20, (long)population.Plan.Elements * plan.Description.Steps / 20)))];
    }

    public void Reset(long step)
    {
        _first = step;
        _used = 0;
    }

    public (long First, long Count) Held(long step) => (_first, step - _first);

    /// <summary>Called by thread 0 when a step is complete. The list doubles when a window holds more spikes than ever before.</summary>
    public void RecordSpikes(long step)
    {
        if (_plan.Variable >= 0)
            return;
        if (_spikes.Length - _used < _population.Plan.Elements)
            Array.Resize(ref _spikes, Math.Max(2 * _spikes.Length, _used + _population.Plan.Elements));
        var count = _population.CopySpikes(step, _spikes.AsSpan(_used));
        _counts[step - _first] = count;
        _used += count;
    }

    /// <summary>Called by each thread for the elements it owns.</summary>
    public void RecordState(int thread, long step)
    {
        if (_samples is null || step % _plan.EverySteps != 0)
            return;
        int begin = _population.Starts[thread], length = _population.Starts[thread + 1] - begin;
        _population.State[_plan.Variable].Span(begin, length).CopyTo(_samples.Span(Row(step) * _population.Padded + begin, length));
    }

    long Row(long step) => step / _plan.EverySteps % _rows;

    public void DrainSpikes(long step, ISpikeSink sink)
    {
        if (_plan.Variable >= 0)
            throw new InvalidOperationException("This recording holds samples, not spikes.");
        var at = 0;
        for (var s = _first; s < step; s++)
        {
            var count = _counts[s - _first];
            sink.Accept(s, _spikes.AsSpan(at, count));
            at += count;
        }
        Reset(step);
    }

    public void DrainState(long step, Action<long, ReadOnlySpan<float>> sink)
    {
        if (_samples is null)
            throw new InvalidOperationException("This recording holds spikes, not samples.");
        for (var s = _first; s < step; s++)
            if (s % _plan.EverySteps == 0)
                sink(s, _samples.Span(Row(s) * _population.Padded, _population.Plan.Elements));
        Reset(step);
    }

    public void Dispose() => _samples?.Dispose();
}
