namespace ServerlessCA.Conformance.Normalising;

/// <summary>Something that got a name when it first appeared.</summary>
internal sealed record Labelled<T>(string Label, T Value, StepMoment FirstSeen);
