using System.Numerics;
using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The only form of a request for a certificate (contract section 5), which <see cref="RequestReader"/> makes from
/// JSON, a command from its options, a protocol from its messages. Nothing in it is checked yet: settings, CSR and ledger
/// decide whether a CA grants it. A new field stands here, in <see cref="RequestReader"/>, <see cref="RequestWriter"/> and
/// <see cref="RequestSchema"/>, and where <see cref="Certificates.EndEntityCertificate"/> or the decision uses it. Immutable.</summary>
public sealed record CertificateRequest
{
    /// <summary>Sets the lifetime of requests that name none (contract section 5), in days.</summary>
    public const int DefaultLifetime = 30;

    private static readonly IReadOnlyList<string> DefaultPurposes = ["client_auth"]; // contract section 5

    /// <summary>Gets the subject's CN; null: that of the CSR counts (contract 12.25).</summary>
    public string? CommonName { get; init; }

    /// <summary>Gets the other attributes of the subject, by request key; those that are missing are taken from the
    /// CSR.</summary>
    public IReadOnlyDictionary<string, string> Subject { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the lifetime in days; null: <see cref="DefaultLifetime"/>. The CA cuts it to its maximum.</summary>
    public BigInteger? Lifetime { get; init; }

    /// <summary>Gets words such as <c>server_auth</c>, once each; none means client_auth.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [];

    /// <summary>Gets usages beside the purposes: names such as <c>CODE_SIGNING</c>, or dotted OIDs.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [];

    /// <summary>Gets the alternative names; null when none are given, so that the common name stands in. Empty when what was
    /// given is no name.</summary>
    public IReadOnlyList<GeneralName>? Sans { get; init; }

    /// <summary>Gets the custom extensions.</summary>
    public IReadOnlyList<RequestedExtension> Extensions { get; init; } = [];

    /// <summary>Gets the CSR, or says where it is; null when there is none.</summary>
    public CsrSource? Csr { get; init; }

    /// <summary>Says whether a key that was used before is allowed.</summary>
    public bool ForceIssue { get; init; }

    /// <summary>Says whether the answer has the certificate together with the chain.</summary>
    public bool CertBundle { get; init; }

    /// <summary>Says whether the answer has the chain only.</summary>
    public bool CaChainOnly { get; init; }

    /// <summary>Says whether to remind of the expiry; null: as for GitOps.</summary>
    public bool? NotifyExpiry { get; init; }

    /// <summary>Says whether to send a notification of the issue; null: as for GitOps.</summary>
    public bool? NotifyIssued { get; init; }

    /// <summary>Gets the token with which a repeated request gets the same certificate (contract 12.13).</summary>
    public string? IdempotencyToken { get; init; }

    /// <summary>Gets the rights of the caller; not a part of the JSON.</summary>
    public CallerRights Rights { get; init; } = CallerRights.Everything;

    /// <summary>Gets the file below <c>csrs/</c> that has the CSR; null unless the request comes from a GitOps
    /// folder.</summary>
    public string? CsrFile => (Csr as CsrSource.File)?.Name;

    /// <summary>Returns the request's own value for an attribute of the subject; null when it has none.</summary>
    public string? ValueOf(SubjectAttribute attribute) =>
        attribute.RequestKey == RequestKeys.CommonName ? CommonName : Subject.GetValueOrDefault(attribute.RequestKey);

    /// <summary>Gets the purposes, the default one included.</summary>
    public IReadOnlyList<string> AllPurposes => Purposes.Count > 0 ? Purposes : DefaultPurposes;

    /// <summary>Gets the OIDs of all extended key usages, once each, purposes first; never empty.</summary>
    public IReadOnlyList<string> Usages
    {
        get
        {
            var oids = new List<string>(AllPurposes.Count + ExtendedKeyUsages.Count);
            foreach (string purpose in AllPurposes)
            {
                AddOnce(oids, ExtendedKeyUsage.OfPurpose(purpose));
            }

            foreach (string usage in ExtendedKeyUsages)
            {
                AddOnce(oids, ExtendedKeyUsage.OidOf(usage));
            }

            return oids;
        }
    }

    /// <summary>Says whether the certificate is one for servers.</summary>
    public bool IsForServers =>
        AllPurposes.Any(purpose => ExtendedKeyUsage.OfPurpose(purpose) == ExtendedKeyUsage.ServerAuth)
        || ExtendedKeyUsages.Any(usage => ExtendedKeyUsage.OidOf(usage) == ExtendedKeyUsage.ServerAuth);

    /// <summary>Returns the alternative names of a certificate: those that are given, or the common name where it stands
    /// in.</summary>
    /// <param name="commonName">That of the certificate; null when it is unknown.</param>
    /// <param name="singleLabels">Whether a name of one label may stand in for a server.</param>
    public IReadOnlyList<GeneralName> SansFor(string? commonName, bool singleLabels) =>
        Sans ?? SanReader.Default(commonName, singleLabels && IsForServers);

    private static void AddOnce(List<string> oids, string? oid)
    {
        if (oid is not null && !oids.Contains(oid))
        {
            oids.Add(oid);
        }
    }

    /// <summary>Gets the keys of the JSON that have no effect (contract 12.24), as many as there are warnings of them.</summary>
    public IReadOnlyList<RequestKeyFault> KeyFaults { get; internal init; } = [];

    /// <summary>Gets the faults of the JSON, which are refused before anything else is checked.</summary>
    internal IReadOnlyList<Rejection> Faults { get; init; } = [];

    /// <summary>Gets what was left out of the JSON (contract 12.8, 12.24).</summary>
    internal Warnings Warnings { get; init; } = new();

    /// <summary>Gets the JSON that the request was read from, and how it was read; null when it was made otherwise.</summary>
    internal RequestOrigin? Origin { get; init; }
}

/// <summary>Remembers from which JSON a request was read. Immutable.</summary>
/// <param name="Json">The object; all of its texts are well-formed Unicode.</param>
/// <param name="AsRead">The request as it was read.</param>
internal sealed record RequestOrigin(JsonElement Json, CertificateRequest AsRead);

/// <summary>Says where the CSR of a request is: a closed set of cases. Immutable.</summary>
public abstract record CsrSource
{
    private CsrSource()
    {
    }

    /// <summary>The CSR is a file below <c>csrs/</c> of the internal store, as for requests of a GitOps folder.</summary>
    /// <param name="Name">The name without the folder.</param>
    public sealed record File(string Name) : CsrSource;

    /// <summary>The CSR is in the request.</summary>
    /// <param name="Text">The PEM text, as it was sent.</param>
    public sealed record PemText(string Text) : CsrSource;

    /// <summary>The request has something in place of a CSR that is no text.</summary>
    /// <param name="Why">The refusal.</param>
    internal sealed record Unread(Rejection Why) : CsrSource;
}
