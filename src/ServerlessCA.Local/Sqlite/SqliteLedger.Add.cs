using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Sqlite;

/// <summary>One addition, inside a write transaction: first what is there already, then everything it stores.</summary>
internal static class Addition
{
    public static AddOutcome Store(LedgerFile file, SqliteConnection connection, CertificateAddition addition)
    {
        var row = RowId.Of(addition.Record);
        if (addition.Judge(Find(file, connection, addition, row)) is { } outcome)
        {
            return outcome;
        }

        Store(connection, addition, row);
        return AddOutcome.Added;
    }

    private static AdditionFacts Find(LedgerFile file, SqliteConnection connection, CertificateAddition addition, RowId row) => new(
        CertificateRows.Find(file, connection, row),
        addition.Key is { } key ? KeyReservations.Find(file, connection, key) : null,
        TokenUsed: addition.Token is { } token && Reservations.Recall(file, connection, token.Token, token.At) is not null,
        HappenedBefore: addition.OnceId is { } once && Reservations.Exists(connection, Reservations.OnceId(once)),
        NameTaken: addition.OnlyIfNameIsNew && CertificateRows.HasName(connection, row.CommonName));

    private static void Store(SqliteConnection connection, CertificateAddition addition, RowId row)
    {
        LedgerRow.Insert(connection, addition.Record);
        if (addition.Key is { } key)
        {
            KeyReservations.Put(connection, key, KeyReservation.HeldBy(row));
        }

        if (addition.OnceId is { } once)
        {
            Reservations.Put(connection, Reservations.OnceId(once), row);
        }

        if (addition.Token is { } token)
        {
            Reservations.PutToken(connection, token, row);
        }

        if (addition.Event is { } notification)
        {
            OutboxTable.Keep(connection, notification, onceOnly: false);
        }
    }
}
