using System.Text.Json;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Maps extended key usages to the names that requests give them (contract section 5).</summary>
public static class ExtendedKeyUsage
{
    /// <summary>Identifies id-kp-serverAuth (RFC 5280 §4.2.1.12).</summary>
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    /// <summary>Identifies id-kp-clientAuth (RFC 5280 §4.2.1.12).</summary>
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>Identifies id-kp-OCSPSigning, whose holder answers for the CA which certificates are revoked (RFC 6960
    /// §4.2.2.2). Allowed only where the operator says so (contract 12.20).</summary>
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    /// <summary>Names no usage: it adds nothing.</summary>
    public const string None = "NONE";

    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["TLS_WEB_SERVER_AUTHENTICATION"] = ServerAuth,
        ["TLS_WEB_CLIENT_AUTHENTICATION"] = ClientAuth,
        ["CODE_SIGNING"] = "1.3.6.1.5.5.7.3.3",
        ["EMAIL_PROTECTION"] = "1.3.6.1.5.5.7.3.4",
        ["IPSEC_END_SYSTEM"] = "1.3.6.1.5.5.7.3.5",
        ["IPSEC_TUNNEL"] = "1.3.6.1.5.5.7.3.6",
        ["IPSEC_USER"] = "1.3.6.1.5.5.7.3.7",
        ["TIME_STAMPING"] = "1.3.6.1.5.5.7.3.8",
        ["OCSP_SIGNING"] = OcspSigning,
        ["ANY"] = "2.5.29.37.0",
    };

    private static readonly Dictionary<string, string> ByPurpose = new(StringComparer.Ordinal)
    {
        ["client_auth"] = ClientAuth,
        ["server_auth"] = ServerAuth,
    };

    /// <summary>Gets the names, for help texts.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Append(None);

    /// <summary>Gets the purposes, for help texts.</summary>
    public static IEnumerable<string> Purposes => ByPurpose.Keys;

    /// <summary>Returns the OID of a name such as <c>CODE_SIGNING</c>; null when the name is unknown. Case counts.</summary>
    public static string? OfName(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Returns the OID of a word of a request, which may be a dotted OID itself; null when the word adds
    /// nothing.</summary>
    public static string? OidOf(string word) => OfName(word) ?? (word is ['0' or '1' or '2', '.', ..] ? word : null);

    /// <summary>Returns the OID of a purpose; null when it is unknown. Case counts.</summary>
    public static string? OfPurpose(string purpose) => ByPurpose.GetValueOrDefault(purpose);

    /// <summary>Returns the name of an OID; the OID itself when it has none.</summary>
    public static string NameOf(string oid) => ByName.FirstOrDefault(known => known.Value == oid).Key ?? oid;
}

/// <summary>Reads <c>purposes</c> and <c>extended_key_usages</c>.</summary>
internal sealed class UsageReader(FieldReader reader)
{
    /// <summary>Limits the elements of a list; our decision.</summary>
    public const int MaxUsages = 100;

    /// <summary>Reads the known purposes, once each, in order.</summary>
    public IReadOnlyList<string> Purposes()
    {
        var purposes = new List<string>();
        foreach (JsonElement element in reader.List(RequestKeys.Purposes, MaxUsages, oneText: true))
        {
            string? purpose = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            if (purpose is null || ExtendedKeyUsage.OfPurpose(purpose) is null)
            {
                reader.LeaveOut(RequestKeys.Purposes, () => Shown(element), "purposes are client_auth and server_auth");
            }
            else if (!purposes.Contains(purpose))
            {
                purposes.Add(purpose);
            }
        }

        return purposes;
    }

    /// <summary>Reads the known names and OIDs, in order.</summary>
    public IReadOnlyList<string> Named()
    {
        var usages = new List<string>();
        foreach (JsonElement element in reader.List(RequestKeys.ExtendedKeyUsages, MaxUsages, oneText: true))
        {
            string? name = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            if (name is ExtendedKeyUsage.None)
            {
                continue;
            }

            if (name is not null && (name.StartsWith("1.", StringComparison.Ordinal) || name.StartsWith("2.", StringComparison.Ordinal)))
            {
                AddOid(name, usages);
            }
            else if (name is not null && ExtendedKeyUsage.OfName(name) is not null)
            {
                usages.Add(name);
            }
            else
            {
                reader.LeaveOut(RequestKeys.ExtendedKeyUsages, () => Shown(element), "no known usage or OID");
            }
        }

        return usages;
    }

    private void AddOid(string text, List<string> usages)
    {
        if (ObjectIdentifierText.TryNormalise(text, out string? oid) && oid == text)
        {
            usages.Add(oid);
            return;
        }

        reader.Refuse(RequestKeys.ExtendedKeyUsages, $"extended_key_usages: '{Excerpt.Of(text)}' is not a valid object identifier");
    }

    private static string Shown(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? $"'{Excerpt.Of(element.GetString()!)}'" : $"a {Excerpt.KindOf(element)}";
}
