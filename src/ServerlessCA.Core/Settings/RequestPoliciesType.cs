using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Reads request policies from an object: the name of each, and an object with its rules. A member that is absent or null has the
/// strictest value but for <c>max_days</c> and <c>usages</c>; an unknown one is an error, since it might have been meant to forbid.</summary>
internal sealed partial class RequestPoliciesType : SettingType<IReadOnlyList<RequestPolicy>>
{
    // Names of Lambda aliases (AWS: at most 128 of these characters, not digits alone); 64 is our decision.
    private const string NamePattern = "(?![0-9]+$)[A-Za-z0-9_-]{1,64}";
    private const string NameExpected = "a name of at most 64 letters, digits, dashes and underscores, not of digits alone";

    public override string Kind => $"object of policies, each an object of {string.Join(", ", RequestPolicyKeys.All)}";

    public override string TerraformType => "map(object)";

    public override string Expected => """an object of policies, such as {"web": {"common_names": ["*.example.com"]}}""";

    public override string ExpectedText => $"JSON: {Expected}";

    public override void Write(Utf8JsonWriter json, IReadOnlyList<RequestPolicy> value)
    {
        json.WriteStartObject();
        foreach (RequestPolicy policy in value)
        {
            json.WriteStartObject(policy.Name);
            WriteList(json, RequestPolicyKeys.CommonNames, policy.CommonNames.Select(pattern => pattern.Text));
            WriteList(json, RequestPolicyKeys.Sans, policy.Sans.Select(pattern => pattern.ToString()));
            WriteList(json, RequestPolicyKeys.Usages, policy.Usages);
            if (policy.MaxDays is { } days)
            {
                json.WriteNumber(RequestPolicyKeys.MaxDays, days);
            }

            WriteList(json, RequestPolicyKeys.Extensions, policy.Extensions);
            json.WriteBoolean(RequestPolicyKeys.AllowForce, policy.AllowForce);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    internal override JsonObject Schema()
    {
        var members = new JsonObject
        {
            [RequestPolicyKeys.CommonNames] = JsonSchema.Described(
                JsonSchema.List(JsonSchema.Name()), "Patterns of common names; * stands for any characters of one label, and alone for any name."),
            [RequestPolicyKeys.Sans] = OrNull(
                JsonSchema.List(JsonSchema.Name(@"\*|(?:DNS_NAME|IP_ADDRESS|EMAIL_ADDRESS|URL|DN):[\s\S]+")),
                "Patterns of alternative names, TYPE:PATTERN, for IP_ADDRESS a network. Without it: DNS_NAME with the patterns of common_names."),
            [RequestPolicyKeys.Usages] = OrNull(
                JsonSchema.List(JsonSchema.OneOf([RequestPolicy.AnyUsage, .. ExtendedKeyUsage.Purposes, .. ExtendedKeyUsage.Names.Where(name => name != ExtendedKeyUsage.None)], JsonSchema.Oid)),
                "Extended key usages, as requests name them, or *. Without it: client_auth and server_auth."),
            [RequestPolicyKeys.MaxDays] = JsonSchema.Described(JsonSchema.Whole(1, SettingsSchema.MaxLifetime), "The longest lifetime in days. Without it: that of the CA."),
            [RequestPolicyKeys.Extensions] = OrNull(JsonSchema.List(JsonSchema.Name(JsonSchema.Oid)), "Custom extensions, which the CA must allow, too. Without it: none."),
            [RequestPolicyKeys.AllowForce] = JsonSchema.Described(JsonSchema.Flag(), "Whether force_issue may allow a key that was used before."),
        };
        return JsonSchema.Any(
            new JsonObject
            {
                ["type"] = "object",
                ["propertyNames"] = new JsonObject { ["pattern"] = $"^{NamePattern}$" },
                ["additionalProperties"] = JsonSchema.Object(members, [RequestPolicyKeys.CommonNames], remarks: false),
            },
            JsonSchema.Null());
    }

    internal override bool TryRead(JsonElement json, SettingFaults faults, [NotNullWhen(true)] out IReadOnlyList<RequestPolicy>? value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Report(SettingFault.NotObject);
            return false;
        }

        var read = new List<RequestPolicy>();
        bool isGood = true;
        foreach (JsonProperty policy in json.EnumerateObject())
        {
            if (!Name().IsMatch(policy.Name))
            {
                faults.Report(SettingFault.Unfit, policy.Name, NameExpected, null);
                isGood = false;
            }
            else if (new PolicyReader(policy.Name, policy.Value, faults).Read() is { } one)
            {
                read.Add(one);
            }
            else
            {
                isGood = false;
            }
        }

        value = isGood ? read : null;
        return isGood;
    }

    private static JsonObject OrNull(JsonObject list, string description) => JsonSchema.Described(JsonSchema.Any(list, JsonSchema.Null()), description);

    private static void WriteList(Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        json.WriteStartArray(key);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    [GeneratedRegex($@"\A{NamePattern}\z")]
    private static partial Regex Name();

    /// <summary>Reads one policy.</summary>
    private sealed class PolicyReader(string name, JsonElement json, SettingFaults faults)
    {
        private delegate bool Reading<T>(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? why);

        private bool isGood = true;

        /// <summary>Returns the policy; null after a problem was reported.</summary>
        public RequestPolicy? Read()
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                return Fault<RequestPolicy>(null, "an object with common_names", json);
            }

            foreach (JsonProperty member in json.EnumerateObject().Where(member => !RequestPolicyKeys.All.Contains(member.Name)))
            {
                isGood = false;
                faults.Report(SettingFault.Unknown, $"{name}.{member.Name}", string.Join(", ", RequestPolicyKeys.All), member.Value);
            }

            IReadOnlyList<NamePattern>? names = List<NamePattern>(RequestPolicyKeys.CommonNames, Names.NamePattern.TryParse);
            if (names is not { Count: > 0 } && isGood)
            {
                Fault<object>(RequestPolicyKeys.CommonNames, "a list of at least one pattern; \"*\" allows any name", Find(RequestPolicyKeys.CommonNames));
            }

            var policy = new RequestPolicy
            {
                Name = name,
                CommonNames = names ?? [],
                Sans = List<SanPattern>(RequestPolicyKeys.Sans, SanPattern.TryParse),
                MaxDays = Days(),
                Extensions = List<string>(RequestPolicyKeys.Extensions, TryReadOid) ?? [],
                AllowForce = Flag(),
            };
            IReadOnlyList<string>? usages = List<string>(RequestPolicyKeys.Usages, TryReadUsage);
            return !isGood ? null : usages is null ? policy : policy with { Usages = usages };
        }

        private static bool TryReadOid(string text, [NotNullWhen(true)] out string? oid, [NotNullWhen(false)] out string? why)
        {
            why = ObjectIdentifierText.TryNormalise(text, out oid) ? null : "must be an object identifier";
            return why is null;
        }

        private static bool TryReadUsage(string text, [NotNullWhen(true)] out string? oid, [NotNullWhen(false)] out string? why)
        {
            oid = text == RequestPolicy.AnyUsage ? text
                : ExtendedKeyUsage.OfPurpose(text) ?? ExtendedKeyUsage.OfName(text) ?? (ObjectIdentifierText.TryNormalise(text, out string? dotted) ? dotted : null);
            why = oid is null ? "must be a usage that requests know, an object identifier, or *" : null;
            return why is null;
        }

        private JsonElement? Find(string key) => json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

        private List<T>? List<T>(string key, Reading<T> read)
            where T : class
        {
            if (Find(key) is not { } list)
            {
                return null;
            }

            if (list.ValueKind != JsonValueKind.Array)
            {
                return Fault<List<T>>(key, "a list of texts", list);
            }

            var values = new List<T>(list.GetArrayLength());
            foreach (JsonElement element in list.EnumerateArray())
            {
                string? why = "must be a text";
                if (element.ValueKind == JsonValueKind.String && read(element.GetString()!, out T? value, out why))
                {
                    values.Add(value);
                }
                else
                {
                    Fault<T>(key, $"a list in which each value fits: {Excerpt.Of(element.GetRawText())} {why}", element);
                }
            }

            return values;
        }

        private int? Days()
        {
            if (Find(RequestPolicyKeys.MaxDays) is not { } days)
            {
                return null;
            }

            if (!NumberType.TryRead(days, 1, SettingsSchema.MaxLifetime, out int number))
            {
                Fault<object>(RequestPolicyKeys.MaxDays, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {SettingsSchema.MaxLifetime}"), days);
            }

            return number;
        }

        private bool Flag()
        {
            JsonElement? flag = Find(RequestPolicyKeys.AllowForce);
            if (flag is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
            {
                Fault<object>(RequestPolicyKeys.AllowForce, "true or false", flag);
            }

            return flag is { ValueKind: JsonValueKind.True };
        }

        private T? Fault<T>(string? member, string expected, JsonElement? there)
            where T : class
        {
            isGood = false;
            faults.Report(there is null ? SettingFault.Missing : SettingFault.Unfit, member is null ? name : $"{name}.{member}", expected, there);
            return null;
        }
    }
}
