using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>What the descriptions of certificates and CRLs have in common.</summary>
internal sealed class Describer(Labels labels, CaKeys keys)
{
    /// <summary>Algorithms and signer.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Signature(SignedDer frame, DerNode innerAlgorithm)
    {
        JsonObject outer = KeyForm.OfAlgorithm(frame.Algorithm);
        bool same = JsonNode.DeepEquals(outer, KeyForm.OfAlgorithm(innerAlgorithm));
        yield return new("signature_algorithm", outer);
        yield return new("tbs_algorithm_same", same);
        yield return new("signed_by", keys.SignerOf(frame));
    }

    /// <summary>The issuer's name, and which certificates here have it as their subject.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Issuer(DerNode issuer)
    {
        IEnumerable<string> holders = labels.Certificates
            .Where(certificate => certificate.Value.Subject.Raw.Span.SequenceEqual(issuer.Raw.Span))
            .Select(certificate => certificate.Label);
        yield return new("issuer", NameForm.Of(issuer));
        yield return new("issuer_is_subject_of", Strings(holders));
    }

    /// <summary>Extensions in order, key identifiers traced back to keys.</summary>
    public JsonArray Extensions(IEnumerable<DerNode> extensions, ReadOnlyMemory<byte>? subjectKeyInfo = null)
    {
        JsonArray forms = [];
        foreach (JsonObject form in extensions.Select(ExtensionForm.Of))
        {
            if (form["oid"]!.GetValue<string>() == ExtensionForm.SubjectKeyIdentifier && form["value"] is JsonValue own)
            {
                form["value"] = keys.MethodOf(own.GetValue<string>(), subjectKeyInfo);
            }
            else if (form["oid"]!.GetValue<string>() == ExtensionForm.AuthorityKeyIdentifier
                && form["value"]?["key_id"] is JsonValue issuers && issuers.GetValue<string>().Length > 0)
            {
                form["value"]!["key_id"] = keys.MethodOf(issuers.GetValue<string>(), null);
            }

            forms.Add(form);
        }

        return forms;
    }

    /// <summary>Whose key this is.</summary>
    public string KeyName(ReadOnlyMemory<byte> keyInfo) => keys.NameOf(keyInfo);

    /// <summary>Names known serial numbers.</summary>
    public string NameSerials(string text) => labels.NameSerials(text);

    public static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
