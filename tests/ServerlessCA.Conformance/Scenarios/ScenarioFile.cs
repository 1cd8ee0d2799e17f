using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>A file of cases that share settings and certificate requests.</summary>
/// <param name="Theme">What they are about.</param>
/// <param name="Csrs">PKCS #10 requests in PEM, by name.</param>
/// <param name="Cases">The cases in order.</param>
public sealed record ScenarioFile(string Theme, IReadOnlyDictionary<string, string> Csrs, IReadOnlyList<ScenarioCase> Cases)
{
    /// <summary>Reads a file's JSON.</summary>
    public static ScenarioFile Parse(JsonNode file)
    {
        JsonObject settings = file["settings"]?.AsObject() ?? [];
        return new ScenarioFile(
            file["theme"]?.GetValue<string>() ?? "",
            (file["csrs"]?.AsObject() ?? []).ToDictionary(csr => csr.Key, csr => csr.Value!.GetValue<string>()),
            [.. file["cases"]!.AsArray().Select(found => ScenarioCase.Parse(found!.AsObject(), settings))]);
    }
}
