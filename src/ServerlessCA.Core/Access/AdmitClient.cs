using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Access;

/// <summary>Decides whether a client certificate, whose key its holder has shown to have, admits to this deployment: it
/// is one of ours, for clients, in time, not revoked, and its name is admitted. The ledger is asked every time, so a
/// revocation counts at once.</summary>
public sealed class AdmitClient(Deployment ca)
{
    /// <summary>As a name: every certificate for clients admits.</summary>
    public const string Everybody = "*";

    /// <summary>Looks at one certificate.</summary>
    /// <param name="der">The certificate.</param>
    /// <param name="names">Common names that are admitted; <see cref="Everybody"/> admits all.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read: nobody is admitted.</exception>
    public async Task<ClientVerdict> RunAsync(ReadOnlyMemory<byte> der, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (!Certificate.TryDecode(der, out Certificate? certificate) || NameOf(certificate) is not { } name)
        {
            return new ClientVerdict(null, "it cannot be read");
        }

        DateTimeOffset now = ca.Clock.GetUtcNow();
        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, ca.Settings.Names.IssuingCa, cancellation);
        CertificateRecord? row = await ca.Ledger.FindAsync(name, certificate.SerialNumber, cancellation);
        string? why =
            issuing is null || !certificate.IsSignedBy(issuing.Certificate.PublicKey!) || row?.CertificatePem != certificate.Pem ? "it is not of this CA"
            : issuing.WhyNotUsable(now) is { } unusable ? unusable
            : row.Revoked is { } revoked ? $"it was revoked on {TableTime.Text(revoked.At)}"
            : now < certificate.NotBefore || now > certificate.NotAfter ? $"it expired on {TableTime.Text(certificate.NotAfter)}"
            : !certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.ClientAuth) ? "it is not for clients"
            : !names.Contains(Everybody) && !names.Contains(name, StringComparer.Ordinal) ? $"'{name}' is not among the names that are admitted"
            : null;
        return new ClientVerdict(name, why);
    }

    private static string? NameOf(Certificate certificate) =>
        DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject)
            ? subject.Values(SubjectAttributes.CommonName.Oid).FirstOrDefault()
            : null;
}
