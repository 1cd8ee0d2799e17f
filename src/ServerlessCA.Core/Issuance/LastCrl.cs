using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>The last CRL that a CA's key signed, as far as it can be believed (contract 12.21), and the start of the next one.</summary>
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

    /// <summary>What was found.</summary>
    public CrlsInPlace InPlace { get; }

    /// <summary>The published one is dated ahead of the clock, and nobody has set it aside.</summary>
    public bool IsAhead { get; }

    /// <summary>It is dated ahead of the clock and was set aside.</summary>
    public bool IsSetAside { get; }

    /// <summary>UTC: when it was read.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>What the next one begins with; to be worked on once.</summary>
    public CrlMerge Next { get; }

    /// <summary>Reads it.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="marks">Whether it was set aside.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<LastCrl> ReadAsync(CrlFiles files, CrlMarks marks, TimeProvider clock, CancellationToken cancellation)
    {
        CrlsInPlace inPlace = await files.ReadAsync(cancellation);
        DateTimeOffset now = clock.GetUtcNow();
        bool ahead = inPlace.Published is { } published && CrlRenewal.AgeOf(published, now) == CrlAge.Ahead;
        bool setAside = ahead && await marks.SetAsideAsync(cancellation) == inPlace.Published!.ThisUpdate;
        return new LastCrl(inPlace, ahead && !setAside, setAside, now);
    }

    /// <summary>The entry that it has of a certificate.</summary>
    public bool TryFind(SerialNumber serialNumber, out CrlEntry entry) => Next.TryFind(serialNumber, out entry);

    /// <summary>What somebody should know of the files it was read from.</summary>
    /// <param name="fileKey">The name of the published one.</param>
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
