using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>A PKCS #10 request (RFC 2986), which is to be signed with the subject's own key, as <c>openssl req -new</c> makes
/// it. Immutable.</summary>
/// <param name="Subject">The subject's name; may be empty.</param>
/// <param name="Key">The subject's key: any that the key policy accepts, RSA with 2048, 3072 or 4096 bits.</param>
/// <param name="Sans">The names for an extension request (RFC 2985 §5.4.2); empty: no attribute.</param>
public sealed record CertificateSigningRequestTemplate(
    DistinguishedName Subject, PublicKey Key, IReadOnlyList<GeneralName> Sans)
{
    private const string ExtensionRequest = "1.2.840.113549.1.9.14"; // RFC 2985 §5.4.2

    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Signs a CertificationRequestInfo with the subject's private key.</summary>
    /// <param name="info">What to sign.</param>
    /// <param name="digest">The hash to sign it under; null for keys that sign the bytes themselves (Ed25519, Ed448,
    /// ML-DSA).</param>
    /// <returns>The signature as the BIT STRING holds it; for ECDSA an Ecdsa-Sig-Value (RFC 3279 §2.2.3).</returns>
    public delegate byte[] Signer(ReadOnlyMemory<byte> info, HashAlgorithmName? digest);

    /// <summary>Encodes the request and has it signed.</summary>
    /// <returns>DER CertificationRequest.</returns>
    /// <exception cref="InvalidOperationException">The key is RSA of another size.</exception>
    public byte[] Sign(Signer signer)
    {
        byte[] info = EncodeInfo();
        byte[] signature = signer(info, Algorithm.Digest);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info);
            Algorithm.Write(writer);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private SignatureAlgorithm Algorithm => SignatureAlgorithm.Of(Key)
        ?? throw new InvalidOperationException($"keys of the kind {Key.Algorithm} and this size sign no requests");

    private byte[] EncodeInfo()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0); // v1
            writer.WriteEncodedValue(Subject.Der.Span);
            writer.WriteEncodedValue(Key.SubjectPublicKeyInfo.Span);
            using (writer.PushSetOf(AttributesTag)) // not optional, even when empty (RFC 2986 §4.1)
            {
                if (Sans.Count > 0)
                {
                    WriteSans(writer);
                }
            }
        }

        return writer.Encode();
    }

    private void WriteSans(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ExtensionRequest);
            using (writer.PushSetOf())
            using (writer.PushSequence()) // Extensions
            using (writer.PushSequence()) // Extension, not critical
            {
                writer.WriteObjectIdentifier(ExtensionOids.SubjectAlternativeName);
                writer.WriteOctetString(SubjectAlternativeName.Encode(Sans));
            }
        }
    }
}
