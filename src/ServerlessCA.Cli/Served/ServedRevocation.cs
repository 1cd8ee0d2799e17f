using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Served;

/// <summary>Revokes certificates of a CA behind HTTP.</summary>
/// <param name="api">The calls; not disposed of with this.</param>
/// <param name="clock">Says what is expired.</param>
internal sealed class ServedRevocation(ServedApi api, TimeProvider clock) : IRevokingCa
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(5); // our decision: a CRL with a million entries takes a while

    /// <inheritdoc/>
    public ICaRecords Records { get; } = new ServedRecords(api, clock);

    /// <inheritdoc/>
    public Task<RevokedCertificate> RevokeAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation) => api.PostAsync(
        "revocations",
        JsonText.Utf8(writer => RevocationDocument.WriteRequest(writer, RowId.Of(row), reason)),
        AnswerTimeout,
        RevocationDocument.Read,
        cancellation);

    /// <inheritdoc/>
    public Task<DeliveryReport> SendEventsAsync(CancellationToken cancellation) => Task.FromResult(new DeliveryReport([]));
}
