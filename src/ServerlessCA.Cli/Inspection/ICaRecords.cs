using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Inspection;

/// <summary>The port to what a CA has on record, wherever it is: in a folder, on AWS, behind HTTP.</summary>
internal interface ICaRecords
{
    /// <summary>Lists certificates.</summary>
    /// <param name="wanted">Which ones, how sorted, and how many.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFault">There is no such issuer.</exception>
    Task<InventoryList> ListAsync(WantedList wanted, CancellationToken cancellation);

    /// <summary>Finds the certificates of a common name, the newest first; if it has none, those of a serial number that the text
    /// may be.</summary>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<CertificateRecord>> FindByNameOrSerialAsync(string text, CancellationToken cancellation);

    /// <summary>Finds the certificates of a serial number, whatever their names.</summary>
    Task<IReadOnlyList<CertificateRecord>> FindBySerialAsync(SerialReading serial, CancellationToken cancellation);

    /// <summary>Finds the certificate of a common name and a serial number; null when there is none.</summary>
    Task<CertificateRecord?> FindAsync(string commonName, SerialReading serial, CancellationToken cancellation);

    /// <summary>Returns the certificates of the CAs above a certificate that was found here, from the one that signed it up to the
    /// root; empty for a root.</summary>
    Task<IReadOnlyList<Certificate>> IssuersOfAsync(CertificateRecord record, CancellationToken cancellation);

    /// <summary>Finds what happened to a certificate, under a name, or in the whole CA.</summary>
    /// <param name="text">A common name, or a serial number; null: the whole CA.</param>
    /// <param name="since">The first moment that is wanted, UTC; null: all of a name, 30 days of the whole CA.</param>
    /// <param name="limit">The most entries; 1 or more.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<FoundHistory> HistoryAsync(string? text, DateTimeOffset? since, int limit, CancellationToken cancellation);

    /// <summary>Returns the names of the CA's deployment.</summary>
    Task<CaNames> NamesAsync(CancellationToken cancellation);
}

/// <summary>What <c>list</c> is to show, in the words of its options, which have been checked. Immutable.</summary>
internal sealed record WantedList
{
    /// <summary>A part of the common name; null: any.</summary>
    public string? Name { get; init; }

    /// <summary>The time within which it expires, such as <c>30d</c>; null: any.</summary>
    public string? ExpiresWithin { get; init; }

    /// <summary>Whether those are shown that are neither expired nor revoked; the three add up, and none stands for all.</summary>
    public bool Valid { get; init; }

    /// <summary>Whether expired ones are shown.</summary>
    public bool Expired { get; init; }

    /// <summary>Whether revoked ones are shown.</summary>
    public bool Revoked { get; init; }

    /// <summary>A subject alternative name, perhaps with stars; null: any.</summary>
    public string? AlternativeName { get; init; }

    /// <summary>A usage; null: any.</summary>
    public string? Purpose { get; init; }

    /// <summary>The CA that signed; null: any.</summary>
    public string? Issuer { get; init; }

    /// <summary>How it was requested; null: any way.</summary>
    public string? Source { get; init; }

    /// <summary>The order, one of <see cref="InventoryWords.Sorts"/>.</summary>
    public string Sort { get; init; } = InventoryWords.Sorts[0];

    /// <summary>The most lines; null: all.</summary>
    public int? Limit { get; init; }
}
