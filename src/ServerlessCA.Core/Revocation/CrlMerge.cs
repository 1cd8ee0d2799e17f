using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Puts the next CRL together from the last one and from rows, so that it forgets nothing (contract 12.21): what was on
/// the last one stays with its date, a graver reason replaces the one that it has, and only a row can show that an entry may
/// go. Kept flat: a million entries cost 49 MB.</summary>
internal sealed class CrlMerge
{
    private readonly DateTimeOffset now;
    private readonly CertificateRevocationList? published;
    private readonly DateTimeOffset notBefore;
    private readonly List<CrlEntry> entries; // first those kept, by serial number, then those that are new
    private readonly Flags[] kept;

    /// <summary>Begins with what was signed last.</summary>
    /// <param name="published">The CRL that relying parties have; null when there is none, or none of a time that can be
    /// believed. Only what it shows lets an entry go.</param>
    /// <param name="others">More that the key signed and whose entries stay: the copy, a file that was set aside.</param>
    /// <param name="now">UTC.</param>
    public CrlMerge(CertificateRevocationList? published, IEnumerable<CertificateRevocationList> others, DateTimeOffset now)
    {
        this.published = published;
        this.now = TableTime.WholeSeconds(now);
        CertificateRevocationList[] more = [.. others.Where(other => published is null || !other.Der.Span.SequenceEqual(published.Der.Span))];
        notBefore = more.Append(published).Max(crl => crl is not null && crl.ThisUpdate <= this.now ? crl.ThisUpdate : DateTimeOffset.MinValue);
        entries = new List<CrlEntry>((published?.EntryCount ?? 0) + more.Sum(crl => crl.EntryCount));
        kept = Sorted(published, more);
    }

    /// <summary>What stands on the next CRL so far; in no order.</summary>
    public IReadOnlyList<CrlEntry> Entries => Array.Exists(kept, flags => (flags & Flags.Gone) != 0)
        ? [.. entries.Where((_, index) => !IsGone(index))]
        : entries;

    /// <summary>The latest of now − 5 minutes, the newest date on it, and the time of the CRL that it replaces (contract 12.28).
    /// Never later than now.</summary>
    public DateTimeOffset ThisUpdate => Entries.Select(entry => entry.RevokedAt).Append(notBefore).Append(Backdating.Of(now)).Max();

    /// <summary>Serial numbers of the last CRL that no row has spoken for.</summary>
    public IReadOnlyList<SerialNumber> WithoutRow =>
        [.. Enumerable.Range(0, kept.Length).Where(index => (kept[index] & Flags.Spoken) == 0).Select(index => entries[index].SerialNumber)];

    /// <summary>The entry that the last CRL has of a certificate.</summary>
    public bool TryFind(SerialNumber serialNumber, out CrlEntry entry)
    {
        int index = IndexOf(serialNumber);
        entry = index >= 0 ? entries[index] : default;
        return index >= 0;
    }

    /// <summary>Takes in what a row says.</summary>
    /// <param name="serialNumber">Of a certificate that this key signed.</param>
    /// <param name="revocation">Since when, and why.</param>
    /// <param name="expires">When the certificate expires; null when nobody knows: then it stays.</param>
    /// <returns>What is known now: the first date and the gravest reason.</returns>
    public CertificateRevocation Add(SerialNumber serialNumber, CertificateRevocation revocation, DateTimeOffset? expires)
    {
        int index = IndexOf(serialNumber);
        if (index < 0)
        {
            // A clock that was ahead may have left dates that are still to come.
            CertificateRevocation exact = revocation with { At = revocation.At < now ? TableTime.WholeSeconds(revocation.At) : now };
            if (!HasLeft(revocation.At, expires))
            {
                entries.Add(new CrlEntry(serialNumber, exact.At, exact.Reason));
            }

            return exact;
        }

        CrlEntry entry = entries[index];
        if (RevocationReasons.IsGraver(revocation.Reason, entry.Reason))
        {
            entries[index] = entry = entry with { Reason = revocation.Reason };
        }

        bool mayGo = HasLeft(revocation.At, expires) && (kept[index] & Flags.Published) != 0;
        bool othersAgree = (kept[index] & (Flags.Spoken | Flags.Gone)) != Flags.Spoken;
        kept[index] = (kept[index] & Flags.Published) | Flags.Spoken | (mayGo && othersAgree ? Flags.Gone : Flags.None);
        return new CertificateRevocation(entry.RevokedAt, entry.Reason);
    }

