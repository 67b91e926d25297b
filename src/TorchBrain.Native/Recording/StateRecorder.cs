using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>Reads the window of a <see cref="StateRecording"/>.</summary>
public sealed class StateRecorder
{
    readonly Simulation _simulation;
    readonly RecordingPlan _recording;
    readonly float[] _row;

    StateRecorder(Simulation simulation, RecordingPlan recording)
    {
        _simulation = simulation;
        _recording = recording;
        _row = new float[recording.Population.Elements];
    }

    /// <summary>Opens the recording of one state variable.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.NotInPlan"/>: the network has no such recording.</exception>
    public static StateRecorder Open(Simulation simulation, string population, string variable)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        foreach (var r in simulation.Plan.Recordings)
            if (r.Population.Name == population && r.Description is StateRecording s && s.Variable == variable)
                return new StateRecorder(simulation, r);
        throw new TorchBrainException(ErrorCode.NotInPlan, $"'{variable}' of '{population}' is not recorded.", $"Add new StateRecording({population}, \"{variable}\") to network.Recordings.");
    }

    /// <summary>Length of the window in steps.</summary>
    public int WindowSteps => _recording.Description.Steps;

    /// <summary>Hands out every sample since the last drain: its step, and one value per element in the variable's unit. The span is valid during the call only.</summary>
    public void Drain(Action<long, ReadOnlySpan<float>> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var offset = _recording.Population.Neuron.State[_recording.Variable].Offset;
        var batch = _simulation.Plan.Batch;
        _simulation.Compiled.DrainState(_recording.Index, (step, values) =>
        {
            if (offset is null)
            {
                sink(step, values);
                return;
            }
            for (var e = 0; e < values.Length; e++)
                _row[e] = values[e] + offset[e / batch];
            sink(step, _row);
        });
    }
}
