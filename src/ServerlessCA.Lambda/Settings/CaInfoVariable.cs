using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Lambda.Settings;

/// <summary>Reads <c>ROOT_CA_INFO</c> or <c>ISSUING_CA_INFO</c> (SPEC section 3). Terraform writes null for what is not set.</summary>
internal static class CaInfoVariable
{
    private const int MaxLifetime = 36_500; // days, our decision: a hundred years
    private const int MaxPathLength = 255; // our decision: nobody nests deeper

    public static CaInfo Read(EnvironmentVariables variables, string name, CaInfo defaults)
    {
        const string Expected = """a JSON object such as {"commonName": "My CA", "country": "GB", "lifetime": 3650}""";
        variables.Required(name, Expected);
        if (variables.Json(name, Expected) is not { } json)
        {
            return defaults;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            variables.Report($"{name} is no JSON object: set it to {Expected}");
            return defaults;
        }

        int lifetime = Number(variables, name, json, "lifetime", MaxLifetime) ?? 0;
        var info = new CaInfo
        {
            CommonName = Text(variables, name, json, "commonName") ?? "",
            Country = Text(variables, name, json, "country"),
            State = Text(variables, name, json, "state"),
            Locality = Text(variables, name, json, "locality"),
            Organization = Text(variables, name, json, "organization"),
            OrganizationalUnit = Text(variables, name, json, "organizationalUnit"),
            EmailAddress = Text(variables, name, json, "emailAddress"),
            Lifetime = lifetime > 0 ? lifetime : defaults.Lifetime, // 0 is no lifetime, as it always was
            PathLengthConstraint = Number(variables, name, json, "pathLengthConstraint", MaxPathLength),
        };
        if (info.CommonName.Length == 0)
        {
            variables.Report($"{name}: commonName is missing: give the CA a name");
        }

        return info; // what else a new CA may not be called is looked at when one is created (SPEC 12.30)
    }

    /// <summary>The lifetime alone, for a function that only warns by it. What else is wrong the function that creates the CA
    /// says: it must not keep a CRL from being published.</summary>
    public static CaInfo ReadLifetime(EnvironmentVariables variables, string name, CaInfo defaults)
    {
        try
        {
            using var json = JsonDocument.Parse(variables.Text(name) ?? "{}");
            return json.RootElement.TryGetProperty("lifetime", out JsonElement value) && value.ValueKind == JsonValueKind.Number
                && value.TryGetInt32(out int days) && days is > 0 and <= MaxLifetime ? defaults with { Lifetime = days } : defaults;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return defaults;
        }
    }

    private static string? Text(EnvironmentVariables variables, string name, JsonElement json, string key)
    {
        if (!json.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        variables.Report($"{name}: {key} is no text: write it in quotes");
        return null;
    }

    private static int? Number(EnvironmentVariables variables, string name, JsonElement json, string key, int max)
    {
        if (!json.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0 && number <= max)
        {
            return number;
        }

        variables.Report(string.Create(CultureInfo.InvariantCulture, $"{name}: {key} must be a whole number from 0 to {max}"));
        return null;
    }
}