    /// <summary>Takes in what a list says of a certificate that no row has.</summary>
    /// <param name="serialNumber">Of the certificate.</param>
    /// <param name="reason">Why.</param>
    /// <param name="expires">When the certificate expires, if the list says so: then it leaves as others do. One that is not
    /// there and has expired before the last CRL has left, as nobody remembers more of it.</param>
    public void AddRowless(SerialNumber serialNumber, RevocationReason reason, DateTimeOffset? expires)
    {
        bool known = TryFind(serialNumber, out CrlEntry entry);
        if (known || !(expires < published?.ThisUpdate))
        {
            Add(serialNumber, new CertificateRevocation(known ? entry.RevokedAt : now, reason), expires);
        }
    }

    /// <summary>Takes an entry away: its row shows that another key issued it.</summary>
    public void Drop(SerialNumber serialNumber)
    {
        int index = IndexOf(serialNumber);
        if (index >= 0)
        {
            kept[index] |= Flags.Spoken | Flags.Gone;
        }
    }

    // An entry leaves once it has been on one CRL issued after its certificate's expiry (RFC 5280 §3.3, contract 12.9). What is
    // not on the published one although it was revoked before that was made has left already. A date in the very second of
    // that may have come too late for it: it stays until that second is past. One that is still to come says nothing.
    private bool HasLeft(DateTimeOffset revokedAt, DateTimeOffset? expires) =>
        expires is { } end && published?.ThisUpdate > end && (published.ThisUpdate > revokedAt || revokedAt > now);

    private bool IsGone(int index) => index < kept.Length && (kept[index] & Flags.Gone) != 0;

    private int IndexOf(SerialNumber serialNumber)
    {
        (int low, int high) = (0, kept.Length - 1);
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            int order = entries[middle].SerialNumber.CompareTo(serialNumber);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private Flags[] Sorted(CertificateRevocationList? first, CertificateRevocationList[] more)
    {
        var flags = new List<Flags>(entries.Capacity);
        foreach (CertificateRevocationList crl in more.Prepend(first).OfType<CertificateRevocationList>())
        {
            foreach (CrlEntry entry in crl.Entries())
            {
                entries.Add(entry with { RevokedAt = entry.RevokedAt < now ? entry.RevokedAt : now });
                flags.Add(crl == first ? Flags.Published : Flags.None);
            }
        }

        // What this CA wrote is in order, and one CRL is all there is on an ordinary day.
        bool inOrder = Enumerable.Range(1, Math.Max(entries.Count - 1, 0)).All(index => entries[index - 1].SerialNumber < entries[index].SerialNumber);
        return inOrder ? [.. flags] : Union(flags);
    }

    private Flags[] Union(List<Flags> flags)
    {
        CrlEntry[] all = [.. entries];
        Flags[] ofAll = [.. flags];
        Array.Sort(all, ofAll, Comparer<CrlEntry>.Create((left, right) => left.SerialNumber.CompareTo(right.SerialNumber)));
        entries.Clear();
        flags.Clear();
        for (int index = 0; index < all.Length; index++)
        {
            if (entries.Count == 0 || entries[^1].SerialNumber != all[index].SerialNumber)
            {
                entries.Add(all[index]);
                flags.Add(ofAll[index]);
                continue;
            }

            CrlEntry there = entries[^1];
            entries[^1] = there with
            {
                RevokedAt = all[index].RevokedAt < there.RevokedAt ? all[index].RevokedAt : there.RevokedAt,
                Reason = RevocationReasons.IsGraver(all[index].Reason, there.Reason) ? all[index].Reason : there.Reason,
            };
            flags[^1] |= ofAll[index];
        }

        return [.. flags];
    }

    [Flags]
    private enum Flags : byte
    {
        /// <summary>On the copy alone, and no row has spoken for it.</summary>
        None = 0,

        /// <summary>On the published CRL.</summary>
        Published = 1,

        /// <summary>A row has spoken for it.</summary>
        Spoken = 2,

        /// <summary>It goes.</summary>
        Gone = 4,
    }
}
