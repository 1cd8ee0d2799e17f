using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Changes what certificates say, wherever one is issued.</summary>
internal static class CertificateRules
{
    private const string DomainValidated = "2.23.140.1.2.1";

    /// <summary>Contract 12.5: keys that cannot encipher do not say that they may.</summary>
    public static bool KeyUsageFollowsKey(ExpectedCase expected)
    {
        JsonObject[] usages = [.. EndEntities(expected)
            .Where(certificate => certificate["public_key"]!["alg"]!.GetValue<string>() != "RSA")
            .Select(certificate => Extension(certificate, "keyUsage")!)
            .Where(usage => usage["value"]!["bits"]!.AsArray().Any(bit => bit!.GetValue<string>() == "keyEncipherment"))];
        foreach (JsonObject usage in usages)
        {
            usage["value"] = new JsonObject { ["bits"] = new JsonArray("digitalSignature"), ["unused_bits"] = 7 };
        }

        return usages.Length > 0;
    }

    /// <summary>Contract 12.12: no policy is asserted by default.</summary>
    public static bool NoDefaultPolicy(ExpectedCase expected) => Each(expected, certificate =>
    {
        JsonObject? policies = Extension(certificate, "certificatePolicies");
        bool isDefault = policies?["value"] is JsonArray { Count: 1 } only && only[0]!["policy"]!.GetValue<string>() == DomainValidated;
        return isDefault && policies!.Parent!.AsArray().Remove(policies);
    });

    /// <summary>Contract 12.6: the issuer's certificate can be downloaded as DER.</summary>
    public static bool IssuerAddressIsDer(ExpectedCase expected) => Each(expected, certificate =>
    {
        JsonNode? name = Extension(certificate, "authorityInfoAccess")?["value"]![0]![1];
        string address = name?[1]!.GetValue<string>() ?? "";
        bool isPem = address.EndsWith(".crt", StringComparison.Ordinal);
        if (isPem)
        {
            name![1] = address[..^".crt".Length] + ".cer";
        }

        return isPem;
    });

    /// <summary>Contract 12.14: every extended key usage occurs once.</summary>
    public static bool UsagesOnce(ExpectedCase expected) => Each(expected, certificate =>
    {
        JsonObject? usages = Extension(certificate, "extKeyUsage");
        string[] given = [.. (usages?["value"]?.AsArray() ?? []).Select(usage => usage!.GetValue<string>())];
        string[] once = [.. given.Distinct()];
        if (once.Length < given.Length)
        {
            usages!["value"] = Normalising.Describer.Strings(once);
        }

        return once.Length < given.Length;
    });

    /// <summary>Contract 12.8: names that are all invalid are not replaced by the common name.</summary>
    public static bool NoNameInsteadOfInvalidOnes(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep request in expected.Requests.Where(request => SanForm.Given(request.Input["sans"]).Count > 0))
        {
            string? only = request.Extension("subjectAltName")?["value"] is JsonArray { Count: 1 } names ? names[0]![1]!.ToString() : null;
            bool given = SanForm.Given(request.Input["sans"]).Any(name => name.Text == only);
            if (only is not null && only == request.Input["common_name"]?.ToString() && !given)
            {
                any |= Remove(request.Extension("subjectAltName")!);
            }
        }

        return any;
    }

    /// <summary>Contract 12.10: no certificate outlives its issuer.</summary>
    public static bool NoLongerThanIssuer(ExpectedCase expected)
    {
        bool any = false;
        foreach (ExpectedStep step in expected.Steps.Where(step => step.Op is "tls_cert" or "create_issuing_ca"))
        {
            int days = (step.Op == "tls_cert" ? expected.Settings.Core.IssuingCaInfo : expected.Settings.Core.RootCaInfo).Lifetime;
            DateTimeOffset end = TableTime.WholeSeconds(expected.Settings.Clock).AddDays(days);
            JsonNode? item = step.Form["db"]!.AsArray().FirstOrDefault(row => row!["action"]!.GetValue<string>() == "put")?["item"];
            if (item is not null && TableTime.Parse(item["Expires"]!["S"]!.GetValue<string>()) > end)
            {
                Shorten(expected, step, item, end);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Contract 12.28: a new CA is valid from five minutes ago, for clients whose clock is slow.</summary>
    public static bool NewCasBeginEarlier(ExpectedCase expected)
    {
        foreach (JsonNode item in NewRowsOfCas(expected))
        {
            DateTimeOffset issued = TableTime.Parse(item["Issued"]!["S"]!.GetValue<string>());
            item["Issued"] = new JsonObject { ["S"] = TableTime.Text(issued.AddMinutes(-5)) };
        }

        return Each(expected, certificate =>
        {
            bool isCa = Extension(certificate, "basicConstraints") is not null;
            if (isCa)
            {
                certificate["not_before_offset_s"] = certificate["not_before_offset_s"]!.GetValue<long>() - 300;
            }

            return isCa;
        });
    }

    private static IEnumerable<JsonNode> NewRowsOfCas(ExpectedCase expected) =>
        from step in expected.Steps
        where step.Op is "create_root_ca" or "create_issuing_ca"
        from row in step.Form["db"]!.AsArray()
        where row!["action"]!.GetValue<string>() == "put"
        select row["item"]!;

    private static void Shorten(ExpectedCase expected, ExpectedStep step, JsonNode item, DateTimeOffset end)
    {
        string label = item["SerialNumber"]!["S"]!.GetValue<string>()["<serial ".Length..^1];
        DateTimeOffset now = DateTimeOffset.Parse(step.Form["time"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        JsonObject certificate = expected.Certificates[label]!.AsObject();
        certificate["not_after_offset_s"] = (long)(end - TableTime.WholeSeconds(now)).TotalSeconds;
        certificate["time_types"]![1] = end.Year < 2050 ? "UTCTime" : "GeneralizedTime"; // RFC 5280 §4.1.2.5
        item["Expires"] = new JsonObject { ["S"] = TableTime.Text(end) };
        IEnumerable<JsonNode?> sent = step.Notifications.Select(notification => notification!["message"]!["CertificateInfo"]);
        foreach (JsonNode? info in sent.Append(step.Answer?["CertificateInfo"]).Where(info => info is not null))
        {
            info!["Expires"] = TableTime.Text(end);
        }
    }

    private static bool Each(ExpectedCase expected, Predicate<JsonObject> change)
    {
        bool any = false;
        foreach ((_, JsonNode? certificate) in expected.Certificates)
        {
            any |= change(certificate!.AsObject());
        }

        return any;
    }

    private static IEnumerable<JsonObject> EndEntities(ExpectedCase expected) => expected.Certificates
        .Select(certificate => certificate.Value!.AsObject()).Where(certificate => Extension(certificate, "basicConstraints") is null);

    private static JsonObject? Extension(JsonObject certificate, string name) => certificate["extensions"]!.AsArray()
        .FirstOrDefault(extension => extension!["name"]!.GetValue<string>() == name)?.AsObject();

    private static bool Remove(JsonObject extension) => extension.Parent!.AsArray().Remove(extension);
}
