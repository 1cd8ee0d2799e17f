using Microsoft.Extensions.Logging;

namespace ServerlessCA.Lambda.Logging;

/// <summary>Everything that the functions log. Nothing here takes a request, a CSR, a certificate or a secret. The name of a
/// method is the line's <c>event</c>; Terraform's alarms look for <see cref="CrlInPlace"/>.</summary>
internal sealed partial class Log(LineLogger logger)
{
    private readonly LineLogger logger = logger;

    /// <summary>Lines from here on belong to an invocation.</summary>
    /// <returns>Ends that.</returns>
    public IDisposable Begin(string requestId)
    {
        logger.RequestId = requestId;
        return new Invocation(logger);
    }

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
    public partial void LeftForTheNextRun(string errorType, string errorMessage);

    [LoggerMessage(10, LogLevel.Information, "{CaName} created")]
    public partial void CaCreated(string caName);

    [LoggerMessage(11, LogLevel.Information, "{CaName} exists")]
    public partial void CaExists(string caName);

    [LoggerMessage(12, LogLevel.Warning, "{CaName} waits for the root CA")]
    public partial void CaWaits(string caName);

    [LoggerMessage(20, LogLevel.Information, "CRL {Number} published, {EntryCount} revoked, {NewlyRevoked} of them new")]
    public partial void CrlPublished(long number, int entryCount, int newlyRevoked);

    [LoggerMessage(21, LogLevel.Warning, "the CRL in place is dated ahead of the clock and stays")]
    public partial void CrlAheadInPlace(long? number);

    [LoggerMessage(22, LogLevel.Warning, "revocation list, CRL: {Problem}")]
    public partial void RevocationProblem(string problem);

    [LoggerMessage(23, LogLevel.Information, "CRL {Number} is in place, good until {NextUpdate}")]
    public partial void CrlInPlace(long number, string nextUpdate);

    [LoggerMessage(24, LogLevel.Information, "{File} waits: the CA does not exist yet")]
    public partial void CrlWaits(string file);

    [LoggerMessage(30, LogLevel.Information, "certificate issued, serial number {SerialNumber}")]
    public partial void Issued(string serialNumber, string commonName, string expires);

    [LoggerMessage(31, LogLevel.Information, "certificate answered again, serial number {SerialNumber}")]
    public partial void AnsweredAgain(string serialNumber, string commonName);

    [LoggerMessage(32, LogLevel.Information, "CA chain answered")]
    public partial void ChainAnswered();

    [LoggerMessage(33, LogLevel.Information, "certificate already issued")]
    public partial void AlreadyIssued();

    [LoggerMessage(34, LogLevel.Warning, "request refused: {Code}")]
    public partial void Refused(string code, string? field);

    [LoggerMessage(35, LogLevel.Warning, "told to the caller: {Warning}")]
    public partial void LeftOut(string warning);

    [LoggerMessage(36, LogLevel.Information, "{Settled} of {Entries} entries of tls.json have their certificate")]
    public partial void SettledFound(int settled, int entries);

    [LoggerMessage(37, LogLevel.Warning, "entries of tls.json that have their certificate are asked for one by one: {Reason}")]
    public partial void SearchCutShort(string reason);

    [LoggerMessage(40, LogLevel.Information, "{Warnings} reminded, {Expired} expired")]
    public partial void Reminded(int warnings, int expired);

    [LoggerMessage(41, LogLevel.Warning, "skipped in tls.json: {Problem}")]
    public partial void EntrySkipped(string problem);

    [LoggerMessage(42, LogLevel.Information, "{Delivered} kept notifications delivered, {Waiting} wait for the next run")]
    public partial void PendingDelivered(int delivered, int waiting);

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

    private sealed class Invocation(LineLogger logger) : IDisposable
    {
        public void Dispose() => logger.RequestId = null;
    }
}
