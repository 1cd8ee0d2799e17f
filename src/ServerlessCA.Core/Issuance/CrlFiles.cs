using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Reads and writes the CRL of one CA where it is stored (contract 12.21): published as <c>.crl</c> in DER and
/// <c>.crl.pem</c>, and before that as a copy in the internal store. An older CRL never replaces a newer one.</summary>
internal sealed class CrlFiles(Deployment ca, CertificateAuthority authority)
{
    /// <summary>Limits how often a run tries to replace a file.</summary>
    public const int MaxTries = 10; // others may publish at the same moment, a few times a day each: more is a fault

    private const string Folder = "crl/";

    private readonly CrlReader reader = new(authority.Certificate.PublicKey!);

    private string DerKey => CaNames.CrlFile(authority.Name);

    private string PemKey => CaNames.CrlPemFile(authority.Name);

    private string CopyKey => CopyKeyOf(authority.Name);

    /// <summary>Returns the name of the copy in the internal store, DER.</summary>
    public static string CopyKeyOf(string caName) => $"{Folder}{CaNames.CrlFile(caName)}";

    /// <summary>Makes the exception that is thrown after <see cref="MaxTries"/>.</summary>
    public static FilesUnavailableException ReplacedTooOften(string key) =>
        new($"{key} was replaced by others {MaxTries} times while it was published: run again");

    /// <summary>Reads the CRLs that are there. A file that is no CRL of this CA's key counts as none.</summary>
    public async Task<CrlsInPlace> ReadAsync(CancellationToken cancellation)
    {
        Task<StoredFile?> readCopy = ca.CrlCopies.ReadAsync(CopyKey, cancellation);
        StoredFile? der = await ca.PublishedFiles.ReadAsync(DerKey, cancellation);
        StoredFile? copy = await readCopy;
        CertificateRevocationList? published = OfDer(der) ?? OfPem(await ca.PublishedFiles.ReadAsync(PemKey, cancellation));
        return new CrlsInPlace(published, der, OfDer(copy), copy);
    }

    /// <summary>Writes the copy, which comes before the published file.</summary>
    /// <param name="crl">A CRL that this CA's key signed, verified.</param>
    /// <param name="read">The files that it replaces.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when another copy is there than the one that was read.</returns>
    public Task<bool> CopyAsync(CertificateRevocationList crl, CrlsInPlace read, CancellationToken cancellation)
    {
        reader.Remember(crl);
        return ca.CrlCopies.PublishAsync(new PublishedFile(CopyKey, MediaTypes.Crl, crl.Der), read.CopyFile?.Version, cancellation);
    }

    /// <summary>Publishes a CRL in both forms.</summary>
    /// <returns>False when another CRL is there than the one that was read: then nothing was changed.</returns>
    public async Task<bool> PublishAsync(CertificateRevocationList crl, CrlsInPlace read, CancellationToken cancellation)
    {
        if (!await ca.PublishedFiles.PublishAsync(new PublishedFile(DerKey, MediaTypes.Crl, crl.Der), read.PublishedFile?.Version, cancellation))
        {
            return false;
        }

        await PublishPemAsync(new PublishedFile(PemKey, MediaTypes.PemFile, crl.Pem()), crl.Number!.Value, cancellation);
        return true;
    }

    /// <summary>Stores a file in the internal store that has to give way.</summary>
    /// <param name="name">Such as <c>set-aside-41</c>.</param>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The key of the stored file.</returns>
    public async Task<string> StoreAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        string key = $"{Folder}{authority.Name}.{name}.crl";
        await ca.CrlCopies.PublishAsync(new PublishedFile(key, MediaTypes.Crl, content), IPublishedFiles.AnyVersion, cancellation);
        return key;
    }

    /// <summary>Reads a CRL of this CA's key, in DER or PEM; null when it is none.</summary>
    public CertificateRevocationList? Read(ReadOnlyMemory<byte> content) => reader.Read(content);

    /// <summary>Reads a CRL of this CA's key, in DER; null when it is none.</summary>
    public CertificateRevocationList? ReadDer(ReadOnlyMemory<byte> der) => reader.ReadDer(der);

    // Another run that replaced the DER meanwhile writes its own PEM.
    private async Task PublishPemAsync(PublishedFile file, long number, CancellationToken cancellation)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            StoredFile? present = await ca.PublishedFiles.ReadAsync(file.Key, cancellation);
            if (OfPem(present)?.Number >= number || await ca.PublishedFiles.PublishAsync(file, present?.Version, cancellation))
            {
                return;
            }
        }

        throw ReplacedTooOften(file.Key);
    }

    private CertificateRevocationList? OfDer(StoredFile? file) => file is null ? null : reader.ReadDer(file.Content);

    private CertificateRevocationList? OfPem(StoredFile? file) => file is null ? null : reader.ReadPem(file.Content);
}

