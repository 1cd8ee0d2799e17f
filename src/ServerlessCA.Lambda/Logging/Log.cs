using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Lambda.Logging;

/// <summary>Logs everything that the functions log: the facts of the core's work, and the host's own events. No method takes a
/// request, a CSR, a certificate or a secret. The name of the method, or of the fact, is the line's <c>event</c>.</summary>
internal sealed partial class Log(LineLogger logger)
{
    private readonly LineLogger logger = logger;

    /// <summary>Starts an invocation, to which the following lines belong.</summary>
    /// <returns>Ends the invocation when it is disposed of.</returns>
    public IDisposable Begin(string requestId)
    {
        logger.RequestId = requestId;
        return new RequestScope(logger);
    }

    /// <summary>Writes a fact of the core's work.</summary>
    public void Write(OperationFact fact) => logger.Log(
        fact.IsWarning ? LogLevel.Warning : LogLevel.Information, new EventId(0, fact.Event), fact.Fields, exception: null, (_, _) => fact.Message);

    [LoggerMessage(1, LogLevel.Information, "serverless-ca {Version} is ready")]
    public partial void Ready(string version);

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public partial void Stopped();

    [LoggerMessage(3, LogLevel.Warning, "{Reason}")]
    public partial void Ended(string reason);

    [LoggerMessage(4, LogLevel.Warning, "the connection to the Lambda service broke: {ErrorType}: {ErrorMessage}")]
    public partial void ConnectionBroke(string errorType, string errorMessage);

    [LoggerMessage(5, LogLevel.Error, "{ErrorType}: {ErrorMessage}")]
    public partial void Failed(string errorType, string errorMessage, string? cause, string? stack);

    [LoggerMessage(6, LogLevel.Error, "the function cannot start: {ErrorType}: {ErrorMessage}")]
    public partial void CannotStart(string errorType, string errorMessage, string? stack);

    [LoggerMessage(7, LogLevel.Warning, "left for the next run: {ErrorType}: {ErrorMessage}")]
    public partial void LeftForNextRun(string errorType, string errorMessage);

    [LoggerMessage(42, LogLevel.Information, "{Delivered} notifications of the outbox delivered, {Waiting} wait for the next run")]
    public partial void OutboxDelivered(int delivered, int waiting);

    [LoggerMessage(50, LogLevel.Information, "posted to {Channel}")]
    public partial void Posted(string channel);

    [LoggerMessage(51, LogLevel.Error, "not posted to {Channel}: {Reason}")]
    public partial void NotPosted(string channel, string reason);

    [LoggerMessage(52, LogLevel.Error, "{Reason}")]
    public partial void NothingSent(string reason);

    [LoggerMessage(53, LogLevel.Error, "the secret with Slack's token cannot be read: {Reason}")]
    public partial void SecretUnreadable(string reason);

    [LoggerMessage(54, LogLevel.Debug, "the account's alias cannot be read: {Reason}")]
    public partial void AliasUnreadable(string reason);

    private sealed class RequestScope(LineLogger logger) : IDisposable
    {
        public void Dispose() => logger.RequestId = null;
    }
}
