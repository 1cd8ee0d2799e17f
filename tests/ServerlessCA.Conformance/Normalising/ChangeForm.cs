using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes changes of the table, published files and notifications of a step.</summary>
internal sealed class ChangeForm(TextForm texts)
{
    private static readonly string[] KeyAttributes = ["CommonName", "SerialNumber"];

    /// <summary>Describes a changed row: all of a new one, or what an update changed.</summary>
    public JsonObject OfRow(JsonNode change)
    {
        Dictionary<string, JsonObject> after = Attributes(change["after"]);
        JsonObject form = new() { ["action"] = change["action"]!.DeepClone(), ["table"] = change["table"]!.DeepClone() };
        if (change["action"]!.GetValue<string>() == "put")
        {
            form["replaces_an_item"] = change["before"] is not null;
            form["item"] = Sorted(after);
            return form;
        }

        Dictionary<string, JsonObject> before = Attributes(change["before"]);
        form["key"] = new JsonObject(KeyAttributes.Select(key => KeyValuePair.Create(key, (JsonNode?)after[key].DeepClone())));
        form["item_existed"] = change["before"] is not null;
        form["changed"] = Sorted(after.Where(attribute => !KeyAttributes.Contains(attribute.Key)
            && !JsonNode.DeepEquals(before.GetValueOrDefault(attribute.Key), attribute.Value)));
        return form;
    }

    /// <summary>Describes a published file.</summary>
    public JsonObject OfFile(JsonNode file) => new()
    {
        ["bucket"] = file["bucket"]!.DeepClone(),
        ["key"] = file["key"]!.DeepClone(),
        ["content_type"] = file["content_type"]?.DeepClone(),
        ["body"] = texts.OfFile(Convert.FromBase64String(file["body_b64"]!.GetValue<string>())),
    };

    /// <summary>Describes a notification; a message per protocol is opened.</summary>
    public JsonObject OfNotification(JsonNode notification)
    {
        JsonObject form = new()
        {
            ["subject"] = notification["subject"]?.DeepClone(),
            ["target_arn"] = notification["target_arn"]?.DeepClone(),
            ["message_structure"] = notification["message_structure"]?.DeepClone(),
        };
        JsonNode? message = JsonNode.Parse(notification["message"]!.GetValue<string>());
        if (notification["message_structure"]?.GetValue<string>() == "json")
        {
            IEnumerable<string> protocols = message!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
            form["protocols"] = Describer.Strings(protocols);
            message = JsonNode.Parse(message["default"]!.GetValue<string>());
        }

        form["message"] = texts.OfJson(message);
        return form;
    }

    private static JsonObject Sorted(IEnumerable<KeyValuePair<string, JsonObject>> attributes) => new(attributes
        .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
        .Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)attribute.Value)));

    private Dictionary<string, JsonObject> Attributes(JsonNode? item) =>
        (item?.AsObject() ?? []).ToDictionary(attribute => attribute.Key, attribute => texts.OfAttribute(attribute.Value!));
}

/// <summary>Describes what certificates and CRLs have in common.</summary>
internal sealed class Describer(Labels labels, CaKeys keys)
{
    /// <summary>Describes algorithms and signer.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Signature(SignedDer frame, DerNode innerAlgorithm)
    {
        JsonObject outer = KeyForm.OfAlgorithm(frame.Algorithm);
        bool same = JsonNode.DeepEquals(outer, KeyForm.OfAlgorithm(innerAlgorithm));
        yield return new("signature_algorithm", outer);
        yield return new("tbs_algorithm_same", same);
        yield return new("signed_by", keys.SignerOf(frame));
    }

    /// <summary>Describes the issuer's name, and which certificates here have it as their subject.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> Issuer(DerNode issuer)
    {
        IEnumerable<string> holders = labels.Certificates
            .Where(certificate => certificate.Value.Subject.Raw.Span.SequenceEqual(issuer.Raw.Span))
            .Select(certificate => certificate.Label);
        yield return new("issuer", NameForm.Of(issuer));
        yield return new("issuer_is_subject_of", Strings(holders));
    }

    /// <summary>Describes extensions in order, and finds the keys of key identifiers.</summary>
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

    /// <summary>Says whose key this is.</summary>
    public string KeyName(ReadOnlyMemory<byte> keyInfo) => keys.NameOf(keyInfo);

    /// <summary>Replaces known serial numbers by names.</summary>
    public string NameSerials(string text) => labels.NameSerials(text);

    public static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
