using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The fields of a request, typed and checked one by one; what needs the CSR or the ledger comes later.
/// Immutable.</summary>
internal sealed record RequestFields
{
    public string? CommonName { get; init; }

    /// <summary>Subject values by request key; absent and empty ones are missing.</summary>
    public IReadOnlyDictionary<string, string> Subject { get; init; } = new Dictionary<string, string>();

    /// <summary>Days, as asked for; not yet cut to the maximum.</summary>
    public BigInteger Lifetime { get; init; } = DefaultLifetime;

    /// <summary>Known purposes, once each, in order; never empty.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [DefaultPurpose];

    /// <summary>OIDs, once each: purposes first.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [ExtendedKeyUsage.ClientAuth];

    /// <summary>Subject alternative names, in order; the CN default included.</summary>
    public IReadOnlyList<GeneralName> Sans { get; init; } = [];

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

    /// <summary>What was left out of the certificate (SPEC 12.8).</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Refusals that the contract tells before anything else is looked at.</summary>
    public IReadOnlyList<Rejection> Faults { get; init; } = [];

    /// <summary>The refusal that the contract tells only after key reuse: lifetime, usages, extensions, <c>OCSP_SIGNING</c>, in this order.</summary>
    public Rejection? LateFault { get; init; }

    public const long DefaultLifetime = 30; // days, SPEC section 5

    public const string DefaultPurpose = "client_auth"; // SPEC section 5
}
