using System.Globalization;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.History;

/// <summary>Is something that happened to a certificate, to a request or to a CRL, as the ledger remembers it for operators
/// (our decision). Immutable.</summary>
public sealed record HistoryEntry
{
    private const int MaxName = 256; // characters; our decision: a longer name was refused, and is no name to search for
    private const int MaxActor = 200; // characters; our decision: names of certificates have 64, request ids 36

    private static readonly TimeSpan Life = TimeSpan.FromDays(400); // our decision: a year, and a month to look back from its end
    private static readonly TimeSpan RefusalLife = TimeSpan.FromDays(30); // our decision: anybody can cause refusals

    /// <summary>Gets what tells it from all other entries: the same happening has the same id, however often it is
    /// stored.</summary>
    public required string Id { get; init; }

    /// <summary>Says what happened.</summary>
    public required HistoryKind Kind { get; init; }

    /// <summary>Gets when, UTC, in whole seconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets the name of the certificate, or that of the CA of a CRL; null where a refused request has none.</summary>
    public string? CommonName { get; init; }

    /// <summary>Gets the number of the certificate; null for refusals and CRLs.</summary>
    public SerialNumber? SerialNumber { get; init; }

    /// <summary>Gets the name of the CA that signed; null where none did, or the row alone does not say.</summary>
    public string? Ca { get; init; }

    /// <summary>Says more: why it was refused or revoked, which CRL it was.</summary>
    public string Details { get; init; } = "";

    /// <summary>Says who did it (<see cref="Core.History.Actor.Name"/>); null when the host does not know.</summary>
    public string? By { get; init; }

    /// <summary>Says whether it was read from the certificate's row, as nothing was noted when it happened.</summary>
    public bool IsFromRow { get; init; }

    /// <summary>Gets the moment from which on a ledger may forget it: after 400 days, for refusals after 30.</summary>
    public DateTimeOffset KeptUntil => BoundedTime.After(At, Kind == HistoryKind.Refused ? RefusalLife : Life);

    /// <summary>Makes the entry of a certificate that is stored.</summary>
    /// <param name="record">The certificate's row.</param>
    /// <param name="ca">The CA that signed it; null: not known.</param>
    /// <param name="at">UTC: when. A certificate begins some minutes before.</param>
    /// <param name="actor">Who requested it.</param>
    public static HistoryEntry Issued(CertificateRecord record, string? ca, DateTimeOffset at, Actor? actor) =>
        Of(HistoryKind.Issued, RowId.Of(record), at, "", actor) with { Ca = ca, Details = $"expires {TableTime.Text(record.Expires)}" };

    /// <summary>Makes the entry of a row that is marked as revoked, or gets a graver reason.</summary>
    public static HistoryEntry Revoked(RowId row, CertificateRevocation revocation, Actor? actor)
    {
        string reason = RevocationReasons.Name(revocation.Reason);
        return Of(HistoryKind.Revoked, row, revocation.At, $"{reason} ", actor) with { Details = reason };
    }

    /// <summary>Makes the entry of a reminder of expiry.</summary>
    public static HistoryEntry Reminded(CertificateRecord record, DateTimeOffset at, Actor? actor) =>
        Of(HistoryKind.Reminded, RowId.Of(record), at, $"{TableTime.Text(at)} ", actor) with { Details = $"expires {TableTime.Text(record.Expires)}" };

