using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Sqlite;

// Additions. One write transaction first looks at what is there already, then stores everything that belongs to the new
// certificate.
public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
        connections.WriteAsync(connection => Add(file, connection, addition), cancellation);

    private static AddOutcome Add(LedgerFile file, SqliteConnection connection, CertificateAddition addition)
    {
        var row = RowId.Of(addition.Record);
        if (addition.Judge(FindFacts(file, connection, addition, row)) is { } outcome)
        {
            return outcome;
        }

        Store(connection, addition, row);
        return AddOutcome.Added;
    }

    private static AdditionFacts FindFacts(LedgerFile file, SqliteConnection connection, CertificateAddition addition, RowId row) => new(
        FindRow(file, connection, row),
        addition.Key is { } key ? FindKey(file, connection, key) : null,
        TokenUsed: addition.Token is { } token && Recall(file, connection, token.Token, token.At) is not null,
        HappenedBefore: addition.OnceId is { } once && IsReserved(connection, OnceId(once)),
        NameTaken: addition.OnlyIfNameIsNew && HasName(connection, row.CommonName));

    private static void Store(SqliteConnection connection, CertificateAddition addition, RowId row)
    {
        LedgerRow.Insert(connection, addition.Record);
        if (addition.Key is { } key)
        {
            ReserveKey(connection, key, KeyReservation.HeldBy(row));
        }

        if (addition.OnceId is { } once)
        {
            Reserve(connection, OnceId(once), row);
        }

        if (addition.Token is { } token)
        {
            ReserveToken(connection, token, row);
        }

        AddHistory(connection, addition.History);
        if (addition.Event is { } notification)
        {
            AddToOutbox(connection, notification, onceOnly: false);
        }
    }
}
