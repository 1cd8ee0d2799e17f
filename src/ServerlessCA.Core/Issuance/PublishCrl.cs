using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Publishes the CRL of one CA (SPEC section 4, 12.9, 12.21, 12.22): marks what the operator's list names, counts the
/// number up, signs, verifies, and puts it in place of the very CRL whose entries it has taken over.</summary>
public sealed class PublishCrl
{
    private const int MaxTries = 10; // others publish at the same moment: a few times a day each, so more is a fault

    private readonly Deployment ca;
    private readonly string caName;
    private readonly string listKey;
    private readonly TimeSpan life;
    private readonly RevokeListed revokeListed;
    private readonly Announcer announcer;

    private PublishCrl(Deployment ca, string caName, string listKey, TimeSpan life, bool tellRevoked)
    {
        this.ca = ca;
        this.caName = caName;
        this.listKey = listKey;
        this.life = life;
        revokeListed = new RevokeListed(ca, tellRevoked);
        announcer = new Announcer(ca.Ledger, ca.Notifier);
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
    /// <exception cref="FilesUnavailableException">Perhaps published in one of its forms: run again.</exception>
    public Task<CrlOutcome> RunAsync(CancellationToken cancellation) => RunAsync(inPlace: null, cancellation);

    /// <summary>Runs it once.</summary>
    /// <param name="inPlace">Told of the new CRL once it is published in both forms, even if what follows fails.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">Perhaps a number was used up: run again.</exception>
    /// <exception cref="CaKeyUnavailableException">Not signed: run again.</exception>
    /// <exception cref="FilesUnavailableException">Perhaps published in one of its forms: run again.</exception>
    public async Task<CrlOutcome> RunAsync(Action<CertificateRevocationList>? inPlace, CancellationToken cancellation)
    {
        CertificateAuthority? authority = await CertificateAuthority.FindAsync(ca.Ledger, caName, cancellation);
        if (authority is null)
        {
            return new CrlOutcome(CrlStatus.NoCa, null, 0, 0);
        }

        await new WarnOfCaExpiry(ca).RunAsync(authority, cancellation);
        var marks = new CrlMarks(ca.Ledger, authority);
        RevocationEntries list = await RevocationEntries.ReadAsync(ca.InternalFiles, listKey, cancellation);
        LastCrl last = await LastCrl.ReadAsync(ca, authority, cancellation);
        ListedRevocations listed = await revokeListed.RunAsync(authority, list, last.Next, last.Now, cancellation);
        CrlOutcome outcome = last.IsAhead
            ? Ahead(last, listed)
            : await PublishAsync(authority, marks, last, listed, inPlace, cancellation);
        outcome = outcome with { ListFault = list.FileFault };
        foreach (EntryFailure failure in outcome.Failures)
        {
            await announcer.TellAsync(RevocationMessages.Failed(failure), onceOnly: true, cancellation);
        }

        await marks.NoteEntriesAsync(outcome.Failures.Count > 0 || list.FileFault is not null, last.Now, cancellation);
        return outcome;
    }

    // What is on the CRL that relying parties have was carried out, whatever time it says.
    private CrlOutcome Ahead(LastCrl last, ListedRevocations listed)
    {
        CertificateRevocationList published = last.InPlace.Published!;
        string time = TableTime.Text(published.ThisUpdate);
        IEnumerable<EntryFailure> notThere = listed.Wanted.Where(wanted => !last.Next.TryFind(wanted.SerialNumber, out _) && !(wanted.Expires < last.Now)).Select(wanted => new EntryFailure(
            wanted.Entry.Place, $"it is not on the CRL, which cannot be replaced: {FileKey} is dated {time}, ahead of the clock"));
        return new CrlOutcome(CrlStatus.AheadInPlace, published.Number, published.EntryCount, listed.Newly)
        {
            Failures = [.. listed.Failures, .. notThere],
            Warnings = listed.Warnings,
            CrlFault = $"{FileKey} is dated {time}, ahead of the clock, and stays: set the clock right; "
                + $"if it is right, 'serverless-ca crl set-aside {caName}' moves the file aside and takes over its entries and number",
        };
    }

    private async Task<CrlOutcome> PublishAsync(
        CertificateAuthority authority, CrlMarks marks, LastCrl last, ListedRevocations listed,
        Action<CertificateRevocationList>? inPlace, CancellationToken cancellation)
    {
        var files = new CrlFiles(ca, authority);
        var nextCrl = new NextCrl(ca, authority, listed);
        bool isFirst = last.InPlace.NothingLeft && !await marks.HavePublishedAsync(cancellation);
        if (isFirst)
        {
            await marks.BeginAsync(last.Now, cancellation);
        }
        else if (last.InPlace.NothingLeft)
        {
            last = await LookAgainAsync(authority, marks, cancellation);
        }

        for (int tries = 0; tries < MaxTries; tries++)
        {
            CertificateRevocationList crl = await nextCrl.SignAsync(last, life, cancellation);
            if (await files.CopyAsync(crl, last.InPlace, cancellation))
            {
                if (isFirst || last.InPlace.Published is null)
                {
                    await marks.PublishAsync(last.Now, cancellation);
                }

                if (await files.PublishAsync(crl, last.InPlace, cancellation))
                {
                    inPlace?.Invoke(crl);
                    return (await DoneAsync(marks, last, listed, crl, cancellation)) with { LookUpFault = LookUpFaultOf(nextCrl) };
                }
            }

            // Somebody else was quicker: what they published is compared with, too.
            last = await LastCrl.ReadAsync(ca, authority, cancellation);
            if (last.IsAhead)
            {
                return Ahead(last, listed);
            }
        }

        throw new FilesUnavailableException($"{FileKey} was replaced by others {MaxTries} times while it was published: run again");
    }

    private static string? LookUpFaultOf(NextCrl made) => made.LookUpFault is { } why
        ? $"not all that is revoked could be looked up, so what the last CRL has stayed as it is: {why}"
        : null;

    // Another first run may have published since the files were read: its mark comes after its copy, which is there then. A
    // CRL that is gone is lost for good once another one is published: it is noted before that.
    private async Task<LastCrl> LookAgainAsync(CertificateAuthority authority, CrlMarks marks, CancellationToken cancellation)
    {
        LastCrl last = await LastCrl.ReadAsync(ca, authority, cancellation);
        if (last.InPlace.NothingLeft)
        {
            await marks.LoseAsync(last.Now, cancellation);
        }

        return last;
    }

    private async Task<CrlOutcome> DoneAsync(
        CrlMarks marks, LastCrl last, ListedRevocations listed, CertificateRevocationList crl, CancellationToken cancellation)
    {
        HashSet<SerialNumber> wanted = [.. listed.Wanted.Select(entry => entry.SerialNumber)];
        HashSet<SerialNumber> there = [.. last.Next.Entries.Select(entry => entry.SerialNumber).Where(wanted.Contains)];
        IEnumerable<EntryFailure> missing = listed.Wanted.Where(entry => !there.Contains(entry.SerialNumber) && !(entry.Expires < crl.ThisUpdate))
            .Select(entry => new EntryFailure(entry.Entry.Place, "it is not on the CRL: run again"));
        string? lost = await marks.LostSinceAsync(cancellation) is { } since
            ? $"{FileKey} and its copy were missing or damaged on {TableTime.Text(since)}: it was made anew from the ledger, and entries whose rows are gone are lost; "
                + $"'serverless-ca crl restore FILE' takes them over from an old one, 'serverless-ca crl accept {caName}' does without"
            : null;
        return new CrlOutcome(CrlStatus.Published, crl.Number, crl.EntryCount, listed.Newly)
        {
            Failures = [.. listed.Failures, .. missing],
            Warnings = [.. listed.Warnings, .. last.WarningsOf(FileKey), .. LeftWarnings(listed, there)],
            CrlFault = lost,
        };
    }

    private static IEnumerable<string> LeftWarnings(ListedRevocations listed, HashSet<SerialNumber> there) => listed.Wanted
        .Where(entry => entry.Entry.IsUnrecorded && !there.Contains(entry.SerialNumber))
        .Select(entry => $"{entry.Entry.Place}: it expired on {TableTime.Text(entry.Expires!.Value)}, the list says: the CRL does not have it any more");
}
