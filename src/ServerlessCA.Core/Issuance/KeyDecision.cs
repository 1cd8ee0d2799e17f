using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

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
