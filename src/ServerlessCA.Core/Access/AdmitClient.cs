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
    /// <summary>Looks at one certificate.</summary>
    /// <param name="der">The certificate.</param>
    /// <param name="clients">Whose certificates admit.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read: nobody is admitted.</exception>
    public async Task<ClientVerdict> RunAsync(ReadOnlyMemory<byte> der, IReadOnlyList<AllowedClient> clients, CancellationToken cancellation)
    {
        if (!Certificate.TryDecode(der, out Certificate? certificate) || NameOf(certificate) is not { } name)
        {
            return new ClientVerdict(null, null, default, "it cannot be read");
        }

        DateTimeOffset now = ca.Clock.GetUtcNow();
        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, ca.Settings.Names.IssuingCa, cancellation);
        CertificateRecord? row = await ca.Ledger.FindAsync(name, certificate.SerialNumber, cancellation);
        AccessLevel[] levels = [.. clients.Where(client => client.Name == name || client.Name == AllowedClient.Everybody).Select(client => client.Level)];
        string? why =
            issuing is null || !certificate.IsSignedBy(issuing.Certificate.PublicKey!) || row?.CertificatePem != certificate.Pem ? "it is not of this CA"
            : issuing.WhyNotUsable(now) is { } unusable ? unusable
            : row.Revoked is { } revoked ? $"it was revoked on {TableTime.Text(revoked.At)}"
            : now < certificate.NotBefore || now > certificate.NotAfter ? $"it expired on {TableTime.Text(certificate.NotAfter)}"
            : !certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.ClientAuth) ? "it is not for clients"
            : levels.Length == 0 ? $"'{name}' is not among the names that are admitted"
            : null;
        return new ClientVerdict(name, certificate.SerialNumber, levels.DefaultIfEmpty().Max(), why);
    }

    private static string? NameOf(Certificate certificate) =>
        DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject)
            ? subject.Values(SubjectAttributes.CommonName.Oid).FirstOrDefault()
            : null;
}
