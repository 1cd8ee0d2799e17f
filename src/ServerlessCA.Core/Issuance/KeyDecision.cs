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

    /// <summary>Decides for a request.</summary>
    /// <param name="attempt">The request, and the CAs that there are.</param>
    /// <param name="reuse">What the key was used for.</param>
    /// <param name="now">UTC.</param>
    public static KeyDecision Of(IssueAttempt attempt, KeyReuse reuse, DateTimeOffset now) =>
        attempt.Request.NamesCsrFile && !attempt.IsForced && reuse.UsedForName ? OfEntry(attempt.Cas, reuse, now)
        : attempt.WasForced ? new KeyDecision(IssueAttempt.AlreadyIssued with { Existing = reuse.Newest })
        : reuse.IsCompromised ? new KeyDecision(IssueAttempt.KeyCompromised)
        : reuse.Used && !attempt.IsForced ? new KeyDecision(IssueAttempt.KeyUsed)
        : new KeyDecision(Why: null);

    // A GitOps entry comes again every night: what it asked for is there, or was there (SPEC 12.23).
    private static KeyDecision OfEntry(Hierarchy cas, KeyReuse reuse, DateTimeOffset now)
    {
        if (!reuse.Rows.All(cas.HasLost))
        {
            return new KeyDecision(IssueAttempt.AlreadyIssued with { Existing = reuse.Rows.FirstOrDefault(row => !cas.HasLost(row)) ?? reuse.Newest });
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
        return reuse.IsCompromised ? new KeyDecision(IssueAttempt.KeyCompromised)
            : reservation.HolderRevoked ? Stays($"the row of its certificate, serial number {lost}, is gone, and it was revoked: a new key gets a new certificate")
            : new KeyDecision(Why: null)
            {
                TakeOverFrom = reservation.Holder,
                Warning = $"the row of an earlier certificate, serial number {lost}, is gone; that certificate may still be valid: "
                    + "to revoke it, add its serial_number to revoked.json with \"unrecorded\": true",
            };
    }

    private static KeyDecision Stays(string why, CertificateRecord? existing = null) =>
        new(IssueAttempt.AlreadyIssued with { Remark = why, Existing = existing });
}
