namespace ServerlessCA.Core.Pipeline;

/// <summary>What became of one element of <c>tls.json</c>. Immutable.</summary>
public sealed record EntryResult
{
    /// <summary>Its place in the file, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>Its common name, as far as it can be read.</summary>
    public required string CommonName { get; init; }

    /// <summary>In one word.</summary>
    public required EntryStatus Status { get; init; }

    /// <summary>Decimal serial number of the certificate that was issued, now or before.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>UTC: when it expires.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it was refused or failed, or why what was issued before is of no use (contract 12.23).</summary>
    public string? Message { get; init; }

    /// <summary>What was left out of the certificate.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What became of an element.</summary>
public enum EntryStatus
{
    /// <summary>A certificate was issued.</summary>
    Issued,

    /// <summary>It had been issued before.</summary>
    AlreadyIssued,

    /// <summary>Refused: somebody has to change the entry or the CSR.</summary>
    Refused,

    /// <summary>A fault: the next run may succeed.</summary>
    Failed,
}
