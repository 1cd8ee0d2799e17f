using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The fields of a request, typed and checked one by one; what needs the CSR or the ledger comes later.
/// Immutable.</summary>
internal sealed record RequestFields
{
    /// <summary>Null: the CSR has to have one (SPEC 12.25).</summary>
    public string? CommonName { get; init; }

    /// <summary>Subject values by request key; absent and empty ones are missing.</summary>
    public IReadOnlyDictionary<string, string> Subject { get; init; } = new Dictionary<string, string>();

    /// <summary>Days, as asked for; not yet cut to the maximum.</summary>
    public BigInteger Lifetime { get; init; } = DefaultLifetime;

    /// <summary>Known purposes, once each, in order; never empty.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [DefaultPurpose];

    /// <summary>OIDs, once each: purposes first.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [ExtendedKeyUsage.ClientAuth];

    /// <summary>Whether the certificate is one for servers.</summary>
    public bool IsForServers => ExtendedKeyUsages.Contains(ExtendedKeyUsage.ServerAuth);

    /// <summary>Subject alternative names, in order; the CN default included.</summary>
    public IReadOnlyList<GeneralName> Sans => GivenSans ?? SanReader.Default(CommonName, SingleLabelNames && IsForServers);

    /// <summary>Whether DNS names may have one label.</summary>
    public bool SingleLabelNames { get; init; }

    /// <summary>Those that the request gives itself; null when it gives none at all.</summary>
    public IReadOnlyList<GeneralName>? GivenSans { get; init; }

    public IReadOnlyList<CertificateExtension> CustomExtensions { get; init; } = [];

    /// <summary>A file below <c>csrs/</c>; wins over <see cref="Base64CsrData"/>.</summary>
    public string? CsrFile { get; init; }

    public string? Base64CsrData { get; init; }

    public bool ForceIssue { get; init; }

    public bool CertBundle { get; init; }

    public bool CaChainOnly { get; init; }

    public bool? NotifyExpiry { get; init; }

    public bool? NotifyIssued { get; init; }

    public string? IdempotencyToken { get; init; }

    /// <summary>What of the request was left out (SPEC 12.8, 12.24).</summary>
    public Warnings Warnings { get; init; } = new();

    /// <summary>Refusals that the contract tells before anything else is looked at.</summary>
    public IReadOnlyList<Rejection> Faults { get; init; } = [];

    /// <summary>The refusal that the contract tells only after key reuse: lifetime, usages, extensions, <c>OCSP_SIGNING</c>, in this order.</summary>
    public Rejection? LateFault { get; init; }

    public const long DefaultLifetime = 30; // days, SPEC section 5

    public const string DefaultPurpose = "client_auth"; // SPEC section 5
}
