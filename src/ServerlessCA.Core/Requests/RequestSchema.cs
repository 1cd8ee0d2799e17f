using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Requests;

/// <summary>Writes the JSON Schemas of a request and of <c>tls.json</c>. What a schema accepts <see cref="RequestReader"/> reads without
/// a fault or a warning about the JSON; whether the CA grants it is another matter. A test compares the keys with
/// <see cref="RequestKeys.All"/>.</summary>
public static class RequestSchema
{
    private const string Days = @"(?![\s+0_]*$)\s*\+?\p{Nd}+(?:_\p{Nd}+)*\s*"; // WholeNumber reads these texts; 0 days are refused
    private const string Base64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"; // without blanks, and not empty

    private static readonly string[] NameTypes =
        [DnsGeneralName.TypeName, IpGeneralName.TypeName, EmailGeneralName.TypeName, UriGeneralName.TypeName, DirectoryGeneralName.TypeName];

    /// <summary>Writes the schema of one request: what the function <c>tls-cert</c> receives, or <c>request --file</c>.</summary>
    public static string OfRequest() => JsonSchema.Write(
        "A request for a certificate",
        "A request to a Serverless CA: the event of the function that issues certificates, or the file of 'serverless-ca request --file'.",
        Request());

    /// <summary>Writes the schema of <c>tls.json</c>.</summary>
    public static string OfList() => JsonSchema.Write(
        "tls.json: certificates that a GitOps folder requests",
        "A list of requests to a Serverless CA. Each gets its certificate once, in the next run; the CSRs are beside the list, in csrs/.",
        JsonSchema.List(Request()));

    private static JsonObject Request()
    {
        var properties = new JsonObject { ["$schema"] = JsonSchema.Itself() };
        foreach (string key in RequestKeys.All)
        {
            (JsonObject value, string text) = Field(key);
            properties[key] = JsonSchema.Described(value, text);
        }

        return JsonSchema.Object(properties, required: [], remarks: true);
    }

    private static (JsonObject Value, string Text) Field(string key) => key switch
    {
        RequestKeys.Lifetime => (
            new JsonObject
            {
                ["type"] = new JsonArray("integer", "string", "null"), ["minimum"] = 1, ["pattern"] = $"^(?:{Days})$", ["default"] = CertificateRequest.DefaultLifetime,
            },
            "How long the certificate is valid, in days. The CA cuts it to its maximum, max_cert_lifetime."),
        RequestKeys.Purposes => (
            OneOrMore(JsonSchema.OneOf(ExtendedKeyUsage.Purposes)),
            "What the certificate is for: client_auth (the default), server_auth, or both."),
        RequestKeys.ExtendedKeyUsages => (
            OneOrMore(JsonSchema.OneOf(ExtendedKeyUsage.Names, $"(?=[12]){JsonSchema.Oid}")),
            "Extended key usages besides the purposes: names or dotted object identifiers."),
        RequestKeys.Sans => (
            Sans(),
            "Subject alternative names. Without any, the common name stands in if it is a domain. A text alone is a DNS name. "
            + "A name that is not valid is left out, with a warning: 'serverless-ca plan' shows it."),
        RequestKeys.Extensions => (
            JsonSchema.Any(JsonSchema.List(Extension(), ExtensionReader.MaxExtensions), JsonSchema.Null()),
            "Custom extensions. The CA's setting custom_extension_allowlist must allow each."),
        RequestKeys.CsrFile => (
            JsonSchema.Text(greatest: RequestReader.MaxFileName),
            "The name of the file in csrs/ that holds the CSR as PEM, such as server.csr. It wins over base64_csr_data."),
        RequestKeys.Base64CsrData => (JsonSchema.Text(greatest: RequestReader.MaxCsrText), "The CSR: base64 of its whole PEM text."),
        RequestKeys.ForceIssue => (Flag(false), "Whether a key that has a certificate already may have another one."),
        RequestKeys.CertBundle => (Flag(false), "Whether the answer has the certificate together with those of the issuing and the root CA."),
        RequestKeys.CaChainOnly => (Flag(false), "Whether to answer with the certificates of the CAs alone; it has no place in tls.json."),
        RequestKeys.NotifyExpiry => (Flag(null), "Whether to remind of the expiry. Without it: yes for entries of tls.json, no for others."),
        RequestKeys.NotifyIssued => (Flag(null), "Whether to send a notification when the certificate is issued. Without it: yes for entries of tls.json, no for others."),
        RequestKeys.IdempotencyToken => (
            JsonSchema.Text(greatest: RequestReader.MaxToken),
            "A text of the caller's choice: a repeated request with the same token gets the same certificate."),
        _ => Attribute(SubjectAttributes.All.Single(attribute => attribute.RequestKey == key)),
    };

