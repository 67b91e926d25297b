using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>Reads the window of a <see cref="SpikeRecording"/>.</summary>
public sealed class SpikeRecorder
{
    readonly Simulation _simulation;
    readonly RecordingPlan _recording;

    SpikeRecorder(Simulation simulation, RecordingPlan recording)
    {
        _simulation = simulation;
        _recording = recording;
    }

    /// <summary>Opens the spike recording of a population.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.NotInPlan"/>: the network has no such recording.</exception>
    public static SpikeRecorder Open(Simulation simulation, string population)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        var name = simulation.Population(population).Name;
        foreach (var r in simulation.Plan.Recordings)
            if (r.Population.Name == name && r.Description is SpikeRecording)
                return new SpikeRecorder(simulation, r);
        throw new TorchBrainException(ErrorCode.NotInPlan, $"The spikes of '{name}' are not recorded.", $"Add new SpikeRecording({name}) to network.Recordings.");
    }

    /// <summary>Length of the window in steps.</summary>
    public int WindowSteps => _recording.Description.Steps;

    /// <summary>A raster of the right shape.</summary>
    public SpikeRaster NewRaster() => new(_recording.Population.Elements, _simulation.Plan.TimeStepMs);

    /// <summary>Takes everything recorded since the last drain.</summary>
    public SpikeRaster Drain()
    {
        var raster = NewRaster();
        Drain(raster);
        return raster;
    }

    /// <summary>Hands everything recorded since the last drain to a sink, step by step.</summary>
    public void Drain(ISpikeSink sink) => _simulation.Compiled.DrainSpikes(_recording.Index, sink);

    /// <summary>Runs any number of steps, draining into the sink before the window overflows. Other recordings must have room of their own.</summary>
    public void Run(long steps, ISpikeSink sink)
    {
        if (steps < 0)
            throw new TorchBrainException(ErrorCode.ValueOutOfRange, $"Run({steps}): the number of steps is negative.", "Use 0 or more.");
        while (steps > 0)
        {
            Drain(sink);
            var part = Math.Min(steps, WindowSteps);
            _simulation.Run(part);
            steps -= part;
        }
        Drain(sink);
    }
}
