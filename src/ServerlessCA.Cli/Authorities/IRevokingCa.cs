using ServerlessCA.Cli.Inspection;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Authorities;

/// <summary>The port to a CA that revokes a certificate and publishes the CRL at once: in a folder, or behind HTTP. On AWS the
/// pipeline revokes, from a list.</summary>
internal interface IRevokingCa
{
    /// <summary>Its records, in which the certificate is found.</summary>
    ICaRecords Records { get; }

    /// <summary>Revokes a certificate that was found. Repeating it is safe and completes what failed.</summary>
    /// <exception cref="CommandFault">It cannot be revoked, or it is revoked but no CRL names it yet.</exception>
    /// <exception cref="AuthorityFault">The CA cannot be reached, or does not admit the caller.</exception>
    Task<RevokedCertificate> RevokeAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation);

    /// <summary>Delivers the events of the revocation; a CA that runs by itself does so without us.</summary>
    Task<DeliveryReport> SendEventsAsync(CancellationToken cancellation);
}