    /// <summary>Makes the entry of a published CRL.</summary>
    public static HistoryEntry Published(string ca, long number, int entries, DateTimeOffset at, Actor? actor) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{HistoryKinds.Name(HistoryKind.Crl)} {number} {ca}"),
        Kind = HistoryKind.Crl,
        At = TableTime.WholeSeconds(at),
        CommonName = ca,
        Ca = ca,
        Details = string.Create(CultureInfo.InvariantCulture, $"CRL {number}, {entries} revoked"),
        By = actor?.Text(MaxActor),
    };

    /// <summary>Makes the entry of a refused request. A caller has at most one in each minute of the clock; an entry of
    /// <c>tls.json</c> that is refused every night for the same reason has one as long as that is remembered.</summary>
    /// <param name="commonName">The requested name; null: none, or not known.</param>
    /// <param name="why">The reason.</param>
    /// <param name="repeatedAs">Identifies a refusal that comes again every night; null for others.</param>
    /// <param name="at">UTC: when it was refused.</param>
    /// <param name="actor">Who requested it.</param>
    public static HistoryEntry Refused(string? commonName, Rejection why, string? repeatedAs, DateTimeOffset at, Actor? actor) => new()
    {
        Id = $"{HistoryKinds.Name(HistoryKind.Refused)} {repeatedAs ?? $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {actor?.Limited}"}",
        Kind = HistoryKind.Refused,
        At = TableTime.WholeSeconds(at),
        CommonName = commonName is { Length: > 0 and <= MaxName } ? commonName : null,
        Details = $"{RejectionCodes.NameOf(why.Code)}: {Excerpt.Of(why.Message)}",
        By = actor?.Text(MaxActor),
    };

    private static HistoryEntry Of(HistoryKind kind, RowId row, DateTimeOffset at, string repeat, Actor? actor) => new()
    {
        Id = $"{HistoryKinds.Name(kind)} {repeat}{row.SerialNumber} {row.CommonName}",
        Kind = kind,
        At = TableTime.WholeSeconds(at),
        CommonName = row.CommonName,
        SerialNumber = row.SerialNumber,
        By = actor?.Text(MaxActor),
    };
}

/// <summary>Names what a history tells of.</summary>
public enum HistoryKind
{
    /// <summary>A certificate was issued, or a CA created.</summary>
    Issued,

    /// <summary>A request was refused.</summary>
    Refused,

    /// <summary>A reminder of a certificate's expiry was sent.</summary>
    Reminded,

    /// <summary>A certificate was revoked, or its revocation got a graver reason.</summary>
    Revoked,

    /// <summary>A CRL was published.</summary>
    Crl,
}

/// <summary>Maps the kinds to their names in ledgers and reports, and back.</summary>
public static class HistoryKinds
{
    private static readonly string[] Names = ["issued", "refused", "reminded", "revoked", "crl"];

    /// <summary>Returns the name, such as <c>issued</c>.</summary>
    public static string Name(HistoryKind kind) => Names[(int)kind];

    /// <summary>Finds the kind of a name; null when it is unknown, such as one of a later version.</summary>
    public static HistoryKind? Find(string? name) => Array.IndexOf(Names, name) is >= 0 and var place ? (HistoryKind)place : null;
}

/// <summary>Says who does something, as far as the host knows it: for the history alone, rights do not depend on it.
/// Immutable.</summary>
/// <param name="Name">Such as <c>local:alice</c>, <c>run local:alice</c>, <c>serve token ci</c>, <c>serve schedule</c>,
/// <c>request ID</c> (of an invocation, to look up in CloudTrail); no secret.</param>
public sealed record Actor(string Name)
{
    /// <summary>Gets the caller whose refusals are limited; by default the name. A host whose names differ for every call, such as
    /// request ids, has one text for all of them.</summary>
    public string Limited { get; init; } = Name;

    /// <summary>Returns the name, cut to a length.</summary>
    internal string Text(int maxLength) => Excerpt.OfAtMost(Name, maxLength);
}

/// <summary>Says which entries of the history are wanted; the newest come first. Immutable.</summary>
/// <param name="Limit">The most entries; 1 or more.</param>
public sealed record HistoryQuery(int Limit)
{
    /// <summary>Gets the name whose history is wanted; it matches exactly. Null: the whole CA's.</summary>
    public string? CommonName { get; init; }

    /// <summary>Gets the certificate among those of the name; null: all of them, and refused requests.</summary>
    public SerialNumber? SerialNumber { get; init; }

    /// <summary>Gets the first moment that is wanted, UTC.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Says whether an entry is wanted, apart from the limit.</summary>
    public bool Takes(HistoryEntry entry) =>
        (CommonName is null || entry.CommonName == CommonName) && (SerialNumber is null || entry.SerialNumber == SerialNumber) && entry.At >= Since;
}
