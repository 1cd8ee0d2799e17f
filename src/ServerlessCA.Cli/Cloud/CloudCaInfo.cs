using System.Text.Json;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>The settings of a CA as its create function has them, <c>ROOT_CA_INFO</c> or <c>ISSUING_CA_INFO</c>. The function
/// checks their form itself: what it does not understand it does not run with.</summary>
internal static class CloudCaInfo
{
    /// <summary>Reads them; the defaults when they are not there or of another form.</summary>
    public static CaInfo Read(string? json, CaInfo defaults)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json ?? "");
            return Read(document.RootElement, defaults);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return defaults;
        }
    }

    private static CaInfo Read(JsonElement info, CaInfo defaults) => new()
    {
        CommonName = Text(info, "commonName") ?? "",
        Country = Text(info, "country"),
        State = Text(info, "state"),
        Locality = Text(info, "locality"),
        Organization = Text(info, "organization"),
        OrganizationalUnit = Text(info, "organizationalUnit"),
        EmailAddress = Text(info, "emailAddress"),
        Lifetime = Number(info, "lifetime") ?? defaults.Lifetime,
        PathLengthConstraint = Number(info, "pathLengthConstraint"),
    };

    private static string? Text(JsonElement info, string key) => info.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;

    private static int? Number(JsonElement info, string key) =>
        info.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetInt32() : null;
}
