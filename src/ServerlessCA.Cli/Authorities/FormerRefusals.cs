using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Tells refusals apart that come without a code: those of the original system and of CAs before 1.1. Their texts are a
/// contract (contract section 5).</summary>
internal static class FormerRefusals
{
    /// <summary>The kind; null: it cannot be told, or nothing depends on it.</summary>
    public static RejectionCode? CodeOf(string message) => message switch
    {
        "Private key has already been used for a certificate" => RejectionCode.KeyUsed,
        "Common name is reserved" => RejectionCode.NameReserved,
        "Subject is reserved" => RejectionCode.SubjectReserved,
        "Key has been reported as compromised" => RejectionCode.KeyCompromised,
        "OCSP_SIGNING is not allowed" => RejectionCode.OcspSigningRefused,
        "CSR signature is not valid" => RejectionCode.CsrNotAccepted,
        _ when message.StartsWith("Certificate would be too large", StringComparison.Ordinal) => RejectionCode.TooLarge,
        _ when message.EndsWith(" is too short", StringComparison.Ordinal) => RejectionCode.LifetimeTooShort,
        _ when message.EndsWith(" is not in the configured allowlist", StringComparison.Ordinal) => RejectionCode.ExtensionRefused,
        _ => null,
    };
}
