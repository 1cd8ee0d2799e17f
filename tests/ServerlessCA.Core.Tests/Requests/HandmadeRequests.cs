using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>Makes CSRs that no tool makes.</summary>
public static class HandmadeRequests
{
    public const string NoAttributes = "a000";

    /// <summary>Makes a CSR in DER: version, subject, attributes and key may be anything; the signature is good.</summary>
    public static byte[] Der(
        SoftwareKey key, int version = 0, byte[]? subject = null, string attributes = NoAttributes, byte[]? spki = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            writer.WriteEncodedValue(subject ?? SomeCertificates.Name("www.example.com"));
            writer.WriteEncodedValue(spki ?? key.SubjectPublicKeyInfo.Span);
            if (attributes.Length > 0)
            {
                writer.WriteEncodedValue(Convert.FromHexString(attributes));
            }
        }

        return Signed(writer.Encode(), key);
    }

    /// <summary>Makes a name of one attribute whose value may be anything.</summary>
    public static byte[] Name(string oid, UniversalTagNumber type, string octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            byte[] content = Convert.FromHexString(octets);
            writer.WriteObjectIdentifier(oid);
            writer.WriteEncodedValue([(byte)type, (byte)content.Length, .. content]);
        }

        return writer.Encode();
    }

    /// <summary>Makes the attributes of a CSR in hex: one that requests extensions, each with its value in hex.</summary>
    public static string AskingFor(params (string Oid, string Value)[] extensions)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.9.14");
            using (writer.PushSetOf())
            using (writer.PushSequence())
            {
                foreach ((string oid, string value) in extensions)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(oid);
                        writer.WriteOctetString(Convert.FromHexString(value));
                    }
                }
            }
        }

        return Convert.ToHexStringLower(writer.Encode());
    }

    /// <summary>Signs anything as if it were a CertificationRequestInfo.</summary>
    /// <param name="info">The bytes to sign.</param>
    /// <param name="key">The key that signs.</param>
    /// <param name="algorithm">The AlgorithmIdentifier to write instead of the key's, hex.</param>
    public static byte[] Signed(byte[] info, SoftwareKey key, string? algorithm = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info);
            if (algorithm is null)
            {
                SignatureAlgorithm.Of(key.Spec).Write(writer);
            }
            else
            {
                writer.WriteEncodedValue(Convert.FromHexString(algorithm));
            }

            writer.WriteBitString(key.Sign(SignedContent.Of(info)));
        }

        return writer.Encode();
    }

    public static string Pem(byte[] der) => Core.Certificates.Pem.Encode(Core.Certificates.Pem.RequestLabel, der);
}
