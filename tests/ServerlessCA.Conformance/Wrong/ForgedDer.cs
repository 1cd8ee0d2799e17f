using System.Formats.Asn1;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Der;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Wrong;

/// <summary>Certificates and CRLs that say something else, and are signed all the same.</summary>
internal static class ForgedDer
{
    private static readonly Asn1Tag CertificateExtensions = new(TagClass.ContextSpecific, 3); // RFC 5280 §4.1

    /// <summary>Replaces a certificate wherever a raw trace has it: as PEM in base64, once or twice.</summary>
    /// <param name="trace">The raw trace of a case.</param>
    /// <param name="pem">The certificate, as PEM with a final newline.</param>
    /// <param name="edit">Changes what is signed.</param>
    /// <param name="key">Signs it.</param>
    public static async Task<JsonNode> CertificateAsync(JsonNode trace, string pem, Func<DerNode, byte[]> edit, ICaKey key)
    {
        byte[] forged = await SignAsync(Convert.FromBase64String(Pem.Blocks.Match(pem).Groups[2].Value), edit, key);
        string once = Base64(pem);
        string other = Base64(Pem.Block("CERTIFICATE", forged) + "\n");
        return Replaced(trace, (once, other), (Base64(once), Base64(other)), (Base64(Base64(once)), Base64(Base64(other))));
    }

    /// <summary>Replaces a CRL in a raw trace: the DER file and the PEM file.</summary>
    public static async Task<JsonNode> CrlAsync(JsonNode trace, byte[] crl, Func<DerNode, byte[]> edit, ICaKey key)
    {
        byte[] forged = await SignAsync(crl, edit, key);
        return Replaced(
            trace, (Convert.ToBase64String(crl), Convert.ToBase64String(forged)),
            (Base64(Pem.Block("X509 CRL", crl) + "\n"), Base64(Pem.Block("X509 CRL", forged) + "\n")));
    }

    /// <summary>What is signed, with some bytes replaced by others of the same number.</summary>
    public static Func<DerNode, byte[]> Bytes(string hex, string otherHex) => content =>
    {
        string whole = Convert.ToHexString(content.Raw.Span);
        int at = whole.IndexOf(hex, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && at == whole.LastIndexOf(hex, StringComparison.OrdinalIgnoreCase) && hex.Length == otherHex.Length
            ? Convert.FromHexString(string.Concat(whole.AsSpan(0, at), otherHex, whole.AsSpan(at + hex.Length)))
            : throw new ArgumentException($"{hex} is not there exactly once", nameof(hex));
    };

    /// <summary>The same for text.</summary>
    public static Func<DerNode, byte[]> Text(string text, string other) =>
        Bytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text)), Convert.ToHexString(Encoding.UTF8.GetBytes(other)));

    /// <summary>What is signed of a certificate without its extension at a position.</summary>
    public static Func<DerNode, byte[]> WithoutExtension(int position) => content =>
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAll(writer, content.Children.SkipLast(1));
            using (writer.PushSequence(CertificateExtensions))
            using (writer.PushSequence())
            {
                WriteAll(writer, content.Children[^1].Child(0).Children.Where((_, at) => at != position));
            }
        }

        return writer.Encode();
    };

    /// <summary>What is signed without its value at a position.</summary>
    public static Func<DerNode, byte[]> Without(int position) => content =>
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAll(writer, content.Children.Where((_, at) => at != position));
        }

        return writer.Encode();
    };

    private static async Task<byte[]> SignAsync(byte[] signed, Func<DerNode, byte[]> edit, ICaKey key)
    {
        SignedDer frame = SignedDer.Read(signed);
        byte[] content = edit(frame.Content);
        byte[] signature = await key.SignAsync(SignedContent.Of(content), CancellationToken.None);
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            writer.WriteEncodedValue(frame.Algorithm.Raw.Span);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private static void WriteAll(AsnWriter writer, IEnumerable<DerNode> values)
    {
        foreach (DerNode value in values)
        {
            writer.WriteEncodedValue(value.Raw.Span);
        }
    }

    private static JsonNode Replaced(JsonNode trace, params (string Text, string Other)[] changes)
    {
        string text = trace.ToJsonString(FormJson.Options);
        return JsonNode.Parse(changes.Aggregate(text, (whole, change) => whole.Replace(change.Text, change.Other, StringComparison.Ordinal)))!;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
