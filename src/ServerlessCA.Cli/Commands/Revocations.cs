using System.Text.RegularExpressions;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Commands;

/// <summary>Revokes a certificate in the ledger and publishes the CRL at once. Repeating it is safe and completes what
/// failed.</summary>
internal sealed class LedgerRevocation(LocalAuthority ca, TimeProvider clock)
{
    private readonly Deployment deployment = ca.Deployment();

    /// <summary>Revokes a certificate.</summary>
    /// <exception cref="CommandFault">It cannot be revoked, or it is revoked but no CRL names it yet.</exception>
    public async Task<RevokedCertificate> RunAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation)
    {
        RevocationRefusal.Check(ca.Names, row.CommonName);
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

        return new RevokedCertificate(RowId.Of(now), revocation, outcome, crl, warnings);
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

    // The published file is read again, as relying parties will read it.
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

/// <summary>Adds an entry to the list of revoked certificates in a GitOps folder; the ledger does not change.</summary>
/// <param name="folder">The GitOps folder.</param>
/// <param name="names">The names of the CA; null when no CA is at hand.</param>
internal sealed partial class ListRevocation(string folder, CaNames? names)
{
    /// <summary>Adds an entry.</summary>
    /// <returns>The path of the list, and whether the entry is new.</returns>
    /// <exception cref="CommandFault">The certificate cannot be revoked, or it is not known which list it belongs
    /// to.</exception>
    public async Task<(string File, bool Added)> RunAsync(RevocationEntry entry, CancellationToken cancellation)
    {
        string key = KeyFor(entry.CommonName);
        bool added = await new FolderRevocationLists(folder).AddAsync(key, entry, cancellation);
        return (Path.Combine(folder, key), added);
    }

    private string KeyFor(string commonName)
    {
        if (names?.IsReserved(commonName) == true)
        {
            RevocationRefusal.Check(names, commonName);
            return RevocationEntries.FileKeyFor(names, commonName);
        }

        // An entry in the wrong list would be skipped, and the certificate would stay good.
        return LooksLikeCa().IsMatch(commonName)
            ? throw CommandFault.Usage(
                $"'{commonName}' looks like a CA, but not like one of {(names is null ? "a CA at hand" : $"{names.RootCa} and {names.IssuingCa}")}",
                "name its CA with --ca local:FOLDER: CAs have a list of their own")
            : RevocationEntries.IssuingFileKey;
    }

    [GeneratedRegex("-(root|issuing)-ca(-|$)")]
    private static partial Regex LooksLikeCa();
}

/// <summary>Refuses revocations that the CA does not perform.</summary>
internal static class RevocationRefusal
{
    /// <summary>Checks that the CA revokes certificates of this name.</summary>
    /// <exception cref="CommandFault">It does not.</exception>
    public static void Check(CaNames names, string commonName)
    {
        if (RevokeCertificate.WhyNot(names, commonName) is { } why)
        {
            throw CommandFault.Refused(
                $"the CA refused: {why}", $"revoke {names.IssuingCa}, and have the root taken out of every trust store that has it");
        }
    }
}
