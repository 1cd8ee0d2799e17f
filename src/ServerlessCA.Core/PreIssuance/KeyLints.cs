using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of keys, of the CSR's signature and of the certificate's size.</summary>
internal static class KeyLints
{
    private const int StrongBits = 3072; // RSA of 128 bits of security (NIST SP 800-57 part 1, table 2)
    private const int SlowBits = 4096; // our decision: each handshake with 8192 bits takes some eight times as long
    private const int LargestExponent = int.MaxValue; // crypto/rsa of Go, checkKeySize and checkPublicKeySize: 2^31 - 1

    private static readonly DateTimeOffset EndOf112Bits = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero); // NIST SP 800-57 part 1, table 4

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("rsa-size-unusual", LintSeverity.Warning, "CA/B BR 6.1.5")
        {
            Explanation = "The size of an RSA key is no multiple of eight bits: many programs and devices refuse it.",
            Advice = "make a key of 2048, 3072 or 4096 bits",
            Check = planned => planned.Key.ModulusBits is { } bits && bits % 8 != 0 ? [$"the key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("rsa-over-4096", LintSeverity.Notice, "our decision")
        {
            Explanation = "An RSA key of more than 4096 bits makes every handshake slow, and some services refuse it.",
            Advice = "make a key of 3072 or 4096 bits, or one on P-256",
            Check = planned => planned.Key.ModulusBits > SlowBits ? [$"the key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("rsa-exponent-large", LintSeverity.Warning, "Go crypto/rsa")
        {
            Explanation = "The public exponent of an RSA key is over 2^31 - 1: programs in Go and some devices refuse it.",
            Advice = "make the key again with the exponent 65537",
            Check = planned => planned.Key.ModulusBits is not null && RsaKeyPolicy.ExponentOf(planned.Key.KeyBits) is var exponent && exponent > LargestExponent
                ? [string.Create(CultureInfo.InvariantCulture, $"the public exponent is {exponent}")] : [],
        },
        new("rsa-2048-after-2030", LintSeverity.Notice, "NIST SP 800-57 part 1, table 4")
        {
            Explanation = "An RSA key of fewer than 3072 bits is valid beyond 2030, up to when NIST holds 112 bits of security for enough.",
            Advice = "make a key of 3072 bits, or one on P-256",
            Check = planned => planned.Key.ModulusBits < StrongBits && planned.Template.NotAfter >= EndOf112Bits
                ? [$"the key is {KeyKind.TextOf(planned.Key)}, and the certificate ends after 2030"] : [],
        },
        new("ml-dsa-early", LintSeverity.Notice, "RFC 9881")
        {
            Explanation = "The key is one of ML-DSA: few programs take part in a handshake with it yet.",
            Advice = "try it with every program that gets the certificate",
            Check = planned => KeyKind.Of(planned.Key.Algorithm).IsMlDsa ? [$"the key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("csr-weak-signature", LintSeverity.Warning, "RFC 6194 §2, RFC 6151 §2")
        {
            Explanation = "The CSR is signed with MD5 or SHA-1. The certificate is not; but the program that made the CSR is old.",
            Advice = "sign the next one with SHA-256",
            IsWarnedOfAnyway = true,
            Check = planned => CsrSignatureAlgorithm.WarningOf(planned.Requested.Csr?.SignatureDigest) is not null
                ? ["the CSR is signed with a broken hash"] : [],
        },
        new("certificate-large", LintSeverity.Warning, "RFC 8446 §5.1")
        {
            Explanation = "The certificate has more than 16 KiB, which some TLS programs refuse.",
            Advice = "ask for fewer names or smaller extensions",
            IsWarnedOfAnyway = true,
            Check = planned => planned.Octets is > CertificateSize.LargeOctets and { } octets
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate has {octets} bytes")] : [],
        },
    ];
}
