using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>Whether a key may be certified, given what it was used for. Immutable.</summary>
/// <param name="Why">Why not; null when it may.</param>
internal sealed record KeyDecision(Rejection? Why)
{
    /// <summary>Whose reservation is taken over; null: the key has none.</summary>
    public RowId? TakeOverFrom { get; private init; }

    /// <summary>What the answer warns of; null: nothing.</summary>
    public string? Warning { get; private init; }

    /// <summary>The pipeline meets every old CSR every day, and that is no news.</summary>
    public static Rejection AlreadyIssued { get; } = new(RejectionCode.AlreadyIssued, null, "Certificate already issued");

    /// <summary>The refusal of a used key.</summary>
    public static Rejection KeyUsed { get; } = new(RejectionCode.KeyUsed, null, "Private key has already been used for a certificate");

    /// <summary>The refusal of a key that is no secret any more, forced or not (contract 12.20).</summary>
    public static Rejection KeyCompromised { get; } = new(RejectionCode.KeyCompromised, null, "Key has been reported as compromised");

    /// <summary>Decides for a request.</summary>
    public static KeyDecision Of(IssueFacts facts) =>
        facts.IsEntry && !facts.IsForced && facts.Reuse.UsedForName ? OfEntry(facts.Cas, facts.Reuse, facts.Now)
        : facts.WasForced ? new KeyDecision(AlreadyIssued with { Existing = facts.Reuse.Newest })
        : facts.Reuse.IsCompromised ? new KeyDecision(KeyCompromised)
        : facts.Reuse.Used && !facts.IsForced ? new KeyDecision(KeyUsed)
        : new KeyDecision(Why: null);

    /// <summary>The refusal of a key whose private key anybody can find (contract 12.27); null when it is none. Takes
    /// milliseconds.</summary>
    public static Rejection? WhyWeak(RequestedContents requested) => requested.Csr!.PublicKey.WhyNotCertified() is { } why
        ? new Rejection(RejectionCode.CsrNotAccepted, RequestReview.FieldOfCsr(requested.Request), why)
        : null;

    // A GitOps entry comes again every night: what it asked for is there, or was there (contract 12.23).
    private static KeyDecision OfEntry(Hierarchy cas, KeyReuse reuse, DateTimeOffset now)
    {
        if (!reuse.Rows.All(cas.HasLost))
        {
            return new KeyDecision(AlreadyIssued with { Existing = reuse.Rows.FirstOrDefault(row => !cas.HasLost(row)) ?? reuse.Newest });
        }

        if (reuse.Lost is { } lost)
        {
            return OfLostRow(reuse, lost); // the last certificate of this key, whatever rows of earlier ones there are
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

/// <summary>What a key was used for before: by its reservation, under any common name, and by the rows of the common name
/// that was asked for, since the original wrote rows without a reservation (contract 12.3). Immutable.</summary>
/// <param name="CommonName">The name that was asked for.</param>
/// <param name="Reservation">Null: nobody reserved it.</param>
/// <param name="Rows">Of this name with this key, the newest first.</param>
/// <param name="Holder">The row that the reservation stands for; null: it is gone, or there is no reservation.</param>
internal sealed record KeyReuse(
    string CommonName, KeyReservation? Reservation, IReadOnlyList<CertificateRecord> Rows, CertificateRecord? Holder)
{
    /// <summary>Under any name.</summary>
    public bool Used => Reservation is not null || Rows.Count > 0;

    /// <summary>Under the common name that was asked for.</summary>
    public bool UsedForName => Reservation?.Holder.CommonName == CommonName || Rows.Count > 0;

    /// <summary>The newest certificate of the name with this key, else that of the reservation; null: its row is gone.</summary>
    public CertificateRecord? Newest => Rows.Count > 0 ? Rows[0] : Holder;

    /// <summary>Some certificate with this key was revoked because the key is no secret any more (contract 12.20). Reservations
    /// of before remember nothing: their rows tell.</summary>
    public bool IsCompromised => Reservation is { Compromised: true } || IsReported(Holder) || Rows.Any(IsReported);

    /// <summary>The reservation, if it stands for a certificate of the common name that was asked for whose row is gone.</summary>
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
            // The rows were read before another request was done, the reservation after: nothing is lost.
            rows.Add(holder);
        }

        return new KeyReuse(commonName, reservation, [.. rows.OrderByDescending(row => row.Issued)], holder);
    }

    /// <summary>Whether a certificate was revoked, by its row or, where that was lost and restored, by the reservation.</summary>
    public bool WasRevoked(CertificateRecord row) => row.Revoked is not null
        || (Reservation is { HolderRevoked: true } reservation && reservation.Holder == RowId.Of(row));

    private static bool IsReported(CertificateRecord? row) => row?.Revoked is { } revoked && RevocationReasons.IsCompromise(revoked.Reason);

    // A row that cannot be read has no key to compare: it must not stop new certificates.
    public static KeyHash? KeyOf(CertificateRecord row) => row.PublicKeyHash
        ?? (row.Certificate is { } certificate ? KeyHash.Of(certificate.SubjectPublicKeyInfo.Span) : null);

    // One RSA modulus is one key, whatever the exponent: its rows have to be looked into (contract 12.27).
    private static bool IsOf(CertificateRecord row, PublicKey key) =>
        KeyOf(row) == key.Hash || (key.Reservation.Former is not null && ReservedKey.Of(row)?.Hash == key.Reservation.Hash);
}
