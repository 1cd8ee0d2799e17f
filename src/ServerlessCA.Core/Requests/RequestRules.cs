using System.Numerics;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Requests;

/// <summary>What a CA's settings say to a request.</summary>
internal static class RequestRules
{
    /// <summary>The days that a CA gives: as many as are asked for, up to its maximum.</summary>
    public static int DaysOf(CertificateRequest request, CaSettings settings) =>
        (int)BigInteger.Clamp(request.Lifetime ?? CertificateRequest.DefaultLifetime, 0, settings.MaxCertLifetime);

    /// <summary>The refusal that the contract tells only after key reuse: lifetime, usages, extensions, <c>OCSP_SIGNING</c>, in
    /// this order; null when there is none.</summary>
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
