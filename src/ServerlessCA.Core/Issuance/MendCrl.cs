using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Carries out what an operator decides about a CRL that is lost or dated ahead of the clock (contract 12.21, 12.22). It
/// signs nothing: the next run publishes what follows from it, so it needs no CA key.</summary>
public sealed class MendCrl
{
    private readonly Deployment ca;
    private readonly CertificateAuthority authority;
    private readonly CrlFiles files;
    private readonly CrlMarks marks;

    private MendCrl(Deployment ca, CertificateAuthority authority)
    {
        this.ca = ca;
        this.authority = authority;
        files = new CrlFiles(ca, authority);
        marks = new CrlMarks(ca.Ledger, authority);
    }

    /// <summary>Gets the CA's name.</summary>
    public string CaName => authority.Name;

    /// <summary>Returns one for each CA of the deployment that exists, the root first.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    public static async Task<IReadOnlyList<MendCrl>> OfAllAsync(Deployment ca, CancellationToken cancellation)
    {
        var found = new List<MendCrl>();
        foreach (string name in (string[])[ca.Settings.Names.RootCa, ca.Settings.Names.IssuingCa])
        {
            found.AddRange(await CertificateAuthority.FindAsync(ca.Ledger, name, cancellation) is { } authority ? [new MendCrl(ca, authority)] : []);
        }

        return found;
    }

    /// <summary>Says whether a file is a CRL of this CA's key, in DER or PEM.</summary>
    public bool Signed(ReadOnlyMemory<byte> file) => files.Read(file) is not null;

    /// <summary>Lets the next CRL take over the entries and the number of an old one.</summary>
    /// <param name="file">A CRL for which <see cref="Signed"/> is true.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">The file is no CRL of this CA.</exception>
    /// <exception cref="LedgerUnavailableException">Part of it may be done: repeat it.</exception>
    /// <exception cref="FilesUnavailableException">Part of it may be done: repeat it.</exception>
    public async Task<RestoredCrl> RestoreAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        CertificateRevocationList old = files.Read(file) ?? throw new ArgumentException($"not a CRL of {CaName}", nameof(file));
        CrlsInPlace inPlace = await files.ReadAsync(cancellation);
        if (inPlace.Copy is { } copy && !Covers([inPlace.Published, old], copy))
        {
            return new RestoredCrl(RestoreStatus.CopyHasMore, old.Number!.Value, old.EntryCount);
        }

        if (inPlace.Number > old.Number && Covers([inPlace.Published, inPlace.Copy], old))
        {
            // After a loss the operator says with the old CRL that there is no more to take over.
            RestoreStatus status = await marks.AcceptAsync(ca.Clock.GetUtcNow(), cancellation) ? RestoreStatus.Restored : RestoreStatus.InPlaceIsNewer;
            return new RestoredCrl(status, old.Number!.Value, old.EntryCount);
        }

        if (inPlace.CopyFile is { } damaged && inPlace.Copy is null)
        {
            await files.StoreAsync($"damaged-{StampOf(ca.Clock.GetUtcNow())}", damaged.Content, cancellation);
        }

        if (!await files.CopyAsync(old, inPlace, cancellation))
        {
            throw new FilesUnavailableException($"{CrlFiles.CopyKeyOf(CaName)} was replaced by a run meanwhile: try again");
        }

        await marks.AcceptAsync(ca.Clock.GetUtcNow(), cancellation);
        return new RestoredCrl(RestoreStatus.Restored, old.Number!.Value, old.EntryCount);
    }

    /// <summary>Accepts that the entries of a lost CRL are gone.</summary>
    /// <returns>False when nothing was lost, or the loss is accepted already.</returns>
    /// <exception cref="LedgerUnavailableException">It may be done: repeating is safe.</exception>
    public Task<bool> AcceptAsync(CancellationToken cancellation) => marks.AcceptAsync(ca.Clock.GetUtcNow(), cancellation);

    /// <summary>Moves a published CRL that is dated ahead of the clock out of the way: it is stored in the internal store, and
    /// the next CRL replaces it and takes over its entries and number.</summary>
    /// <returns>Where it is stored and its date; null when the published CRL is not dated ahead of the clock.</returns>
    /// <exception cref="LedgerUnavailableException">It may be done: repeating is safe.</exception>
    /// <exception cref="FilesUnavailableException">Part of it may be done: repeat it.</exception>
    public async Task<SetAsideCrl?> SetAsideAsync(CancellationToken cancellation)
    {
        if ((await files.ReadAsync(cancellation)).Published is not { } published || CrlRenewal.AgeOf(published, ca.Clock.GetUtcNow()) != CrlAge.Ahead)
        {
            return null;
        }

        string key = await files.StoreAsync($"set-aside-{published.Number}", published.Der, cancellation);
        await marks.SetAsideAsync(published.ThisUpdate, cancellation);
        return new SetAsideCrl(key, published.Number!.Value, published.ThisUpdate, published.EntryCount);
    }

    private static bool Covers(IEnumerable<CertificateRevocationList?> crls, CertificateRevocationList other)
    {
        HashSet<SerialNumber> there = [.. crls.OfType<CertificateRevocationList>().SelectMany(crl => crl.Entries()).Select(entry => entry.SerialNumber)];
        return other.Entries().All(entry => there.Contains(entry.SerialNumber));
    }

    private static string StampOf(DateTimeOffset now) => TableTime.Text(now).Replace(' ', '-').Replace(":", "", StringComparison.Ordinal);
}

/// <summary>Says what became of an old CRL. Immutable.</summary>
/// <param name="Status">What was done.</param>
/// <param name="Number">The old CRL's number.</param>
/// <param name="EntryCount">How many certificates it lists.</param>
public sealed record RestoredCrl(RestoreStatus Status, long Number, int EntryCount);

/// <summary>Says what became of an old CRL.</summary>
public enum RestoreStatus
{
    /// <summary>The next CRL takes it over.</summary>
    Restored,

    /// <summary>Nothing was changed: the copy in the internal store has entries that neither the published CRL nor this one has.
    /// A run publishes them first.</summary>
    CopyHasMore,

    /// <summary>Nothing was changed: the CRL in place is newer and has all that this one has.</summary>
    InPlaceIsNewer,
}

/// <summary>Is a CRL that was set aside. Immutable.</summary>
/// <param name="Key">Its key in the internal store.</param>
/// <param name="Number">The CRL's number.</param>
/// <param name="ThisUpdate">The CRL's date, UTC.</param>
/// <param name="EntryCount">How many certificates it lists.</param>
public sealed record SetAsideCrl(string Key, long Number, DateTimeOffset ThisUpdate, int EntryCount);
