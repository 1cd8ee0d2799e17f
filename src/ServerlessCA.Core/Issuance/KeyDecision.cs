using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Decides whether a key may be certified, given what it was used for. Immutable.</summary>
/// <param name="Why">The refusal; null when it may.</param>
internal sealed record KeyDecision(Rejection? Why)
{
    /// <summary>Gets the row whose reservation is taken over; null: the key has none.</summary>
    public RowId? TakeOverFrom { get; private init; }

    /// <summary>Gets the warning of the answer; null: there is none.</summary>
    public string? Warning { get; private init; }

    /// <summary>Refuses an entry that has its certificate: a run meets every old CSR every day, and nobody is notified.</summary>
    public static Rejection AlreadyIssued { get; } = new(RejectionCode.AlreadyIssued, null, "Certificate already issued");

    /// <summary>Refuses a used key.</summary>
    public static Rejection KeyUsed { get; } = new(RejectionCode.KeyUsed, null, "Private key has already been used for a certificate");

    /// <summary>Refuses a key that others know, forced or not (contract 12.20).</summary>
    public static Rejection KeyCompromised { get; } = new(RejectionCode.KeyCompromised, null, "Key has been reported as compromised");

    /// <summary>Decides about the key of a request.</summary>
    public static KeyDecision Of(IssueFacts facts) =>
        facts.IsEntry && !facts.IsForced && facts.Reuse.UsedForName ? OfEntry(facts.Cas, facts.Reuse, facts.Now)
        : facts.WasForced ? new KeyDecision(AlreadyIssued with { Existing = facts.Reuse.Newest })
        : facts.Reuse.IsCompromised ? new KeyDecision(KeyCompromised)
        : facts.Reuse.Used && !facts.IsForced ? new KeyDecision(KeyUsed)
        : new KeyDecision(Why: null);

    /// <summary>Returns the refusal of a key whose private key anybody can compute (contract 12.27); null when it is none. Takes
    /// milliseconds.</summary>
    public static Rejection? WhyWeak(RequestedContents requested) => requested.Csr!.PublicKey.WhyNotCertified() is { } why
        ? new Rejection(RejectionCode.CsrNotAccepted, RequestReview.FieldOfCsr(requested.Request), why)
        : null;

    // A GitOps entry comes again every night: its certificate exists, or existed (contract 12.23).
    private static KeyDecision OfEntry(Hierarchy cas, KeyReuse reuse, DateTimeOffset now)
    {
        if (!reuse.Rows.All(cas.HasLost))
        {
            return new KeyDecision(AlreadyIssued with { Existing = reuse.Rows.FirstOrDefault(row => !cas.HasLost(row)) ?? reuse.Newest });
        }

        if (reuse.Lost is { } lost)
        {
            return OfLostRow(reuse, lost); // the row of the last certificate is gone, whatever rows of earlier ones exist
        }

        CertificateRecord newest = reuse.Rows[0];
        return reuse.IsCompromised || reuse.WasRevoked(newest) ? Stays($"its certificate, serial number {newest.SerialNumber}, is of a CA that is gone, and was revoked: a new key gets a new certificate", newest)
            : newest.Expires < now ? Stays($"its certificate, serial number {newest.SerialNumber}, is of a CA that is gone, and has expired: a new key gets a new certificate", newest)
            : new KeyDecision(Why: null) { TakeOverFrom = reuse.Reservation?.Holder };
    }

    private static KeyDecision OfLostRow(KeyReuse reuse, KeyReservation reservation)
    {
        SerialNumber lost = reservation.Holder.SerialNumber;
        return reuse.IsCompromised ? new KeyDecision(KeyCompromised)
            : reservation.HolderRevoked ? Stays($"the row of its certificate, serial number {lost}, is gone, and it was revoked: a new key gets a new certificate")
            : new KeyDecision(Why: null)
            {
                TakeOverFrom = reservation.Holder,
                Warning = $"the row of an earlier certificate, serial number {lost}, is gone; that certificate may still be valid: "
                    + "to revoke it, add its serial_number to revoked.json with \"unrecorded\": true",
            };
    }

