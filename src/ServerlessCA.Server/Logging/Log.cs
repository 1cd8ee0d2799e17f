using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Lambda;

#pragma warning disable SYSLIB1015 // values are members of the line's JSON object, not words of a message
namespace ServerlessCA.Server.Logging;

/// <summary>Holds every message that the server logs. No message has secrets, CSRs or certificates.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "listening", EventName = "listening")]
    public static partial void Listening(this ILogger log, string url, string version);

    [LoggerMessage(2, LogLevel.Information, "request", EventName = "request")]
    public static partial void Request(
        this ILogger log, string requestId, string peer, string? caller, string? callerSerialNumber, string method, string path, int status, long bytes, double milliseconds);

    [LoggerMessage(3, LogLevel.Information, "function note", EventName = "function-note")]
    public static partial void FunctionNote(this ILogger log, string requestId, string function, string note);

    [LoggerMessage(4, LogLevel.Error, "function failed", EventName = "function-failed")]
    public static partial void FunctionFailed(this ILogger log, string requestId, string function, string type, string reason);

    [LoggerMessage(5, LogLevel.Error, "unexpected fault", EventName = "unexpected")]
    public static partial void Unexpected(this ILogger log, string requestId, Exception fault);

    [LoggerMessage(6, LogLevel.Information, "pipeline", EventName = "pipeline")]
    public static partial void PipelineRan(this ILogger log, int entries, int issued, int refused, bool failed);

    [LoggerMessage(7, LogLevel.Error, "step failed", EventName = "step-failed")]
    public static partial void StepFailed(this ILogger log, string step, string reason);

    [LoggerMessage(8, LogLevel.Warning, "skipped", EventName = "skipped")]
    public static partial void Skipped(this ILogger log, string step, string reason);

    [LoggerMessage(9, LogLevel.Error, "CRL failed", EventName = "crl-failed")]
    public static partial void CrlFailed(this ILogger log, string file, string reason);

    [LoggerMessage(10, LogLevel.Information, "CRL published", EventName = "crl")]
    public static partial void CrlPublished(this ILogger log, string file, long number, int revoked);

    [LoggerMessage(11, LogLevel.Information, "server certificate", EventName = "server-certificate")]
    public static partial void ServerCertificate(this ILogger log, string serialNumber, string expires);

    [LoggerMessage(12, LogLevel.Error, "server certificate not renewed", EventName = "server-certificate-failed")]
    public static partial void ServerCertificateFailed(this ILogger log, string reason);

    [LoggerMessage(13, LogLevel.Information, "stopping", EventName = "stopping")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(14, LogLevel.Warning, "not admitted", EventName = "not-admitted")]
    public static partial void NotAdmitted(this ILogger log, string requestId, string peer, string reason);

    [LoggerMessage(15, LogLevel.Warning, "too many connections", EventName = "too-many-connections")]
    public static partial void TooManyConnections(this ILogger log, string peer, int connections);

    [LoggerMessage(16, LogLevel.Information, "call", EventName = "call")]
    public static partial void Called(
        this ILogger log, string requestId, string caller, string? callerSerialNumber, string function, string outcome, string? commonName, string? serialNumber);
}

/// <summary>Logs a line for each call of a function: caller, function, outcome, common name and serial number. The line
/// has neither CSR nor certificate.</summary>
internal static class CallLog
{
    /// <summary>Logs a call that a function answered.</summary>
    public static void Called(this ILogger log, FunctionCall call, OperationResult answer) =>
        log.Called(
            call.RequestId, call.Caller.Name, call.Caller.SerialNumber, Operation.Of(call.Function).Name, answer.Outcome, answer.CommonName, answer.SerialNumber);

    /// <summary>Logs a call that no function answered.</summary>
    public static void Called(this ILogger log, FunctionCall call, string outcome) =>
        log.Called(call.RequestId, call.Caller.Name, call.Caller.SerialNumber, Operation.Of(call.Function).Name, outcome, null, null);

    /// <summary>Logs a call of the API that is no function.</summary>
    /// <param name="log">The log.</param>
    /// <param name="request">The call.</param>
    /// <param name="name">The name of the call.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="row">The certificate that it is about; null: none.</param>
    public static void Called(this ILogger log, ApiRequest request, string name, string outcome, CertificateRecord? row = null) =>
        log.Called(request.Id, request.Caller!.Caller.Name, request.Caller.Caller.SerialNumber, name, outcome, row?.CommonName, row?.SerialNumber.ToString());
}
