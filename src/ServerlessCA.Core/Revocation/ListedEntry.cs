using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>One readable element of <c>revoked.json</c> or <c>revoked-root-ca.json</c> (contract 12.22). Immutable.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="CommonName">As it is written; null without one: the serial number alone counts.</param>
/// <param name="Serial">Of the certificate to revoke.</param>
/// <param name="Reason">Unspecified when none is given.</param>
public sealed record ListedEntry(EntryPlace Place, string? CommonName, SerialReading Serial, RevocationReason Reason)
{
    /// <summary>Goes onto the CRL although no row has it.</summary>
    public bool IsUnrecorded { get; init; }

    /// <summary>Of an unrecorded certificate: when it expires, as the list says; null: it stays on the CRL for good.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What is wrong with the entry although its certificate can be revoked; null when nothing is.</summary>
    public string? Fault { get; init; }
}

/// <summary>Where an element of a list stands and what it says, for messages. Immutable.</summary>
/// <param name="File">The list.</param>
/// <param name="Position">From 1.</param>
/// <param name="CommonName">As it is written, cut to a length for messages; empty without one.</param>
/// <param name="SerialNumber">As it is written, cut to a length for messages; empty without one.</param>
/// <param name="Hash">Hex SHA-256 of its canonical JSON: the same entry at another place has the same.</param>
public sealed record EntryPlace(string File, int Position, string CommonName, string SerialNumber, string Hash)
{
    /// <summary>Such as <c>revoked.json, entry 2 ('name', serial number 4660)</c>.</summary>
    public override string ToString()
    {
        string name = CommonName.Length > 0 ? $"'{CommonName}'" : "";
        string serial = SerialNumber.Length > 0 ? $"serial number {SerialNumber}" : "";
        string says = string.Join(", ", ((string[])[name, serial]).Where(part => part.Length > 0));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}, entry {Position}{(says.Length > 0 ? $" ({says})" : "")}");
    }
}

/// <summary>An element of a list that was not carried out (contract 12.22). Immutable.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Reason">Why, and what to do; the same on every run, so that it is told once.</param>
public sealed record EntryFailure(EntryPlace Place, string Reason)
{
    /// <summary>Place and reason.</summary>
    public override string ToString() => $"{Place}: {Reason}";
}
