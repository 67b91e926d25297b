using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>The window of one recording. Spikes: a list that grows with what happens; samples: rows of floats.</summary>
sealed class CpuRecording : IDisposable
{
    readonly RecordingPlan _plan;
    readonly CpuPopulation _population;
    readonly NeuronKernel _kernel;
    readonly AlignedBuffer<float>? _samples;
    readonly SpikeWindow? _spikes;
    readonly long _rows;
    long _first;

    public CpuRecording(RecordingPlan plan, CpuPopulation population, NeuronKernel kernel)
    {
        (_plan, _kernel) = (plan, kernel);
        _population = population;
        if (plan.Variable >= 0)
        {
            _rows = (plan.Description.Steps + plan.EverySteps - 1L) / plan.EverySteps + 1;
            _samples = new AlignedBuffer<float>(_rows * population.Padded, population.HugePages);
        }
        else
            _spikes = new SpikeWindow(plan.Description.Steps, population.Plan.Elements);
    }

    /// <summary>True where it samples a state variable: other threads need not look at recordings of spikes, which thread 0 writes.</summary>
    public bool IsOfState => _samples is not null;

    public void Reset(long step)
    {
        _first = step;
        _spikes?.Reset(step);
    }

    public (long First, long Count) Held(long step) => (_first, step - _first);

    /// <summary>Called by thread 0 when a step is complete.</summary>
    public void RecordSpikes(long step) => _spikes?.Add(step, _population.CopyNewSpikes(step, _spikes.Room()));

    /// <summary>Called by each thread for the elements it owns.</summary>
    public void RecordState(int thread, long step)
    {
        if (_samples is null || step % _plan.EverySteps != 0)
            return;
        int begin = _population.Starts[thread], length = _population.Starts[thread + 1] - begin;
        _kernel.Publish(begin, begin + length);
        _population.State[_plan.Variable].Span(begin, length).CopyTo(_samples.Span(Row(step) * _population.Padded + begin, length));
    }

    long Row(long step) => step / _plan.EverySteps % _rows;

    public void DrainSpikes(long step, ISpikeSink sink)
    {
        (_spikes ?? throw new InvalidOperationException("This recording holds samples, not spikes.")).Drain(step, sink);
        _first = step;
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
