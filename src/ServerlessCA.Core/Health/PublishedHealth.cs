using System.Text;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Checks a CA's published files: they are what the ledger says, and the CRL is fresh.</summary>
internal sealed class PublishedHealth(Deployment ca, CertificateAuthority authority)
{
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        IPublishedFiles files = ca.PublishedFiles;
        var marks = new CrlMarks(ca.Ledger, authority);
        StoredFile? pem = await files.ReadAsync(CaNames.CertificateFile(authority.Name), cancellation);
        StoredFile? der = await files.ReadAsync(CaNames.DerCertificateFile(authority.Name), cancellation);
        CrlsInPlace crls = await new CrlFiles(ca, authority).ReadAsync(cancellation);
        HealthFinding?[] found =
        [
            Certificate(CaNames.CertificateFile(authority.Name), pem, Encoding.ASCII.GetBytes(authority.Certificate.Pem)),
            Certificate(CaNames.DerCertificateFile(authority.Name), der, authority.Certificate.Der),
            Crl(CaNames.CrlFile(authority.Name), crls, now),
            Copy(crls),
            await marks.LostSinceAsync(cancellation) is { } since
                ? new HealthFinding(HealthLevel.Critical, CaNames.CrlFile(authority.Name), $"and its copy were lost on {TableTime.Text(since)}: "
                    + $"'serverless-ca crl restore FILE' takes over an old one, 'serverless-ca crl accept {authority.Name}' does without")
                : null,
            await marks.EntriesFailedAsync(cancellation)
                ? new HealthFinding(HealthLevel.Critical, RevocationEntries.FileKeyOf(ca.Settings.Names, authority.Name), "could not be carried out, or not all of it, by the last run: run the pipeline to see what failed")
                : null,
        ];
        return [.. found.OfType<HealthFinding>()];
    }

    private static HealthFinding Certificate(string name, StoredFile? file, ReadOnlyMemory<byte> expected) =>
        file is null ? new HealthFinding(HealthLevel.Critical, name, "is not published: run the pipeline")
        : file.Content.Span.SequenceEqual(expected.Span) ? new HealthFinding(HealthLevel.Good, name, "published")
        : new HealthFinding(HealthLevel.Critical, name, "is not the CA's certificate: find out who replaced it, then run the pipeline");

    // A CA of the original, or of an earlier version, gets its copy with the next run.
    private HealthFinding Copy(CrlsInPlace crls)
    {
        string name = CrlFiles.CopyKeyOf(authority.Name);
        return crls.CopyFile is null ? new HealthFinding(
                crls.Published is null ? HealthLevel.Critical : HealthLevel.Warning, name, "is missing in the internal store: run the pipeline")
            : crls.Copy is null ? new HealthFinding(HealthLevel.Warning, name, "is not a CRL of this CA: find out who replaced it, then run the pipeline")
            : crls.Copy.Number != crls.Published?.Number ? new HealthFinding(
                HealthLevel.Warning, name, $"is not the published CRL, it has number {crls.Copy.Number}: run the pipeline, which takes over both")
            : new HealthFinding(HealthLevel.Good, name, "is the published CRL");
    }

    private HealthFinding Crl(string name, CrlsInPlace crls, DateTimeOffset now)
    {
        if (crls.PublishedFile is null)
        {
            return new HealthFinding(HealthLevel.Critical, name, "is not published: run the pipeline");
        }

        if (crls.Published is not { } crl || !crls.PublishedFile.Content.Span.SequenceEqual(crl.Der.Span))
        {
            return new HealthFinding(HealthLevel.Critical, name, "is not a CRL of this CA: find out who replaced it, then run the pipeline");
        }

        string until = TableTime.Text(crl.NextUpdate);
        CrlAge age = CrlRenewal.AgeOf(crl, now);
        (HealthLevel level, string message) =
            age == CrlAge.Ahead ? (HealthLevel.Critical, $"is dated {TableTime.Text(crl.ThisUpdate)}, ahead of the clock, so that no run replaces it: "
                + $"set the clock right; if it is right, 'serverless-ca crl set-aside {authority.Name}'")
            : age == CrlAge.Over ? (HealthLevel.Critical, $"is out of date since {until}: clients refuse every certificate; run the pipeline")
            : age == CrlAge.AlmostOver ? (HealthLevel.Critical, $"is good only until {until}: run the pipeline")
            : crl.Number > authority.Record.CrlNumber ? (HealthLevel.Critical, $"has number {crl.Number}, the ledger only {authority.Record.CrlNumber}: was an old backup restored?")
            : (HealthLevel.Good, $"number {crl.Number}, {crl.EntryCount} revoked, good until {until}");
        return new HealthFinding(level, name, message);
    }
}
