using System.Runtime.CompilerServices;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Publishes the CRL of one CA (SPEC sections 4 and 12.9): marks what the operator's list names, counts the
/// number up, signs, verifies, and puts it in place unless a newer one is there.</summary>
public sealed class PublishCrl
{
    private readonly Deployment ca;
    private readonly string caName;
    private readonly string listKey;
    private readonly TimeSpan life;
    private readonly RevokeListed revokeListed;

    private PublishCrl(Deployment ca, string caName, string listKey, TimeSpan life, bool tellRevoked)
    {
        this.ca = ca;
        this.caName = caName;
        this.listKey = listKey;
        this.life = life;
        revokeListed = new RevokeListed(ca, tellRevoked);
    }

    /// <summary>The CRL of the root CA, from <c>revoked-root-ca.json</c>.</summary>
    public static PublishCrl OfRoot(Deployment ca) => new(
        ca, ca.Settings.Names.RootCa, RevocationEntries.RootFileKey, ca.Settings.RootCrlLife, tellRevoked: false);

    /// <summary>The CRL of the issuing CA, from <c>revoked.json</c> and every revoked row.</summary>
    public static PublishCrl OfIssuing(Deployment ca) => new(
        ca, ca.Settings.Names.IssuingCa, RevocationEntries.IssuingFileKey, ca.Settings.IssuingCrlLife, tellRevoked: true);

    /// <summary>The CRL that has to name a certificate, so that who revokes can publish it at once; null when no CA of
    /// this deployment issued the certificate with the key that it has now.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<PublishCrl?> FindForAsync(Deployment ca, CertificateRecord row, CancellationToken cancellation)
    {
        foreach (PublishCrl publish in (PublishCrl[])[OfIssuing(ca), OfRoot(ca)])
        {
            if ((await CertificateAuthority.FindAsync(ca.Ledger, publish.caName, cancellation))?.Signed(row) == true)
            {
                return publish;
            }
        }

        return null;
    }

    /// <summary>The name of the file, DER; the same with <c>.pem</c> behind it is beside it.</summary>
    public string FileKey => CrlFiles.KeyOf(caName);

    /// <summary>Runs it once.</summary>
    /// <exception cref="LedgerUnavailableException">Perhaps a number was used up: run again.</exception>
    /// <exception cref="CaKeyUnavailableException">Not signed: run again.</exception>
    /// <exception cref="FilesUnavailableException">Perhaps published in one of its two forms: run again.</exception>
    public async Task<CrlOutcome> RunAsync(CancellationToken cancellation)
    {
        CertificateAuthority? authority = await CertificateAuthority.FindAsync(ca.Ledger, caName, cancellation);
        if (authority is null)
        {
            return new CrlOutcome(CrlStatus.NoCa, null, 0, 0, [], null);
        }

        await new WarnOfCaExpiry(ca).RunAsync(authority, cancellation);
        DateTimeOffset now = ca.Clock.GetUtcNow();
        RevocationEntries list = await RevocationEntries.ReadAsync(ca.InternalFiles, listKey, cancellation);
        ListedRevocations listed = await revokeListed.RunAsync(authority, list, now, cancellation);

        var files = new CrlFiles(ca.PublishedFiles, authority);
        (PublishedCrl? previous, string? version) = await files.ReadAsync(cancellation);
        if (previous is not null && previous.ThisUpdate > now)
        {
            string clock = $"{FileKey} is of {TableTime.Text(previous.ThisUpdate)}, later than now: check the clock; if it is right, delete the file";
            return new CrlOutcome(CrlStatus.NewerInPlace, previous.Number, 0, listed.Newly, [.. listed.Problems, clock], list.FileFault);
        }

        CertificateRevocationList crl = await SignAsync(authority, previous, listed.Rows, now, cancellation);
        bool published = await files.PublishAsync(crl, version, cancellation);
        return new CrlOutcome(
            published ? CrlStatus.Published : CrlStatus.NewerInPlace, crl.Number, crl.EntryCount, listed.Newly, listed.Problems, list.FileFault);
    }

    private async Task<CertificateRevocationList> SignAsync(
        CertificateAuthority authority, PublishedCrl? previous, IReadOnlyList<CertificateRecord> listed, DateTimeOffset now,
        CancellationToken cancellation)
    {
        // The number is used up before the rows are read: whatever fails next, no two CRLs share one. Who revokes takes
        // a number afterwards, so of CRLs made at once the one that stays has all that was revoked before its number.
        long number = await ca.Ledger.NextCrlNumberAsync(authority.Row, (previous?.Number ?? 0) + 1, cancellation);
        var entries = new List<CrlEntry>();
        await foreach (CertificateRecord row in RevokedAsync(listed, cancellation))
        {
            if (row.Revoked is { } revoked && authority.Signed(row) && BelongsOnCrl(row, revoked, previous))
            {
                entries.Add(new CrlEntry(row.SerialNumber, revoked.At, revoked.Reason));
            }
        }

        ICaKey key = await authority.KeyAsync(ca.Keys, cancellation);
        return await CrlSigner.SignAsync(new CrlTemplate(authority.Certificate, number, now, BoundedTime.After(now, life), entries), key, cancellation);
    }

    // What the operator's list names was looked up one by one and is certain. The ledger's own list of revoked rows may
    // come from an index that shows a change a moment later (DynamoDB): alone it could keep a fresh revocation off the CRL.
    private async IAsyncEnumerable<CertificateRecord> RevokedAsync(
        IReadOnlyList<CertificateRecord> listed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var given = new HashSet<RowId>();
        foreach (CertificateRecord row in listed)
        {
            given.Add(new RowId(row.CommonName, row.SerialNumber));
            yield return row;
        }

        await foreach (CertificateRecord row in ca.Ledger.ListRevokedAsync(cancellation))
        {
            if (!given.Contains(new RowId(row.CommonName, row.SerialNumber)))
            {
                yield return row;
            }
        }
    }

    // An entry stays until it has been on one CRL issued after its certificate's expiry (RFC 5280 §3.3). One that was
    // revoked in the very second of the previous CRL may have come too late for it.
    private static bool BelongsOnCrl(CertificateRecord row, CertificateRevocation revoked, PublishedCrl? previous) =>
        previous is null || previous.ThisUpdate <= row.Expires || previous.ThisUpdate <= revoked.At;
}
