using System.Text.Json;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads <c>purposes</c> and <c>extended_key_usages</c> into OIDs, once each, purposes first.</summary>
internal sealed class UsageReader(FieldReader reader)
{
    private const int MaxUsages = 100; // our decision

    public (IReadOnlyList<string> Purposes, IReadOnlyList<string> Usages) Read()
    {
        IReadOnlyList<string> purposes = Purposes();
        IEnumerable<string> usages = purposes.Select(purpose => ExtendedKeyUsage.OfPurpose(purpose)!).Concat(Named());
        return (purposes, [.. usages.Distinct(StringComparer.Ordinal)]);
    }

    private List<string> Purposes()
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

        return purposes.Count > 0 ? purposes : [RequestFields.DefaultPurpose];
    }

    private List<string> Named()
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
            else if (name is not null && ExtendedKeyUsage.OfName(name) is { } oid)
            {
                usages.Add(oid);
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
