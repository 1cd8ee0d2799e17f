using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>One addition, inside a write transaction: first everything that may refuse it, then everything it stores.</summary>
internal static class Addition
{
    public static AddOutcome Store(LedgerFile file, SqliteConnection connection, CertificateAddition addition)
    {
        CertificateRecord record = addition.Record;
        var row = new RowId(record.CommonName, record.SerialNumber);
        CertificateRecord? stored = CertificateRows.Find(file, connection, row);
        if (stored is not null && IsRepeat(stored, record))
        {
            return AddOutcome.Added;
        }

        AddOutcome outcome = Refuse(file, connection, addition, serialTaken: stored is not null);
        if (outcome == AddOutcome.Added)
        {
            Store(connection, addition, row);
        }

        return outcome;
    }

    // The certificate itself: what may have happened to the row since (revoked, reminded) does not count.
    private static bool IsRepeat(CertificateRecord stored, CertificateRecord added) =>
        stored.CertificatePem == added.CertificatePem
        && stored.Issued == TableTime.WholeSeconds(added.Issued)
        && stored.Expires == TableTime.WholeSeconds(added.Expires);

    // The token first: a repeated request is to be answered with its certificate, not with "key used".
    private static AddOutcome Refuse(
        LedgerFile file, SqliteConnection connection, CertificateAddition addition, bool serialTaken) =>
        addition.Token is { } token && Reservations.Recall(file, connection, token.Token, token.At) is not null
            ? AddOutcome.TokenUsed
        : addition.OnceId is { } once && Reservations.Exists(connection, Reservations.OnceId(once))
            ? AddOutcome.OnceOnly
        : addition.Key is { } key && addition.WhyNotKey(KeyReservations.Find(file, connection, key)) is { } keyRefused
            ? keyRefused
        : addition.OnlyIfNameIsNew && CertificateRows.HasName(connection, addition.Record.CommonName)
            ? AddOutcome.NameTaken
        : serialTaken ? AddOutcome.SerialTaken
        : AddOutcome.Added;

    private static void Store(SqliteConnection connection, CertificateAddition addition, RowId row)
    {
        LedgerRow.Insert(connection, addition.Record);
        if (addition.Key is { } key)
        {
            KeyReservations.Put(connection, key, new KeyReservation(row, HolderRevoked: false, Compromised: false));
        }

        if (addition.OnceId is { } once)
        {
            Reservations.Put(connection, Reservations.OnceId(once), row);
        }

        if (addition.Token is { } token)
        {
            Reservations.PutToken(connection, token, row);
        }

        if (addition.Event is { } toTell)
        {
            KeptEvents.Keep(connection, toTell, onceOnly: false);
        }
    }
}
