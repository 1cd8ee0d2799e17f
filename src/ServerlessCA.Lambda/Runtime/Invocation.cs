namespace ServerlessCA.Lambda.Runtime;

/// <summary>One event to handle. Immutable.</summary>
/// <param name="RequestId">The invocation's id, as logs and answers name it.</param>
/// <param name="Deadline">UTC: when Lambda ends the process.</param>
/// <param name="Event">The event as it came: should be JSON.</param>
internal sealed record Invocation(string RequestId, DateTimeOffset Deadline, ReadOnlyMemory<byte> Event);
