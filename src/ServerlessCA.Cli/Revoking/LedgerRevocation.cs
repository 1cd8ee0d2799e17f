using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Revoking;

/// <summary>Revokes in the ledger and publishes the CRL at once. Repeating it is safe, and completes what failed.</summary>
internal sealed class LedgerRevocation(LocalAuthority ca, TimeProvider clock)
{
    private readonly Deployment deployment = ca.Deployment();

    /// <summary>Revokes a certificate.</summary>
    /// <exception cref="CommandFault">It cannot be revoked, or is revoked and not on a CRL yet.</exception>
    public async Task<RevokedNow> RunAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation)
    {
        Refusing.Check(ca.Names, row.CommonName);
        RevokeOutcome outcome = await new RevokeCertificate(deployment).RunAsync(
            RowId.Of(row), reason, cancellation);
        CertificateRecord now = await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation) ?? row;
        if (now.Revoked is not { } revocation)
        {
            throw CommandFault.Fault($"the row of '{row.CommonName}', serial number {row.SerialNumber}, is gone", "see 'serverless-ca health'");
        }

        var warnings = new List<string>();
        NamingCrl? crl = await PublishAsync(now, warnings, cancellation);
        if (now.IsCa && await CertificateAuthority.FindAsync(ca.Ledger, row.CommonName, cancellation) is { } authority
            && authority.WhyNotUsable(clock.GetUtcNow()) is { } why)
        {
            warnings.Add($"{why}: it issues nothing any more, and who checks the root's CRL refuses all that it issued");
        }

        return new RevokedNow(now, revocation, outcome, crl, warnings);
    }

    private async Task<NamingCrl?> PublishAsync(CertificateRecord row, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            if (await PublishCrl.FindForAsync(deployment, row, cancellation) is not { } publish)
            {
                warnings.Add("the CA key that issued it is not here any more: no CRL names it");
                return null;
            }

            CrlOutcome outcome = await publish.RunAsync(cancellation);
            warnings.AddRange([.. outcome.Problems, .. outcome.Faults]);
            return await ReadAsync(publish.FileKey, row, cancellation)
                ?? (clock.GetUtcNow() > row.Expires ? null : throw NotPublished(row, string.Join("; ", warnings)));
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            throw NotPublished(row, fault.Message);
        }
    }

    // What counts is what relying parties will read, not what we meant to write.
    private async Task<NamingCrl?> ReadAsync(string key, CertificateRecord row, CancellationToken cancellation)
    {
        StoredFile? file = await deployment.PublishedFiles.ReadAsync(key, cancellation);
        return file is not null && CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl)
            && crl.Number is { } number && crl.Entries().Any(entry => entry.SerialNumber == row.SerialNumber)
            ? new NamingCrl(Path.Combine(ca.Folder.External, key), number)
            : null;
    }

    private static CommandFault NotPublished(CertificateRecord row, string why) => CommandFault.Fault(
        $"'{row.CommonName}' is revoked in the ledger, but no CRL that names it could be published: {why}",
        "mend that and give the same command again: it publishes the CRL");
}
