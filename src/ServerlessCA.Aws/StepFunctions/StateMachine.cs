namespace ServerlessCA.Aws.StepFunctions;

/// <summary>A state machine. Immutable.</summary>
/// <param name="Name">Such as <c>serverless-ca-dev</c>.</param>
/// <param name="Arn">Its ARN.</param>
public sealed record StateMachine(string Name, string Arn);
