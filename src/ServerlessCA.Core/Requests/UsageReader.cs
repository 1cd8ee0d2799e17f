using System.Text.Json;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads <c>purposes</c> and <c>extended_key_usages</c>.</summary>
internal sealed class UsageReader(FieldReader reader)
{
    private const int MaxUsages = 100; // our decision

    /// <summary>Known purposes, once each, in order.</summary>
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

    /// <summary>Known names and OIDs, in order.</summary>
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
