using System.Numerics;
using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The one request for a certificate (contract section 5), whoever makes it: <see cref="RequestReader"/> from JSON, a
/// command from its options, a protocol from its messages. Not yet believed: whether a CA grants it, its settings, the CSR and
/// the ledger say. Immutable. A new field stands here, in <see cref="RequestReader"/> and <see cref="RequestWriter"/>, and
/// where <see cref="Certificates.EndEntityCertificate"/> or the decision heeds it.</summary>
public sealed record CertificateRequest
{
    /// <summary>Days, where a request names none (contract section 5).</summary>
    public const int DefaultLifetime = 30;

    private const string DefaultPurpose = "client_auth"; // contract section 5

    /// <summary>Subject CN; null: that of the CSR counts (contract 12.25).</summary>
    public string? CommonName { get; init; }

    /// <summary>The other attributes of the subject, by request key; those that are missing are taken from the CSR.</summary>
    public IReadOnlyDictionary<string, string> Subject { get; init; } = new Dictionary<string, string>();

    /// <summary>Days; null: <see cref="DefaultLifetime"/>. The CA cuts it to its maximum.</summary>
    public BigInteger? Lifetime { get; init; }

    /// <summary>Words such as <c>server_auth</c>, once each; none: client_auth.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [];

    /// <summary>Beside the purposes: names such as <c>CODE_SIGNING</c>, or dotted OIDs.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [];

    /// <summary>Alternative names; null: none are given, and the common name stands in. Empty: what was given is no name.</summary>
    public IReadOnlyList<GeneralName>? Sans { get; init; }

    /// <summary>Custom extensions.</summary>
    public IReadOnlyList<RequestedExtension> Extensions { get; init; } = [];

    /// <summary>The CSR, or where it is; null: there is none.</summary>
    public CsrSource? Csr { get; init; }

    /// <summary>Allow a key that was used before.</summary>
    public bool ForceIssue { get; init; }

    /// <summary>Answer the certificate together with the chain.</summary>
    public bool CertBundle { get; init; }

    /// <summary>Answer the chain only.</summary>
    public bool CaChainOnly { get; init; }

    /// <summary>Remind of the expiry; null: as for GitOps.</summary>
    public bool? NotifyExpiry { get; init; }

    /// <summary>Announce the issue; null: as for GitOps.</summary>
    public bool? NotifyIssued { get; init; }

    /// <summary>The same token answers the same certificate (contract 12.13).</summary>
    public string? IdempotencyToken { get; init; }

    /// <summary>What whoever sent it may ask for; no part of its JSON.</summary>
    public CallerRights Rights { get; init; } = CallerRights.Everything;

    /// <summary>The file below <c>csrs/</c> that has the CSR: the request comes from a GitOps folder; null: it does not.</summary>
    public string? CsrFile => (Csr as CsrSource.File)?.Name;

    /// <summary>What the request itself says for an attribute of the subject; null: nothing.</summary>
    public string? ValueOf(SubjectAttribute attribute) =>
        attribute.RequestKey == RequestKeys.CommonName ? CommonName : Subject.GetValueOrDefault(attribute.RequestKey);

    /// <summary>The purposes, the default one included.</summary>
    public IReadOnlyList<string> AllPurposes => Purposes.Count > 0 ? Purposes : [DefaultPurpose];

    /// <summary>OIDs of all extended key usages, once each, purposes first; never empty.</summary>
    public IReadOnlyList<string> Usages =>
    [
        .. AllPurposes.Select(ExtendedKeyUsage.OfPurpose).Concat(ExtendedKeyUsages.Select(ExtendedKeyUsage.OidOf))
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether the certificate is one for servers.</summary>
    public bool IsForServers => Usages.Contains(ExtendedKeyUsage.ServerAuth);

    /// <summary>The alternative names of a certificate: those that are given, or the common name where it stands in.</summary>
    /// <param name="commonName">Of the certificate; null: not known.</param>
    /// <param name="singleLabels">Whether a name of one label may stand in for a server.</param>
    public IReadOnlyList<GeneralName> SansFor(string? commonName, bool singleLabels) =>
        Sans ?? SanReader.Default(commonName, singleLabels && IsForServers);

    /// <summary>The keys of its JSON that have no effect (contract 12.24).</summary>
    public IReadOnlyList<RequestKeyFault> KeyFaults { get; internal init; } = [];

    /// <summary>What of its JSON is refused before anything else is looked at.</summary>
    internal IReadOnlyList<Rejection> Faults { get; init; } = [];

    /// <summary>What of its JSON was left out (contract 12.8, 12.24).</summary>
    internal Warnings Warnings { get; init; } = new();

    /// <summary>The JSON that it was read from, and how it was read; null: it was made otherwise.</summary>
    internal RequestOrigin? Origin { get; init; }
}

/// <summary>Where a request came from as JSON. Immutable.</summary>
/// <param name="Json">The object; all of its texts are well-formed Unicode.</param>
/// <param name="AsRead">The request as it was read.</param>
internal sealed record RequestOrigin(JsonElement Json, CertificateRequest AsRead);

/// <summary>The CSR of a request: a closed set of cases. Immutable.</summary>
public abstract record CsrSource
{
    private CsrSource()
    {
    }

    /// <summary>A file below <c>csrs/</c> of the internal store: requests of a GitOps folder have it there.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record File(string Name) : CsrSource;

    /// <summary>The request carries it.</summary>
    /// <param name="Text">PEM, as it was sent.</param>
    public sealed record PemText(string Text) : CsrSource;

    /// <summary>The request carries something that is no text.</summary>
    /// <param name="Why">What is wrong with it.</param>
    internal sealed record Unread(Rejection Why) : CsrSource;
}
