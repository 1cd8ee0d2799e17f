using System.Formats.Asn1;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Tests.Certificates;
using ServerlessCA.Core.Tests.Keys;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>CSRs made by hand, for what no tool makes.</summary>
public static class HandmadeRequests
{
    public const string NoAttributes = "a000";

    /// <summary>A CSR in DER: version, subject, attributes and key may be anything; the signature is good.</summary>
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

    /// <summary>Signs anything as if it were a CertificationRequestInfo.</summary>
    public static byte[] Signed(byte[] info, SoftwareKey key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info);
            SignatureAlgorithm.Of(key.Spec).Write(writer);
            writer.WriteBitString(key.Sign(SignedContent.Of(info)));
        }

        return writer.Encode();
    }

    public static string Pem(byte[] der) => Core.Certificates.Pem.Encode(Core.Certificates.Pem.RequestLabel, der);
}
