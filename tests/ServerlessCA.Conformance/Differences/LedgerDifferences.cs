using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists CA creation, CRLs and reminders where we differ from the original.</summary>
internal static class LedgerDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Of(
            "bad-ca-info", "12.2", "A CA whose subject is not valid is refused; nothing is written",
            (_, step) => step.Form["outcome"] = new JsonObject
            {
                ["return"] = new JsonObject { ["error"] = "root_ca_info: country must be two letters, such as GB" },
            },
            "ca-creation/bad-country#0"),
        CaseDifference.Of(
            "crl-issuer", "12.9", "A CRL's issuer is the subject of the CA's certificate",
            (expected, _) => SetIssuers(expected),
            "ca-creation/no-common-names", "ca-creation/ca-info-changed", "revocation/settings-renamed"),
        CaseDifference.Of(
            "odd-revoked-json", "12.22", "A file that cannot be read revokes nothing and stops nothing",
            (expected, step) => CopyCrl(expected, step, "revocation/no-file"),
            "revocation/not-json", "revocation/object", "revocation/empty-name"),
        CaseDifference.Of(
            "serial-alone", "12.22", "Without a name the serial number alone counts; case, white space and blanks do not",
            (expected, step) => CopyCrl(expected, step, "revocation/one", day: "2026-03-03"),
            "revocation/no-name", "revocation/name-in-other-case", "revocation/spaces"),
        CaseDifference.Of(
            "odd-root-list", "12.22", "An entry that nobody knows has failed, the CRL is published",
            (expected, step) => CopyCrl(expected, step, "revocation/numbers"), "revocation/root-unknown"),
        CaseDifference.Of(
            "revoked-once", "12.22", "A certificate is on a CRL once",
            (expected, _) => expected.Crls["crl-1"]!["revoked"]!.AsArray().RemoveAt(1), "revocation/root-twice"),
        CaseDifference.Of(
            "not-of-this-ca", "12.9", "A CRL holds only certificates that this CA issued",
            (expected, _) => EmptyCrls(expected), "revocation/root-lists-leaf", "revocation/issuing-lists-issuing-ca"),
        CaseDifference.Of(
            "broken-entry", "12.22", "A broken entry has failed, the others are revoked", SkipBrokenEntry, "revocation/no-serial#6"),
        .. FailedEntryDifferences.All,
        CaseDifference.Of(
            "renewed", "12.15", "Nobody is reminded of a certificate that was renewed", (_, step) => Silence(step),
            "expiry/direct-renewed", "expiry/gitops-renewed", "expiry/gitops-renewed-directly"),
        CaseDifference.Of(
            "revoked", "12.15", "Nobody is reminded of a certificate that was revoked", (_, step) => Silence(step), "expiry/revoked"),
        CaseDifference.Of(
            "expired-once", "12.15", "That a certificate has expired is reported once", (_, step) => Silence(step), "expiry/expired-two-dates"),
        CaseDifference.Of(
            "odd-tls-json-reminds", "12.15", "A bad tls.json or entry silences nobody else", (expected, step) => Remind(expected, step),
            "expiry/no-tls-json", "expiry/tls-json-broken", "expiry/entry-without-csr-file", "expiry/entry-bad-csr"),
        CaseDifference.Of(
            "no-domain", "12.6", "Without a domain there are no addresses to give",
            (_, step) =>
            {
                step.Extension("cRLDistributionPoints")!.Parent!.AsArray().Remove(step.Extension("cRLDistributionPoints"));
                step.Extension("authorityInfoAccess")!.Parent!.AsArray().Remove(step.Extension("authorityInfoAccess"));
            },
            "public-crl/empty-domain"),
    ];

    private static void SetIssuers(ExpectedCase expected)
    {
        foreach ((_, JsonNode? crl) in expected.Crls)
        {
            bool root = crl!["signed_by"]!.GetValue<string>() == "kms:root";
            string ca = root ? "cert-1" : "cert-2";
            JsonNode name = expected.Certificates[ca]?["subject"]
                ?? expected.Certificates.First(found => found.Value!["signed_by"]!.GetValue<string>() == "kms:issuing").Value!["issuer"]!;
            crl["issuer"] = name.DeepClone();
            crl["issuer_is_subject_of"] = new JsonArray(ca);
        }
    }

    private static void Silence(ExpectedStep step)
    {
        step.Form["db"] = new JsonArray();
        step.Form["sns"] = new JsonArray();
    }

    // Of the certificate that the case issued, in the form of every reminder.
    private static void Remind(ExpectedCase expected, ExpectedStep step)
    {
        JsonObject answer = expected.Requests.Last(request => request.IssuedLabel is not null).Answer!;
        string now = TableTime.Text(DateTimeOffset.Parse(step.Form["time"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        JsonNode info = answer["CertificateInfo"]!;
        int days = (TableTime.Parse(info["Expires"]!.GetValue<string>()).Date - TableTime.Parse(now).Date).Days;
        JsonObject S(string text) => new() { ["S"] = text };
        step.Form["outcome"] = new JsonObject { ["return"] = null };
        step.Form["db"] = new JsonArray(new JsonObject
        {
            ["action"] = "update",
            ["table"] = expected.Settings.Core.Names.Table,
            ["key"] = new JsonObject { ["CommonName"] = S(info["CommonName"]!.GetValue<string>()), ["SerialNumber"] = S(info["SerialNumber"]!.GetValue<string>()) },
            ["item_existed"] = true,
            ["changed"] = new JsonObject { ["ExpiryReminders"] = new JsonObject { ["L"] = new JsonArray(S(now)) } },
        });
        step.Form["sns"] = new JsonArray(Expected.Notification("Certificate Expiry Warning", new JsonObject
        {
            ["CertificateInfo"] = info.DeepClone(),
            ["Base64Certificate"] = answer["Base64Certificate"]!.DeepClone(),
            ["Subject"] = answer["Subject"]!.DeepClone(),
            ["DaysRemaining"] = days,
        }));
    }

    private static void CopyCrl(ExpectedCase expected, ExpectedStep step, string model, string? day = null)
    {
        JsonObject other = expected.Other(model);
        JsonNode run = other["steps"]!.AsArray().First(found => found!["op"]!.GetValue<string>() == step.Op)!;
        string label = run["s3"]![0]!["body"]!["$der"]!.GetValue<string>();
        foreach (string part in (string[])["outcome", "db", "s3", "sns"])
        {
            string text = run[part]!.ToJsonString().Replace(label, "crl-1", StringComparison.Ordinal);
            step.Form[part] = JsonNode.Parse(day is null ? text : text.Replace(day, step.Form["time"]!.GetValue<string>()[..day.Length], StringComparison.Ordinal));
        }

        expected.Crls["crl-1"] = other["crls"]![label]!.DeepClone();
    }

    private static void EmptyCrls(ExpectedCase expected)
    {
        foreach ((_, JsonNode? crl) in expected.Crls)
        {
            crl!["revoked"] = new JsonArray();
            crl["revoked_list_present"] = false;
        }

        foreach (ExpectedStep step in expected.Steps.Where(step => step.Op.EndsWith("_crl", StringComparison.Ordinal)))
        {
            step.Form["sns"] = new JsonArray();
            step.Form["db"] = new JsonArray([.. step.Rows.Where(row => row!["changed"]!["CRLNumber"] is not null).Select(row => row!.DeepClone())]);
        }
    }

    // The run that the original failed in makes the CRL that it made in the next run; that one is then the second.
    private static void SkipBrokenEntry(ExpectedCase expected, ExpectedStep failed)
    {
        ExpectedStep next = expected.Steps.Last(step => step.Op == failed.Op);
        JsonNode crl = expected.Crls["crl-1"]!.DeepClone();
        JsonNode revoked = failed.Rows[0]!.DeepClone();
        foreach (string part in (string[])["outcome", "db", "s3"])
        {
            failed.Form[part] = next.Form[part]!.DeepClone();
        }

        failed.Rows.Insert(0, revoked);
        JsonObject answer = expected.Requests.First(request => request.IssuedLabel == "cert-4").Answer!;
        failed.Form["sns"] = new JsonArray(Expected.Notification("Certificate Revoked", new JsonObject
        {
            ["CommonName"] = answer["CertificateInfo"]!["CommonName"]!.DeepClone(),
            ["SerialNumber"] = answer["CertificateInfo"]!["SerialNumber"]!.DeepClone(),
            ["Revoked"] = "2026-03-02 10:20:30.250000",
            ["Subject"] = answer["Subject"]!.DeepClone(),
        }));
        JsonArray firstFiles = failed.Files.DeepClone().AsArray();
        expected.Renumber("crl", 1, 1);
        failed.Form["s3"] = firstFiles;
        JsonNode second = expected.Crls["crl-2"]!;
        second["number"] = 2;
        second["extensions"]!.AsArray().First(found => found!["name"]!.GetValue<string>() == "cRLNumber")!["value"] = 2;
        next.Rows[0]!["changed"]!["CRLNumber"] = new JsonObject { ["N"] = "2" };
        expected.Crls.Add("crl-1", crl);
    }
}

/// <summary>Lists entries of revocation lists that cannot be carried out: the original ignores them silently, we report
/// each.</summary>
internal static class FailedEntryDifferences
{
    private const string Unknown = "correct it; if its row is lost, add \"unrecorded\": true";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        Failed("revocation/no-serial#6", "one.example.com", "", "serial_number is missing", position: 2),
        Failed(
            "revocation/empty-name", "", "1",
            "common_name is not text, or empty: correct it, or leave it out and the serial number alone counts"),
        Failed(
            "revocation/root-unknown", "serverless-issuing-ca-dev", "1", $"there is no certificate with serial number 1: {Unknown}",
            file: "revoked-root-ca.json"),
        Failed(
            "revocation/root-lists-leaf#4", "one.example.com", "<serial cert-3>",
            "it was not issued by serverless-root-ca-dev but by serverless-issuing-ca-dev: it belongs in revoked.json", file: "revoked-root-ca.json"),
        Failed(
            "revocation/issuing-lists-issuing-ca#3", "serverless-issuing-ca-dev", "<serial cert-2>",
            "it was not issued by serverless-issuing-ca-dev but by serverless-root-ca-dev: it belongs in revoked-root-ca.json"),
    ];

    /// <summary>Reports entries of <c>revoked.json</c> with a name and a serial number that no certificate has, or one of another
    /// name.</summary>
    public static bool UnknownOnesAreReported(ExpectedCase expected)
    {
        JsonArray list = [];
        Dictionary<string, JsonNode> issued = [];
        var sent = new HashSet<string>();
        foreach (ExpectedStep step in expected.Steps)
        {
            list = step.Op == "put_internal" && step.Fields["key"]!.GetValue<string>() == "revoked.json" ? step.Fields["json"] as JsonArray ?? [] : list;
            if (step.Answer?["CertificateInfo"] is { } info && step.Fields["id"]?.GetValue<string>() is { } id)
            {
                issued[$"${{{id}.serial}}"] = info;
            }

            for (int at = 0; step.Op == "issuing_crl" && at < list.Count; at++)
            {
                if (Why(list[at]!, issued) is ({ } reason, { } serial) && sent.Add($"{list[at]!.ToJsonString()} {reason}"))
                {
                    step.Notifications.Add((JsonNode)Event("revoked.json", at + 1, list[at]!["common_name"]!.GetValue<string>(), serial, reason));
                }
            }
        }

        return sent.Count > 0;
    }

    private static (string? Reason, string? Serial) Why(JsonNode entry, Dictionary<string, JsonNode> issued)
    {
        string? name = entry["common_name"]?.GetValue<string>();
        string serial = entry["serial_number"]?.ToString().Trim() ?? "";
        if (string.IsNullOrEmpty(name) || serial.Length == 0)
        {
            return default;
        }

        if (!serial.StartsWith("${", StringComparison.Ordinal))
        {
            string number = serial.StartsWith("0x", StringComparison.Ordinal)
                ? Convert.ToInt64(serial, 16).ToString(CultureInfo.InvariantCulture)
                : serial;
            return ($"there is no certificate with serial number {number}: {Unknown}", serial);
        }

        return issued.TryGetValue(serial, out JsonNode? info) && info["CommonName"]!.GetValue<string>() is { } real
            && !real.Equals(name, StringComparison.OrdinalIgnoreCase)
            ? ($"the certificate with serial number {info["SerialNumber"]} is '{real}', not '{name}': correct the name, or leave it out", info["SerialNumber"]!.GetValue<string>())
            : default;
    }

    private static DeliberateDifference Failed(
        string name, string commonName, string serialNumber, string reason, int position = 1, string file = "revoked.json") => CaseDifference.Of(
        $"failed-{name["revocation/".Length..]}", "12.22", "An entry that cannot be carried out is reported",
        (_, step) => step.Notifications.Add((JsonNode)Event(file, position, commonName, serialNumber, reason)),
        name);

    private static JsonObject Event(string file, int position, string commonName, string serialNumber, string reason) =>
        Expected.Notification("Revocation Failed", new JsonObject
        {
            ["File"] = file,
            ["Entry"] = position,
            ["CommonName"] = commonName,
            ["SerialNumber"] = serialNumber,
            ["Reason"] = reason,
        });
}
