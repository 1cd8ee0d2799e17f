using System.Text.RegularExpressions;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Commands;

/// <summary>Revokes a certificate in the ledger and publishes the CRL at once. Repeating it is safe and completes what
/// failed.</summary>
/// <param name="ca">The CA, which is not disposed of with this.</param>
/// <param name="clock">Says what is expired.</param>
internal sealed class LedgerRevocation(LocalAuthority ca, TimeProvider clock) : IRevokingCa
{
    /// <inheritdoc/>
    public ICaRecords Records { get; } = new LedgerRecords(ca, clock);

    /// <inheritdoc/>
    public async Task<RevokedCertificate> RevokeAsync(CertificateRecord row, RevocationReason reason, CancellationToken cancellation)
    {
        RevocationRefusal.Check(ca.Names, row.CommonName);
        try
        {
            RevokedCertificate revoked = await new RevokeAndPublish(ca.Deployment()).RunAsync(row, reason, cancellation);
            return revoked.Crl is { } crl ? revoked with { Crl = crl with { File = Path.Combine(ca.Folder.External, crl.File) } } : revoked;
        }
        catch (RevocationIncompleteException fault)
        {
            throw CommandFault.Fault(fault.Message, fault.Remedy, fault);
        }
    }

    /// <inheritdoc/>
    public Task<DeliveryReport> SendEventsAsync(CancellationToken cancellation) => ca.SendEventsAsync(cancellation);
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

    /// <summary>Says whether a name may be that of a CA, so that the names of the CA are needed to choose the list.</summary>
    public static bool NeedsNames(string commonName) => LooksLikeCa().IsMatch(commonName);

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
            throw CommandFault.Refused($"the CA refused: {why}", CloudSession.Phrase(RevokeCertificate.Instead(names)));
        }
    }
}
