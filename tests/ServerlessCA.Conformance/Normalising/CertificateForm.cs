using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes a certificate field by field, without what is random in it.</summary>
internal static class CertificateForm
{
    private const int LargestSerialOctets = 20; // RFC 5280 §4.1.2.2

    public static JsonObject Of(Labelled<CertificateDer> labelled, Describer describer)
    {
        CertificateDer certificate = labelled.Value;
        JsonObject form = new() { ["version"] = certificate.Version, ["serial"] = Serial(certificate) };
        Append(form, describer.Signature(certificate.Frame, certificate.InnerAlgorithm));
        Append(form, describer.Issuer(certificate.Issuer));
        form["subject"] = NameForm.Of(certificate.Subject);
        form["not_before_offset_s"] = labelled.FirstSeen.SecondsUntil(certificate.NotBefore.At);
        form["not_after_offset_s"] = labelled.FirstSeen.SecondsUntil(certificate.NotAfter.At);
        form["time_types"] = new JsonArray(certificate.NotBefore.Type, certificate.NotAfter.Type);
        JsonObject key = KeyForm.Of(certificate.KeyInfo);
        key["is"] = describer.KeyName(certificate.KeyInfo.Raw);
        form["public_key"] = key;
        form["extensions"] = describer.Extensions(certificate.Extensions, certificate.KeyInfo.Raw);
        if (certificate.OtherFields.Count > 0)
        {
            form["other_fields"] = new JsonArray([.. certificate.OtherFields.Select(tag => (JsonNode)tag)]);
        }

        return form;
    }

    private static JsonObject Serial(CertificateDer certificate) => new()
    {
        ["positive"] = certificate.Serial.Sign > 0,
        ["at_most_20_octets"] = certificate.SerialOctets <= LargestSerialOctets,
        ["over_64_bits"] = System.Numerics.BigInteger.Abs(certificate.Serial).GetBitLength() > 64,
    };

    private static void Append(JsonObject form, IEnumerable<KeyValuePair<string, JsonNode?>> fields)
    {
        foreach (KeyValuePair<string, JsonNode?> field in fields)
        {
            form.Add(field);
        }
    }
}
