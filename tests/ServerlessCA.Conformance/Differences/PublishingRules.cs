using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Differences in what is published.</summary>
internal static class PublishingRules
{
    private static readonly (string Ending, string Type)[] Types =
    [
        (".crl.pem", "application/x-pem-file"), (".pem", "application/x-pem-file"),
        (".crl", "application/pkix-crl"), (".crt", "application/pkix-cert"),
    ];

    /// <summary>SPEC 12.6: files say what they are.</summary>
    public static bool FilesSayWhatTheyAre(ExpectedCase expected)
    {
        bool any = false;
        foreach (JsonObject file in Files(expected))
        {
            string key = file["key"]!.GetValue<string>();
            string type = Types.First(type => key.EndsWith(type.Ending, StringComparison.Ordinal)).Type;
            any |= file["content_type"]?.GetValue<string>() != type;
            file["content_type"] = type;
        }

        return any;
    }

    /// <summary>SPEC 12.6: a CA certificate is published as DER too, right after the PEM.</summary>
    public static bool CertificatesAreDerToo(ExpectedCase expected)
    {
        JsonObject[] certificates = [.. Files(expected).Where(file => file["key"]!.GetValue<string>().EndsWith(".crt", StringComparison.Ordinal))];
        foreach (JsonObject pem in certificates)
        {
            JsonArray all = pem.Parent!.AsArray();
            all.Insert(all.IndexOf(pem) + 1, new JsonObject
            {
                ["bucket"] = pem["bucket"]!.DeepClone(),
                ["key"] = pem["key"]!.GetValue<string>()[..^".crt".Length] + ".cer",
                ["content_type"] = "application/pkix-cert",
                ["body"] = new JsonObject { ["$der"] = pem["body"]!["$text"]!.GetValue<string>()["<PEM ".Length..^">\n".Length] },
            });
        }

        return certificates.Length > 0;
    }

    private static JsonObject[] Files(ExpectedCase expected) =>
        [.. expected.Steps.Where(step => step.Form["s3"] is not null).SelectMany(step => step.Files).Select(file => file!.AsObject())];
}
