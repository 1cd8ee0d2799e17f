using System.Text;
using ServerlessCA.Conformance.Der;
using ServerlessCA.Conformance.Normalising;

namespace ServerlessCA.Conformance.Differences;

/// <summary>What the rules need to know of a PKCS #10 request (RFC 2986).</summary>
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

    /// <summary>The algorithm that it is signed with.</summary>
    public string SignatureOid { get; }

    /// <summary>The attributes, type and first value.</summary>
    public IEnumerable<(string Oid, DerNode Value)> Attributes =>
        (attributes?.Children ?? []).Select(attribute => (attribute.Child(0).Oid(), attribute.Child(1).Child(0)));

    /// <summary>The subject's attributes, type and value, in order.</summary>
    public IEnumerable<(string Oid, string Value)> Subject => NameForm.Of(subject)
        .SelectMany(name => name![0] is System.Text.Json.Nodes.JsonArray ? name.AsArray().AsEnumerable() : [name])
        .Select(attribute => (attribute![0]!.GetValue<string>(), attribute[2]!.GetValue<string>()));

    /// <summary>DER SubjectPublicKeyInfo.</summary>
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

    /// <summary>The PEM in <c>base64_csr_data</c>; null when that is no base64 of text.</summary>
    public static string? TryDecode(string base64) =>
        LenientBase64.TryDecode(base64, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The subject's first attribute of a type; null when it has none.</summary>
    public string? Attribute(string oid) => Subject.Where(attribute => attribute.Oid == oid).Select(attribute => attribute.Value).FirstOrDefault();
}
