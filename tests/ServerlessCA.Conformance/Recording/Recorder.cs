namespace ServerlessCA.Conformance.Recording;

/// <summary>Where the recording ports write: the step that runs now.</summary>
public sealed class Recorder
{
    /// <summary>The record of the step that runs now.</summary>
    public StepRecord Current { get; private set; } = new();

    /// <summary>Begins a step's record.</summary>
    public StepRecord Begin() => Current = new StepRecord();
}