    private static KeyDecision Stays(string why, CertificateRecord? existing = null) =>
        new(AlreadyIssued with { Remark = why, Existing = existing });
}

/// <summary>Says what a key was used for before: by its reservation, under any common name, and by the rows of the requested
/// common name, since the original wrote rows without a reservation (contract 12.3). Immutable.</summary>
/// <param name="CommonName">The name that the request has.</param>
/// <param name="Reservation">Null: the key was never reserved.</param>
/// <param name="Rows">Rows of this name with this key, the newest first.</param>
/// <param name="Holder">The row that the reservation names; null: it is gone, or there is no reservation.</param>
internal sealed record KeyReuse(
    string CommonName, KeyReservation? Reservation, IReadOnlyList<CertificateRecord> Rows, CertificateRecord? Holder)
{
    /// <summary>Says whether it was used under any name.</summary>
    public bool Used => Reservation is not null || Rows.Count > 0;

    /// <summary>Says whether it was used under the requested common name.</summary>
    public bool UsedForName => Reservation?.Holder.CommonName == CommonName || Rows.Count > 0;

    /// <summary>Gets the newest certificate of the name with this key, else that of the reservation; null: its row is
    /// gone.</summary>
    public CertificateRecord? Newest => Rows.Count > 0 ? Rows[0] : Holder;

    /// <summary>Says whether a certificate with this key was revoked because others know the key (contract 12.20). Old
    /// reservations do not remember this: then the rows decide.</summary>
    public bool IsCompromised => Reservation is { Compromised: true } || IsReported(Holder) || Rows.Any(IsReported);

    /// <summary>Gets the reservation, if it names a certificate of the requested common name whose row is gone.</summary>
    public KeyReservation? Lost => Holder is null && Reservation?.Holder.CommonName == CommonName ? Reservation : null;

    public static async Task<KeyReuse> FindAsync(
        ICertificateLedger ledger, string commonName, PublicKey key, CancellationToken cancellation)
    {
        Task<KeyReservation?> reserving = ledger.FindKeyAsync(key.Reservation, cancellation);
        Task<IReadOnlyList<CertificateRecord>> naming = ledger.FindByNameAsync(commonName, cancellation);
        await Task.WhenAll(reserving, naming);

        KeyReservation? reservation = await reserving;
        List<CertificateRecord> rows = [.. (await naming).Where(row => IsOf(row, key))];
        CertificateRecord? holder = reservation is null ? null
            : rows.Find(row => row.CommonName == reservation.Holder.CommonName && row.SerialNumber == reservation.Holder.SerialNumber)
                ?? await ledger.FindAsync(reservation.Holder.CommonName, reservation.Holder.SerialNumber, cancellation);
        if (holder?.CommonName == commonName && !rows.Contains(holder))
        {
            // The rows were read before another request ended, the reservation after it: no row is lost.
            rows.Add(holder);
        }

        return new KeyReuse(commonName, reservation, [.. rows.OrderByDescending(row => row.Issued)], holder);
    }

    /// <summary>Says whether a certificate was revoked, by its row or, where that was lost and restored, by the
    /// reservation.</summary>
    public bool WasRevoked(CertificateRecord row) => row.Revoked is not null
        || (Reservation is { HolderRevoked: true } reservation && reservation.Holder == RowId.Of(row));

    private static bool IsReported(CertificateRecord? row) => row?.Revoked is { } revoked && RevocationReasons.IsCompromise(revoked.Reason);

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (row.Certificate is { } certificate ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);

    // One RSA modulus is one key, whatever the exponent: its rows have to be decoded (contract 12.27).
    private static bool IsOf(CertificateRecord row, PublicKey key) =>
        KeyOf(row) == key.Hash || (key.Reservation.Former is not null && ReservedKey.Of(row)?.Hash == key.Reservation.Hash);
}
