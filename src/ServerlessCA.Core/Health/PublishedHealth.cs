using System.Text;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Health;

/// <summary>The state of a CA's published files: they are what the ledger says, and the CRL is fresh.</summary>
internal sealed class PublishedHealth(IPublishedFiles files, CertificateAuthority authority)
{
    private const double CriticalShare = 0.95; // of a CRL's life; then there is an hour left of a day

    public async Task<IReadOnlyList<HealthFinding>> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        StoredFile? pem = await files.ReadAsync($"{authority.Name}.crt", cancellation);
        StoredFile? der = await files.ReadAsync($"{authority.Name}.cer", cancellation);
        StoredFile? crl = await files.ReadAsync(CrlFiles.KeyOf(authority.Name), cancellation);
        return
        [
            Certificate($"{authority.Name}.crt", pem, Encoding.ASCII.GetBytes(authority.Certificate.Pem)),
            Certificate($"{authority.Name}.cer", der, authority.Certificate.Der),
            Crl(CrlFiles.KeyOf(authority.Name), crl, now),
        ];
    }

    private static HealthFinding Certificate(string name, StoredFile? file, ReadOnlyMemory<byte> expected) =>
        file is null ? new HealthFinding(HealthLevel.Critical, name, "is not published: run the pipeline")
        : file.Content.Span.SequenceEqual(expected.Span) ? new HealthFinding(HealthLevel.Good, name, "published")
        : new HealthFinding(HealthLevel.Critical, name, "is not the CA's certificate: find out who replaced it, then run the pipeline");

    private HealthFinding Crl(string name, StoredFile? file, DateTimeOffset now)
    {
        if (file is null)
        {
            return new HealthFinding(HealthLevel.Critical, name, "is not published: run the pipeline");
        }

        bool own = CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl)
            && crl.IsSignedBy(authority.Certificate.PublicKey!);
        if (!own)
        {
            return new HealthFinding(HealthLevel.Critical, name, "is not a CRL of this CA: find out who replaced it, then run the pipeline");
        }

        TimeSpan life = crl!.NextUpdate - crl.ThisUpdate;
        string until = TableTime.Text(crl.NextUpdate);
        (HealthLevel level, string message) =
            crl.ThisUpdate > now ? (HealthLevel.Critical, $"is of {TableTime.Text(crl.ThisUpdate)}, later than now: check the clock")
            : now >= crl.NextUpdate ? (HealthLevel.Critical, $"is out of date since {until}: clients refuse every certificate; run the pipeline")
            : now - crl.ThisUpdate > life * CriticalShare ? (HealthLevel.Critical, $"is good only until {until}: run the pipeline")
            : crl.Number > authority.Record.CrlNumber ? (HealthLevel.Critical, $"has number {crl.Number}, the ledger only {authority.Record.CrlNumber}: was an old backup restored?")
            : (HealthLevel.Good, $"number {crl.Number}, {crl.EntryCount} revoked, good until {until}");
        return new HealthFinding(level, name, message);
    }
}
