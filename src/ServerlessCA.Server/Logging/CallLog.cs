using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;
using ServerlessCA.Server.Lambda;

namespace ServerlessCA.Server.Logging;

/// <summary>The line of each call of a function: who, which, what became of it, for which name, which certificate. Neither
/// CSR nor certificate.</summary>
internal static class CallLog
{
    /// <summary>A call that a function answered.</summary>
    public static void Called(this ILogger log, FunctionCall call, OperationResult answer) =>
        log.Called(
            call.RequestId, call.Caller.Name, call.Caller.SerialNumber, Operation.Of(call.Function).Name, answer.Outcome, answer.CommonName, answer.SerialNumber);

    /// <summary>A call that no function answered.</summary>
    public static void Called(this ILogger log, FunctionCall call, string outcome) =>
        log.Called(call.RequestId, call.Caller.Name, call.Caller.SerialNumber, Operation.Of(call.Function).Name, outcome, null, null);
}
