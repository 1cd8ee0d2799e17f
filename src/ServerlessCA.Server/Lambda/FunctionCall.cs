using ServerlessCA.Core.Operations;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Lambda;

/// <summary>One call of a function. Immutable.</summary>
/// <param name="RequestId">To find it in the log.</param>
/// <param name="Function">Which.</param>
/// <param name="Event">UTF-8 JSON.</param>
/// <param name="Caller">Who calls; may run the function.</param>
internal sealed record FunctionCall(string RequestId, CaFunction Function, ReadOnlyMemory<byte> Event, Caller Caller);

/// <summary>What became of it. Immutable.</summary>
/// <param name="Json">The answer, or the error.</param>
/// <param name="Failed">Whether it is an error.</param>
/// <param name="Log">What the function would have logged: lines.</param>
internal sealed record FunctionResult(byte[] Json, bool Failed, string Log);
