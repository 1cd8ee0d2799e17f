using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check the key, the signature of the CSR and the size of the certificate.</summary>
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
            Explanation = "The size of the RSA key is not a multiple of eight bits. Many programs and devices refuse it.",
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
            Explanation = "The public exponent of the RSA key is larger than 2^31 - 1. Programs in Go and some devices refuse it.",
            Advice = "make a new key with the exponent 65537",
            Check = planned => planned.Key.ModulusBits is not null && RsaKeyPolicy.ExponentOf(planned.Key.KeyBits) is var exponent && exponent > LargestExponent
                ? [string.Create(CultureInfo.InvariantCulture, $"the public exponent is {exponent}")] : [],
        },
        new("rsa-2048-after-2030", LintSeverity.Notice, "NIST SP 800-57 part 1, table 4")
        {
            Explanation = "The certificate is valid after 2030, and its RSA key has fewer than 3072 bits. NIST considers such keys strong enough only until the end of 2030.",
            Advice = "make a key of 3072 bits, or one on P-256",
            Check = planned => planned.Key.ModulusBits < StrongBits && planned.Template.NotAfter >= EndOf112Bits
                ? [$"the key is {KeyKind.TextOf(planned.Key)}, and the certificate ends after 2030"] : [],
        },
        new("ml-dsa-early", LintSeverity.Notice, "RFC 9881")
        {
            Explanation = "The key is one of ML-DSA, which only few programs support in TLS yet.",
            Advice = "test it with every program that gets the certificate",
            Check = planned => KeyKind.Of(planned.Key.Algorithm).IsMlDsa ? [$"the key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("csr-weak-signature", LintSeverity.Warning, "RFC 6194 §2, RFC 6151 §2")
        {
            Explanation = "The CSR is signed with MD5 or SHA-1. The certificate is not, but the program that made the CSR is old.",
            Advice = "sign the next CSR with SHA-256",
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
