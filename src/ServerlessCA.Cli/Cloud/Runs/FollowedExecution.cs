using ServerlessCA.Aws.StepFunctions;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>An execution that has ended, and what is known of it. Immutable.</summary>
/// <param name="Execution">Its end.</param>
/// <param name="Steps">Its steps in order.</param>
/// <param name="Map">The distributed map; null: there was none, or its counts may not be read.</param>
/// <param name="Cause">What failed; null: nothing, or it does not say.</param>
internal sealed record FollowedExecution(Execution Execution, IReadOnlyList<StepEnd> Steps, MapRun? Map, FailureCause? Cause);
