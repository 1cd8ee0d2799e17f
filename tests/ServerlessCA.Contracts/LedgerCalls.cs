using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Contracts;

/// <summary>Calls a ledger without a history, which most tests do not need.</summary>
public static class LedgerCalls
{
    public static Task<RevokeOutcome> RevokeAsync(
        this ICertificateLedger ledger, RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification,
        CancellationToken cancellation) => ledger.RevokeAsync(row, revocation, key, notification, history: null, cancellation);

    public static Task<bool> AddReminderAsync(
        this ICertificateLedger ledger, RowId row, DateTimeOffset at, int expectedCount, Notification notification, CancellationToken cancellation) =>
        ledger.AddReminderAsync(row, at, expectedCount, notification, history: null, cancellation);
}
