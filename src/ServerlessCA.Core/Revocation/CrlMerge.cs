using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Builds the next CRL from the last one and from rows, so that it forgets nothing (contract 12.21): every entry of the
/// last one stays with its date, a graver reason replaces the old one, and only a row can show that an entry may leave. The
/// entries are stored flat: a million cost 49 MB.</summary>
internal sealed class CrlMerge
{
    private readonly DateTimeOffset now;
    private readonly CertificateRevocationList? published;
    private readonly DateTimeOffset notBefore;
    private readonly List<CrlEntry> entries; // first those of the last CRLs, by serial number, then new ones
    private readonly Flags[] flagsOfLast;

    /// <summary>Begins with the CRLs that were signed last.</summary>
    /// <param name="published">The CRL that relying parties have; null when there is none, or its date cannot be trusted. Only
    /// this CRL can show that an entry may leave.</param>
    /// <param name="others">Other CRLs of the key, whose entries stay: the copy, a file that was set aside.</param>
    /// <param name="now">The current time, UTC.</param>
    public CrlMerge(CertificateRevocationList? published, IEnumerable<CertificateRevocationList> others, DateTimeOffset now)
    {
        this.published = published;
        this.now = TableTime.WholeSeconds(now);
        CertificateRevocationList[] more = [.. others.Where(other => published is null || !other.Der.Span.SequenceEqual(published.Der.Span))];
        notBefore = more.Append(published).Max(crl => crl is not null && crl.ThisUpdate <= this.now ? crl.ThisUpdate : DateTimeOffset.MinValue);
        entries = new List<CrlEntry>((published?.EntryCount ?? 0) + more.Sum(crl => crl.EntryCount));
        flagsOfLast = Sorted(published, more);
    }

    /// <summary>Lists the entries of the next CRL so far; in no order.</summary>
    public IReadOnlyList<CrlEntry> Entries => Array.Exists(flagsOfLast, flags => (flags & Flags.Gone) != 0)
        ? [.. entries.Where((_, index) => !IsGone(index))]
        : entries;

    /// <summary>Gets the date of the next CRL: the latest of now − 5 minutes, the newest date on it, and the date of the CRL that
    /// it replaces (contract 12.28). Never later than now.</summary>
    public DateTimeOffset ThisUpdate => Entries.Select(entry => entry.RevokedAt).Append(notBefore).Append(Backdating.Of(now)).Max();

    /// <summary>Lists the serial numbers of the last CRL for which no row was added.</summary>
    public IReadOnlyList<SerialNumber> WithoutRow =>
        [.. Enumerable.Range(0, flagsOfLast.Length).Where(index => (flagsOfLast[index] & Flags.HasRow) == 0).Select(index => entries[index].SerialNumber)];

    /// <summary>Finds the entry of a certificate on the last CRL.</summary>
    public bool TryFind(SerialNumber serialNumber, out CrlEntry entry)
    {
        int index = IndexOf(serialNumber);
        entry = index >= 0 ? entries[index] : default;
        return index >= 0;
    }

    /// <summary>Adds what a row says.</summary>
    /// <param name="serialNumber">The number of a certificate that this key signed.</param>
    /// <param name="revocation">Since when, and why.</param>
    /// <param name="expires">When the certificate expires; null when it is not known: then the entry stays.</param>
    /// <returns>What is known now: the first date and the gravest reason.</returns>
    public CertificateRevocation Add(SerialNumber serialNumber, CertificateRevocation revocation, DateTimeOffset? expires)
    {
        int index = IndexOf(serialNumber);
        if (index < 0)
        {
            // A clock that was ahead may have left dates in the future.
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

        bool mayGo = HasLeft(revocation.At, expires) && (flagsOfLast[index] & Flags.Published) != 0;
        bool othersAgree = (flagsOfLast[index] & (Flags.HasRow | Flags.Gone)) != Flags.HasRow;
        flagsOfLast[index] = (flagsOfLast[index] & Flags.Published) | Flags.HasRow | (mayGo && othersAgree ? Flags.Gone : Flags.None);
        return new CertificateRevocation(entry.RevokedAt, entry.Reason);
    }

    /// <summary>Adds what a list says of a certificate that has no row.</summary>
    /// <param name="serialNumber">The certificate's number.</param>
    /// <param name="reason">The list's reason.</param>
    /// <param name="expires">When the certificate expires, if the list says so: then its entry leaves as others do. One that is
    /// not on the last CRL and expired before that has left, as nothing else remembers it.</param>
    public void AddRowless(SerialNumber serialNumber, RevocationReason reason, DateTimeOffset? expires)
    {
        bool known = TryFind(serialNumber, out CrlEntry entry);
        if (known || !(expires < published?.ThisUpdate))
        {
            Add(serialNumber, new CertificateRevocation(known ? entry.RevokedAt : now, reason), expires);
        }
    }

    /// <summary>Removes an entry: its row shows that another key issued it.</summary>
    public void Drop(SerialNumber serialNumber)
    {
        int index = IndexOf(serialNumber);
        if (index >= 0)
        {
            flagsOfLast[index] |= Flags.HasRow | Flags.Gone;
        }
    }

    // An entry leaves once it has been on one CRL issued after its certificate's expiry (RFC 5280 §3.3, contract 12.9). An entry that is
    // not on the published CRL, although it was revoked before that was made, has left already. If it was revoked in the very second of
    // that CRL, it may have come too late for it, and stays until that second is past. A date in the future proves nothing.
    private bool HasLeft(DateTimeOffset revokedAt, DateTimeOffset? expires) =>
        expires is { } end && published?.ThisUpdate > end && (published.ThisUpdate > revokedAt || revokedAt > now);

    private bool IsGone(int index) => index < flagsOfLast.Length && (flagsOfLast[index] & Flags.Gone) != 0;

    private int IndexOf(SerialNumber serialNumber)
    {
        (int low, int high) = (0, flagsOfLast.Length - 1);
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

        // What this CA wrote is in order, and on an ordinary day there is one CRL only.
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
                RevokedAt = DateOf(there, flags[^1], all[index], ofAll[index]),
                Reason = RevocationReasons.IsGraver(all[index].Reason, there.Reason) ? all[index].Reason : there.Reason,
            };
            flags[^1] |= ofAll[index];
        }

        return [.. flags];
    }

    // Relying parties have seen the date that is published. A copy that nobody published may be of a clock that was wrong.
    private static DateTimeOffset DateOf(CrlEntry one, Flags ofOne, CrlEntry other, Flags ofOther) =>
        (ofOne & Flags.Published) != 0 ? one.RevokedAt
        : (ofOther & Flags.Published) != 0 || other.RevokedAt < one.RevokedAt ? other.RevokedAt
        : one.RevokedAt;

    [Flags]
    private enum Flags : byte
    {
        /// <summary>The entry is on the copy only, and no row was added for it.</summary>
        None = 0,

        /// <summary>The entry is on the published CRL.</summary>
        Published = 1,

        /// <summary>A row was added for the entry.</summary>
        HasRow = 2,

        /// <summary>The entry leaves.</summary>
        Gone = 4,
    }
}
