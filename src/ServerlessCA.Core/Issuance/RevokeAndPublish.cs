using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Revokes a certificate and publishes the CRL that names it at once. Repeating it is safe and completes what
/// failed.</summary>
public sealed class RevokeAndPublish(Deployment ca)
{
    /// <summary>Revokes a certificate.</summary>
    /// <param name="row">The certificate's row.</param>
    /// <param name="reason">A graver one replaces that of an earlier revocation.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>What was done; the CRL by the name of its published file.</returns>
    /// <exception cref="ArgumentException">It cannot be revoked: <see cref="RevokeCertificate.WhyNot"/>.</exception>
    /// <exception cref="RevocationIncompleteException">It is revoked, but no CRL names it yet; or its row is gone.</exception>
    /// <exception cref="LedgerUnavailableException">The row may be marked: repeating is safe.</exception>
    public async Task<RevokedCertificate> RunAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation)
    {
        RevokeOutcome outcome = await new RevokeCertificate(ca).RunAsync(RowId.Of(row), reason, cancellation);
        CertificateRecord now = await ca.Ledger.FindAsync(row.CommonName, row.SerialNumber, cancellation) ?? row;
        if (now.Revoked is not { } revocation)
        {
            throw new RevocationIncompleteException($"the row of '{row.CommonName}', serial number {row.SerialNumber}, is gone", "see 'serverless-ca health'");
        }

        var warnings = new List<string>();
        NamingCrl? crl = await PublishAsync(now, warnings, cancellation);
        if (now.IsCa && await CertificateAuthority.FindAsync(ca.Ledger, row.CommonName, cancellation) is { } authority
            && authority.WhyNotUsable(ca.Clock.GetUtcNow()) is { } why)
        {
            warnings.Add($"{why}: it issues nothing any more, and who checks the root's CRL refuses all that it issued");
        }

        return new RevokedCertificate(RowId.Of(now), revocation, outcome, crl, warnings);
    }

    private async Task<NamingCrl?> PublishAsync(CertificateRecord row, List<string> warnings, CancellationToken cancellation)
    {
        try
        {
            if (await PublishCrl.FindForAsync(ca, row, cancellation) is not { } publish)
            {
                warnings.Add("the CA key that issued it is not here any more: no CRL names it");
                return null;
            }

            CrlOutcome outcome = await publish.RunAsync(cancellation);
            warnings.AddRange([.. outcome.Problems, .. outcome.Faults]);
            return await ReadAsync(publish.FileKey, row, cancellation)
                ?? (ca.Clock.GetUtcNow() > row.Expires ? null : throw NotPublished(row, string.Join("; ", warnings), null));
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            throw NotPublished(row, fault.Message, fault);
        }
    }

    // The published file is read again, as relying parties will read it.
    private async Task<NamingCrl?> ReadAsync(string key, CertificateRecord row, CancellationToken cancellation)
    {
        StoredFile? file = await ca.PublishedFiles.ReadAsync(key, cancellation);
        return file is not null && CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl)
            && crl.Number is { } number && crl.Entries().Any(entry => entry.SerialNumber == row.SerialNumber)
            ? new NamingCrl(key, number)
            : null;
    }

    private static RevocationIncompleteException NotPublished(CertificateRecord row, string why, Exception? cause) => new(
        $"'{row.CommonName}' is revoked in the ledger, but no CRL that names it could be published: {why}",
        "mend that and give the same command again: it publishes the CRL",
        cause);
}

/// <summary>Reports a revocation that is not complete: repeating it completes it.</summary>
/// <param name="message">What is done and what is not.</param>
/// <param name="remedy">What to do.</param>
/// <param name="cause">The fault behind it; null: none.</param>
public sealed class RevocationIncompleteException(string message, string remedy, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Gets what to do, without a capital and an end.</summary>
    public string Remedy => remedy;
}
