namespace ServerlessCA.Core.Records;

/// <summary>Holds what a row of the table says without its certificate, which is nine tenths of the row: what lists need, and
/// what the ledgers' indexes of expiries can return. Immutable.</summary>
public sealed record CertificateLine
{
    /// <summary>Gets the common name, as in <see cref="CertificateRecord.CommonName"/>.</summary>
    public required string CommonName { get; init; }

    /// <summary>Gets the serial number, unique under its common name.</summary>
    public required SerialNumber SerialNumber { get; init; }

    /// <summary>Gets the start of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>Gets the end of validity, UTC, whole seconds.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Gets the revocation; null while the certificate is not revoked.</summary>
    public CertificateRevocation? Revoked { get; init; }

    /// <summary>Says whether the row is that of a CA.</summary>
    public bool IsCa { get; init; }

    /// <summary>Gets the authority key identifier in hex; null for CAs, and for rows of the original until they are
    /// migrated.</summary>
    public string? IssuerKeyId { get; init; }

    /// <summary>Gets how the certificate was requested; null for CAs and where nobody has noted it.</summary>
    public IssueSource? Source { get; init; }

    /// <summary>Returns the line of a whole row.</summary>
    public static CertificateLine Of(CertificateRecord record) => new()
    {
        CommonName = record.CommonName,
        SerialNumber = record.SerialNumber,
        Issued = record.Issued,
        Expires = record.Expires,
        Revoked = record.Revoked,
        IsCa = record.IsCa,
        IssuerKeyId = record.IssuerKeyId,
        Source = record.Source,
    };
}

/// <summary>Says how a certificate was requested.</summary>
public enum IssueSource
{
    /// <summary>By an entry of <c>tls.json</c>.</summary>
    GitOps,

    /// <summary>By a request of its own: to the function, to a served CA, or by the command line.</summary>
    Direct,
}

/// <summary>Writes and reads sources as the table and the command line name them.</summary>
public static class IssueSources
{
    private static readonly (IssueSource Source, string Name)[] Known = [(IssueSource.GitOps, "gitops"), (IssueSource.Direct, "direct")];

    /// <summary>Gets the names, for help texts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>Returns the name of a source.</summary>
    public static string Name(IssueSource source) => Known.Single(known => known.Source == source).Name;

    /// <summary>Returns the source of a name; null for another text, as of a later version. Case counts.</summary>
    public static IssueSource? OfName(string? name) => Array.Find(Known, known => known.Name == name) is { Name: not null } found ? found.Source : null;
}
