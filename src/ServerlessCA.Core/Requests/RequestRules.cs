using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Requests;

/// <summary>Decides what a CA's settings allow of a request.</summary>
internal static class RequestRules
{
    /// <summary>Returns the days that a CA grants: as many as are requested, up to its maximum.</summary>
    public static int DaysOf(CertificateRequest request, CaSettings settings) =>
        (int)BigInteger.Clamp(request.Lifetime ?? CertificateRequest.DefaultLifetime, 0, settings.MaxCertLifetime);

    /// <summary>Returns the refusal that the contract reports only after key reuse: lifetime, usages, extensions,
    /// <c>OCSP_SIGNING</c>, in this order; null when there is none.</summary>
    public static Rejection? WhyNot(CertificateRequest request, CaSettings settings) =>
        TooShort(request, settings) ?? NotAllowed(request.Usages, settings) ?? ExtensionRules.WhyNot(request, settings) ?? SpeaksForTheCa(request.Usages, settings);

    private static Rejection? TooShort(CertificateRequest request, CaSettings settings)
    {
        BigInteger days = BigInteger.Min(request.Lifetime ?? CertificateRequest.DefaultLifetime, settings.MaxCertLifetime);
        return days < 1
            ? new Rejection(RejectionCode.LifetimeTooShort, RequestKeys.Lifetime, $"{days} is too short")
            : null;
    }

    private static Rejection? NotAllowed(IReadOnlyList<string> usages, CaSettings settings)
    {
        IReadOnlyList<string> allowed = settings.ExtendedKeyUsageAllowlist;
        string? refused = allowed.Count == 0 ? null : usages.FirstOrDefault(usage => !allowed.Contains(usage, StringComparer.Ordinal));
        return refused is null ? null : new Rejection(
            RejectionCode.UsageRefused, RequestKeys.ExtendedKeyUsages, $"extended_key_usages: {refused} is not in the configured allowlist");
    }

    private static Rejection? SpeaksForTheCa(IReadOnlyList<string> usages, CaSettings settings) =>
        usages.Contains(ExtendedKeyUsage.OcspSigning, StringComparer.Ordinal) && !settings.AllowOcspSigning
            ? new Rejection(RejectionCode.OcspSigningRefused, RequestKeys.ExtendedKeyUsages, "OCSP_SIGNING is not allowed")
            : null;
}

/// <summary>Decides which custom extensions a CA puts into a certificate. One refused extension refuses the request; the texts
/// are contract.</summary>
internal static class ExtensionRules
{
    /// <summary>Lists what the CA sets itself, allowlisted or not (contract section 5).</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37", "1.3.6.1.5.5.7.1.1",
    };

    /// <summary>Says whether the CA sets an extension itself.</summary>
    public static bool IsReserved(string oid) => Reserved.Contains(oid);

    /// <summary>Returns the extensions of a request, each allowed by the operator, not reserved, and one DER element; none when
    /// one is refused.</summary>
    public static IReadOnlyList<CertificateExtension> Granted(CertificateRequest request, CaSettings settings) =>
        Judge(request, settings) is ({ } granted, null) ? granted : [];

    /// <summary>Returns the first refusal; null when all are granted.</summary>
    public static Rejection? WhyNot(CertificateRequest request, CaSettings settings) => Judge(request, settings).Why;

    private static (IReadOnlyList<CertificateExtension> Granted, Rejection? Why) Judge(CertificateRequest request, CaSettings settings)
    {
        var granted = new List<CertificateExtension>();
        foreach (RequestedExtension requested in request.Extensions)
        {
            if ((requested.OidFault ?? WhyNot(requested, granted, settings.CustomExtensionAllowlist)) is { } why)
            {
                return ([], new Rejection(RejectionCode.ExtensionRefused, RequestKeys.Extensions, why));
            }
        }

        return (granted, null);
    }

    private static string? WhyNot(RequestedExtension requested, List<CertificateExtension> granted, IReadOnlyList<string> allowlist)
    {
        bool valid = ObjectIdentifierText.TryNormalise(requested.Oid, out string? oid);
        byte[]? der = Base64(requested.ValueBase64);
        string? why = Reserved.Contains(requested.Oid) || (valid && Reserved.Contains(oid!)) ? "is reserved and cannot be set by callers"
            : !allowlist.Contains(requested.Oid, StringComparer.Ordinal) ? "is not in the configured allowlist"
            : granted.Any(extension => extension.Oid == oid) ? "is specified more than once"
            : !valid ? "is not a valid object identifier"
            : requested.ValueFault is { } unread ? unread
            : der is null ? InvalidBase64
            : !DerSyntax.IsWellFormed(der) ? "has a value that is not one DER element"
            : requested.CriticalFault;
        if (why is null)
        {
            granted.Add(new CertificateExtension(oid!, requested.IsCritical, der));
        }

        return why is null ? null : $"Custom extension OID {Excerpt.Of(requested.Oid)} {why}";
    }

    /// <summary>Says that a value is no base64.</summary>
    public const string InvalidBase64 = "has an invalid base64 value";

    // Refuses white space, as the original did: Convert alone would skip line ends.
    private static byte[]? Base64(string text)
    {
        byte[] bytes = new byte[text.Length];
        return !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, bytes, out int count) ? bytes[..count] : null;
    }
}