    private static (JsonObject Value, string Text) Attribute(SubjectAttribute attribute) =>
        attribute == SubjectAttributes.CommonName ? (JsonSchema.Text(greatest: attribute.MaxLength), "The common name of the subject, such as server.example.com. Without it that of the CSR counts.")
        : attribute == SubjectAttributes.Country ? (JsonSchema.Text("(?:[A-Za-z]{2})?"), "The country of the subject (C): two letters, such as GB. Without it that of the CSR counts.")
        : (JsonSchema.Text(greatest: attribute.MaxLength), $"The {WordsFor(attribute)} of the subject ({attribute.Keyword}). Without it that of the CSR counts.");

    private static string WordsFor(SubjectAttribute attribute) => attribute == SubjectAttributes.EmailAddress ? "e-mail address" : attribute.RequestKey.Replace('_', ' ');

    private static JsonObject Flag(bool? byDefault)
    {
        JsonObject flag = JsonSchema.FlagOrText("true|false"); // contract 12.2
        if (byDefault is { } value)
        {
            flag["default"] = value;
        }

        return flag;
    }

    private static JsonObject OneOrMore(JsonObject element) => JsonSchema.Any(
        JsonSchema.List(element, UsageReader.MaxUsages), element.DeepClone().AsObject(), JsonSchema.Null());

    private static JsonObject Sans() => JsonSchema.Any(
        JsonSchema.List(JsonSchema.Any(JsonSchema.Name(), TypedName()), SanReader.MaxNames), JsonSchema.Text(), TypedName(), NamesByType());

    private static JsonObject TypedName()
    {
        JsonObject type = JsonSchema.Any(JsonSchema.OneOf(NameTypes, AnyCaseOfTypes()), JsonSchema.Null());
        var properties = new JsonObject
        {
            [SanReader.Type] = JsonSchema.Described(type, "The kind of the name. Without it: a DNS name."),
            [SanReader.Value] = JsonSchema.Described(Names(), "The name, or several of this kind."),
        };
        return JsonSchema.Object(properties, [SanReader.Value], remarks: true);
    }

    private static JsonObject NamesByType()
    {
        var properties = new JsonObject();
        foreach (string type in NameTypes)
        {
            properties[type] = JsonSchema.Described(JsonSchema.Any(Names(), JsonSchema.Null()), Meaning(type));
        }

        JsonObject map = JsonSchema.Object(properties, required: [], remarks: true);
        map["patternProperties"]!.AsObject()[$"^(?:{AnyCaseOfTypes()})$"] = JsonSchema.Any(Names(), JsonSchema.Null());
        return map;
    }

    private static JsonObject Names() => JsonSchema.Any(JsonSchema.Name(), JsonSchema.List(JsonSchema.Name()));

    private static string AnyCaseOfTypes() => string.Join('|', NameTypes.Select(JsonSchema.AnyCase));

    private static string Meaning(string type) => type switch
    {
        DnsGeneralName.TypeName => "Host names; the first label may be *.",
        IpGeneralName.TypeName => "Addresses, IPv4 or IPv6.",
        EmailGeneralName.TypeName => "E-mail addresses.",
        UriGeneralName.TypeName => "URLs, such as SPIFFE IDs.",
        _ => "Distinguished names, such as CN=name,O=organization.",
    };

    private static JsonObject Extension()
    {
        var properties = new JsonObject
        {
            [ExtensionReader.Oid] = JsonSchema.Described(JsonSchema.Name(JsonSchema.Oid), "The object identifier of the extension, dotted."),
            [ExtensionReader.Value] = JsonSchema.Described(JsonSchema.Name(Base64), "The DER of the extension's value, in base64."),
            [ExtensionReader.Critical] = JsonSchema.Described(Flag(false), "Whether programs that do not know the extension must refuse the certificate."),
        };
        return JsonSchema.Object(properties, [ExtensionReader.Oid, ExtensionReader.Value], remarks: true);
    }
}
