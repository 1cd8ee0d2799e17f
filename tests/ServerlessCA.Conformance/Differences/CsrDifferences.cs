using System.Text;
using ServerlessCA.Conformance.Der;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists certificate requests that we refuse, unlike the original.</summary>
internal static class CsrDifferences
{
    private const string Missing = "base64_csr_data is missing: give a CSR as base64 of its PEM text, or name a csr_file";
    private const string NotPem = "CSR is not PEM: it must begin with -----BEGIN CERTIFICATE REQUEST-----";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Refused(
            "possession", "12.1", "Who asks for a certificate proves to have the key", "CSR signature is not valid",
            "csr-input/bad-signature", "csr-input/bad-signature-rsa", "csr-input/bad-subject", "csr-input/stolen-key"),
        Key("weak-rsa", "is RSA with 1024 bits: 2048 to 8192 are accepted", "csr-input/key-rsa1024"),
        Key("curve-k256", "is EC on curve 1.3.132.0.10: use P-256, P-384 or P-521", "csr-input/key-k256"),
        Key("curve-p224", "is EC on curve 1.3.132.0.33: use P-256, P-384 or P-521", "csr-input/key-p224"),
        Key(
            "dsa", "algorithm 1.2.840.10040.4.1 is not accepted: use RSA, P-256, P-384, P-521, Ed25519, Ed448 or ML-DSA", "csr-input/key-dsa"),
        Unread(
            "csr-missing", "A request has a CSR", Missing, "csr-input/missing", "csr-input/null", "csr-input/empty"),
        Unread("csr-type", "base64_csr_data is a text", "base64_csr_data must be text", "csr-input/number", "csr-input/list"),
        Unread("csr-file-type", "csr_file is a text", "csr_file must be text", "events/csr-file-number", "events/csr-file-true"),
        Unread(
            "csr-base64", "base64 has no other characters, and padding (RFC 4648 §3)", "base64_csr_data is not base64",
            "csr-input/not-base64", "csr-input/bad-padding", "csr-input/base64-junk", "csr-input/base64-unpadded"),
        Unread(
            "csr-bare-pem", "A CSR is sent as base64", "base64_csr_data is PEM: give base64 of the whole PEM text", "csr-input/pem-not-encoded"),
        Unread("csr-der", "A CSR is PEM", "base64_csr_data holds DER: give base64 of the PEM text", "csr-input/der"),
        Unread("csr-text", "A CSR is PEM", $"base64_csr_data: {NotPem}", "csr-input/base64-of-text", "csr-input/base64-twice"),
        Unread("csr-file-text", "A CSR is PEM", $"csr_file: {NotPem}", "gitops/csr-file-is-not-csr"),
        Unread(
            "csr-two", "A CSR stands alone: a second one is a mistake",
            "base64_csr_data: CSR has more than one PEM block: send one certificate request", "csr-input/two-csrs"),
        Unread(
            "csr-certificate", "A certificate is no CSR",
            "base64_csr_data: CSR is a certificate: send the certificate request that was made with the key", "csr-input/wrong-label"),
        Unread(
            "csr-private-key", "A private key is no CSR, and is not passed on",
            "base64_csr_data: CSR holds a private key: keep private keys secret; make a new key and send its certificate request only",
            "csr-input/private-key-label"),
        Unread(
            "csr-malformed", "A CSR is one DER element (RFC 2986)",
            "base64_csr_data: CSR is not a well-formed DER certificate request (PKCS #10): make it again",
            "csr-input/truncated", "csr-input/trailing-der"),
        Unread(
            "csr-version", "A CSR has version 0 (RFC 2986 §4.1)",
            "base64_csr_data: CSR has another version than 0: only PKCS #10 version 1, number 0, is known", "csr-input/version-2"),
    ];

    private static DeliberateDifference Key(string id, string text, string name) =>
        CaseDifference.Refused(id, "12.1", "Keys that are weak or that few programs know are refused", $"public key {text}", name);

    private static DeliberateDifference Unread(string id, string why, string error, params string[] cases) =>
        CaseDifference.Senseless(id, "12.2", why, error, cases);
}

/// <summary>Holds what the rules need to know of a PKCS #10 request (RFC 2986).</summary>
internal sealed class CertificateRequestDer
{
    private readonly DerNode subject;
    private readonly DerNode? attributes;

    private CertificateRequestDer(SignedDer request)
    {
        subject = request.Content.Child(1);
        KeyInfo = request.Content.Child(2).Raw;
        attributes = request.Content.Children.Skip(3).FirstOrDefault();
        SignatureOid = request.Algorithm.Child(0).Oid();
    }

    /// <summary>Gets the algorithm that it is signed with.</summary>
    public string SignatureOid { get; }

    /// <summary>Lists the attributes, type and first value.</summary>
    public IEnumerable<(string Oid, DerNode Value)> Attributes =>
        (attributes?.Children ?? []).Select(attribute => (attribute.Child(0).Oid(), attribute.Child(1).Child(0)));

    /// <summary>Lists the subject's attributes, type and value, in order.</summary>
    public IEnumerable<(string Oid, string Value)> Subject => NameForm.Of(subject)
        .SelectMany(name => name![0] is System.Text.Json.Nodes.JsonArray ? name.AsArray().AsEnumerable() : [name])
        .Select(attribute => (attribute![0]!.GetValue<string>(), attribute[2]!.GetValue<string>()));

    /// <summary>Gets the SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> KeyInfo { get; }

    /// <summary>Reads the first block of a PEM text; null when that is no request.</summary>
    public static CertificateRequestDer? TryRead(string pem)
    {
        try
        {
            return Pem.Blocks.Match(pem) is { Success: true } block && LenientBase64.TryDecode(block.Groups[2].Value, out byte[]? bytes)
                ? new CertificateRequestDer(SignedDer.Read(bytes))
                : null;
        }
        catch (DerException)
        {
            return null;
        }
    }

    /// <summary>Returns the PEM in <c>base64_csr_data</c>; null when that is no base64 of text.</summary>
    public static string? TryDecode(string base64) =>
        LenientBase64.TryDecode(base64, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Returns the subject's first attribute of a type; null when it has none.</summary>
    public string? Attribute(string oid) => Subject.Where(attribute => attribute.Oid == oid).Select(attribute => attribute.Value).FirstOrDefault();
}
