using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Changes what is published.</summary>
internal static class PublishingRules
{
    private static readonly (string Ending, string Type)[] Types =
    [
        (".crl.pem", "application/x-pem-file"), (".pem", "application/x-pem-file"),
        (".crl", "application/pkix-crl"), (".crt", "application/pkix-cert"),
    ];

    /// <summary>Contract 12.6: files say what they are.</summary>
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

    /// <summary>Contract 12.6: a CA certificate is published as DER too, right after the PEM.</summary>
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

    /// <summary>Contract 12.21: a copy of a CRL is in the internal store before it is published.</summary>
    public static bool CrlsAreCopied(ExpectedCase expected)
    {
        JsonObject[] crls = [.. Files(expected).Where(file => file["key"]!.GetValue<string>().EndsWith(".crl", StringComparison.Ordinal))];
        foreach (JsonObject der in crls)
        {
            JsonArray all = der.Parent!.AsArray();
            JsonObject copy = der.DeepClone().AsObject();
            copy["bucket"] = "internal-bucket";
            copy["key"] = $"crl/{der["key"]!.GetValue<string>()}";
            all.Insert(all.IndexOf(der), copy);
        }

        return crls.Length > 0;
    }

    /// <summary>Contract 12.28: a CRL is dated five minutes back, but never before what is on it or the one that it replaces.</summary>
    public static bool CrlsAreDatedBack(ExpectedCase expected)
    {
        Dictionary<string, DateTimeOffset> last = [];
        foreach (ExpectedStep step in expected.Steps.Where(step => step.Op.EndsWith("_crl", StringComparison.Ordinal) && step.Form["s3"] is not null))
        {
            string? label = step.Files.FirstOrDefault(file => file!["body"]!["$der"] is not null)?["body"]!["$der"]!.GetValue<string>();
            if (label is null)
            {
                continue;
            }

            JsonNode crl = expected.Crls[label]!;
            DateTimeOffset now = TableTime.WholeSeconds(DateTimeOffset.Parse(step.Form["time"]!.GetValue<string>(), CultureInfo.InvariantCulture));
            IEnumerable<int> dates = crl["revoked"]!.AsArray().Select(entry => entry!["date_offset_s"]!.GetValue<int>());
            DateTimeOffset before = last.GetValueOrDefault(crl["signed_by"]!.GetValue<string>(), DateTimeOffset.MinValue);
            DateTimeOffset thisUpdate = dates.Append(-300).Max(offset => now.AddSeconds(offset));
            last[crl["signed_by"]!.GetValue<string>()] = thisUpdate = before > thisUpdate ? before : thisUpdate;
            crl["this_update_offset_s"] = (int)(thisUpdate - now).TotalSeconds;
        }

        return last.Count > 0;
    }

    private static JsonObject[] Files(ExpectedCase expected) =>
        [.. expected.Steps.Where(step => step.Form["s3"] is not null).SelectMany(step => step.Files).Select(file => file!.AsObject())];
}
