using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>The kind of a refusal, for programs (contract 12.2), beside the text of the contract, which stays. A second opinion.</summary>
internal static class RefusalCodes
{
    private static readonly Dictionary<string, string> ByText = new()
    {
        ["CSR must include a Common Name"] = "csr_not_accepted",
        ["CSR signature is not valid"] = "csr_not_accepted",
        ["Private key has already been used for a certificate"] = "key_used",
        ["Certificate already issued"] = "already_issued",
        ["Common name is reserved"] = "name_reserved",
        ["Subject is reserved"] = "subject_reserved",
        ["OCSP_SIGNING is not allowed"] = "ocsp_signing_refused",
    };

    private static readonly (string Begin, string End, string Code)[] ByPattern =
    [
        ("CA ", " not found", "ca_not_found"),
        ("CSR file '", "", "csr_file_not_found"),
        ("", " is too short", "lifetime_too_short"),
        ("Custom extension ", "", "extension_refused"),
        ("CA ", "", "ca_not_usable"),
        ("public key ", "", "csr_not_accepted"),
        ("Key is weak: ", "", "csr_not_accepted"),
        ("base64_csr_data: ", "", "csr_not_accepted"),
        ("csr_file: ", "", "csr_not_accepted"),
    ];

    /// <summary>Every refusal has its code.</summary>
    public static bool EveryRefusalHasOne(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => request.Refusal is not null))
        {
            // Texts with a PEM mark in them are marked as texts in the normal form.
            JsonNode text = request.Answer!["error"] is JsonObject marked ? marked["$text"]! : request.Answer["error"]!;
            request.Answer["code"] = CodeOf(text.GetValue<string>());
            any = true;
        }

        return any;
    }

    private static JsonNode CodeOf(string text) => ByText.GetValueOrDefault(text) ?? ByPattern
        .Where(known => text.StartsWith(known.Begin, StringComparison.Ordinal) && text.EndsWith(known.End, StringComparison.Ordinal))
        .Select(known => known.Code).FirstOrDefault("malformed");
}