/// <summary>Holds the CRLs of one key as they were read. Immutable.</summary>
/// <param name="Published">What relying parties have, in one of its forms; null when it is missing or damaged.</param>
/// <param name="PublishedFile">The file in DER, whatever it holds: the one that a new CRL replaces.</param>
/// <param name="Copy">The copy in the internal store; null when it is missing or damaged.</param>
/// <param name="CopyFile">The file of the copy, whatever it holds.</param>
internal sealed record CrlsInPlace(
    CertificateRevocationList? Published, StoredFile? PublishedFile, CertificateRevocationList? Copy, StoredFile? CopyFile)
{
    /// <summary>Says whether nothing is left of what was published.</summary>
    public bool NothingLeft => Published is null && Copy is null;

    /// <summary>Gets the highest number that was used; 0 when there is none.</summary>
    public long Number => Math.Max(Published?.Number ?? 0, Copy?.Number ?? 0);
}

/// <summary>Is the last CRL that a CA's key signed, as far as it can be trusted (contract 12.21), and the start of the next
/// one.</summary>
internal sealed class LastCrl
{
    private LastCrl(CrlsInPlace inPlace, bool isAhead, bool isSetAside, DateTimeOffset now)
    {
        InPlace = inPlace;
        IsAhead = isAhead;
        IsSetAside = isSetAside;
        Now = now;
        bool dated = inPlace.Published is not null && !isAhead && !isSetAside;
        CertificateRevocationList?[] others = dated ? [inPlace.Copy] : [inPlace.Published, inPlace.Copy];
        Next = new CrlMerge(dated ? inPlace.Published : null, others.OfType<CertificateRevocationList>(), now);
    }

    /// <summary>Gets the CRLs that were read.</summary>
    public CrlsInPlace InPlace { get; }

    /// <summary>Says whether the published CRL is dated ahead of the clock, and nobody has set it aside.</summary>
    public bool IsAhead { get; }

    /// <summary>Says whether the published CRL is dated ahead of the clock and was set aside.</summary>
    public bool IsSetAside { get; }

    /// <summary>Gets the time when it was read, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Gets what the next CRL begins with; it is for one use.</summary>
    public CrlMerge Next { get; }

    /// <summary>Reads the last CRL.</summary>
    /// <param name="files">Where the CRLs are stored.</param>
    /// <param name="marks">Whether the published one was set aside.</param>
    /// <param name="clock">Gives the current time.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<LastCrl> ReadAsync(CrlFiles files, CrlMarks marks, TimeProvider clock, CancellationToken cancellation)
    {
        CrlsInPlace inPlace = await files.ReadAsync(cancellation);
        DateTimeOffset now = clock.GetUtcNow();
        bool ahead = inPlace.Published is { } published && CrlRenewal.AgeOf(published, now) == CrlAge.Ahead;
        bool setAside = ahead && await marks.SetAsideAsync(cancellation) == inPlace.Published!.ThisUpdate;
        return new LastCrl(inPlace, ahead && !setAside, setAside, now);
    }

    /// <summary>Finds the entry of a certificate on it.</summary>
    public bool TryFind(SerialNumber serialNumber, out CrlEntry entry) => Next.TryFind(serialNumber, out entry);

    /// <summary>Lists what somebody should know of the files that it was read from.</summary>
    /// <param name="fileKey">The name of the published file.</param>
    public IEnumerable<string> WarningsOf(string fileKey)
    {
        if (InPlace.Published is null && InPlace.Copy is not null)
        {
            yield return $"{fileKey} was {(InPlace.PublishedFile is null ? "missing" : "damaged, or of another key")}: "
                + "its entries were taken over from the copy in the internal store";
        }
        else if (InPlace.Published is { } published && InPlace.PublishedFile?.Content.Span.SequenceEqual(published.Der.Span) != true)
        {
            yield return $"{fileKey} was {(InPlace.PublishedFile is null ? "missing" : "damaged")}: its entries were taken over from {fileKey}.pem";
        }

        if (IsSetAside)
        {
            yield return $"{fileKey} was dated {TableTime.Text(InPlace.Published!.ThisUpdate)}, ahead of the clock: it was set aside and replaced, and its entries taken over";
        }
    }
}
