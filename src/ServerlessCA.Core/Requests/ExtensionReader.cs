using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads <c>extensions</c>. One refused extension refuses the request; the texts are contract.</summary>
internal sealed class ExtensionReader(IReadOnlyList<string> allowlist)
{
    private const int MaxExtensions = 100; // our decision

    /// <summary>The CA sets these itself, allowlisted or not (SPEC section 5).</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.35", "2.5.29.37", "1.3.6.1.5.5.7.1.1",
    };

    private readonly List<CertificateExtension> read = [];

    /// <summary>The first refusal, told after key reuse.</summary>
    public Rejection? Fault { get; private set; }

    public IReadOnlyList<CertificateExtension> Read(FieldReader reader)
    {
        foreach (JsonElement element in reader.List(RequestKeys.Extensions, MaxExtensions))
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                reader.Refuse(RequestKeys.Extensions, $"extensions must hold {{oid, value_b64, critical}}: it holds a {Excerpt.KindOf(element)}");
                return [];
            }

            Fault ??= ReadOne(element);
        }

        return Fault is null ? read : [];
    }

    private Rejection? ReadOne(JsonElement element)
    {
        if (Member(element, "oid") is not { } oidElement || oidElement.ValueKind == JsonValueKind.String && oidElement.GetString() == "")
        {
            return Refused("Custom extension is missing required field 'oid'");
        }

        if (oidElement.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return Refused($"Custom extension OID must be text, not a {Excerpt.KindOf(oidElement)}");
        }

        string oid = oidElement.ValueKind == JsonValueKind.String ? oidElement.GetString()! : oidElement.GetRawText();
        string name = $"Custom extension OID {Excerpt.Of(oid)}";
        bool valid = ObjectIdentifierText.TryNormalise(oid, out string? normal);
        string? why = Reserved.Contains(oid) || (valid && Reserved.Contains(normal!)) ? "is reserved and cannot be set by callers"
            : !allowlist.Contains(oid, StringComparer.Ordinal) ? "is not in the configured allowlist"
            : read.Any(extension => extension.Oid == normal) ? "is specified more than once"
            : !valid ? "is not a valid object identifier"
            : null;
        return why is null ? ReadValue(element, name, normal!) : Refused($"{name} {why}");
    }

    private Rejection? ReadValue(JsonElement element, string name, string oid)
    {
        if (Member(element, "value_b64") is not { } value)
        {
            return Refused($"{name} is missing required field 'value_b64'");
        }

        bool? critical = Member(element, "critical") is { } flag ? FieldReader.Flag(flag) : false;
        byte[]? der = Base64(value);
        string? why = der is null ? "has an invalid base64 value"
            : !DerSyntax.IsWellFormed(der) ? "has a value that is not one DER element"
            : critical is null ? "has a field 'critical' that is neither true nor false"
            : null;
        if (why is null)
        {
            read.Add(new CertificateExtension(oid, critical!.Value, der));
        }

        return why is null ? null : Refused($"{name} {why}");
    }

    private static JsonElement? Member(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    // Without white space, as the original had it: Convert alone would skip line ends.
    private static byte[]? Base64(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString()!.Any(char.IsWhiteSpace))
        {
            return null;
        }

        string text = value.GetString()!;
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int count) ? bytes[..count] : null;
    }

    private static Rejection Refused(string message) => new(RejectionCode.ExtensionRefused, RequestKeys.Extensions, message);
}
