using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Lists fields of requests that we refuse, or understand, unlike the original; those of the subject are in
/// <see cref="SubjectDifferences"/>.</summary>
internal static class FieldDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        Senseless(
            "lifetime-type", "lifetime is a whole number, also as text", "lifetime must be a whole number of days",
            "lifetime/string-word", "lifetime/string-float", "lifetime/string-empty", "lifetime/float", "lifetime/float-below-one",
            "lifetime/true", "lifetime/false", "lifetime/list", "lifetime/object"),
        CaseDifference.GrantedLike("lifetime-null", "12.2", "null counts as absent", "lifetime/missing", "lifetime/null"),
        CaseDifference.Refused("no-lifetime-left", "12.2", "A maximum of 0 leaves no lifetime to grant", "0 is too short", "lifetime/maximum-zero"),
        Senseless(
            "purposes-type", "purposes is a list or a text", "purposes must be a list",
            "purposes/object", "purposes/number", "purposes/true"),
        Usages("purposes-text", "purposes/string", "1.3.6.1.5.5.7.3.1"),
        Usages("usages-text", "extended-key-usages/string", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3"),
        Senseless(
            "sans-type", "sans is a text, a list or a map", "sans must be a name, a list of names, or a map from type to names",
            "sans-dns/number", "sans-dns/true"),
        Oid("bad-oid", "1.3.6.foo"), Oid("bad-oid-dot", "1.3.6."), Oid("bad-oid-one-arc", "1.03.6.1"), Oid("bad-oid-second-arc", "1.40.1"),
        CaseDifference.GrantedLike(
            "usage-elements", "12.8", "A wrong element of a list is dropped alone", "extended-key-usages/unknown",
            "extended-key-usages/number", "extended-key-usages/null-inside"),
        Senseless(
            "extensions-type", "extensions is a list", "extensions must be a list", "extensions/object", "extensions/string", "extensions/true"),
        Senseless(
            "extensions-of-text", "extensions is a list of objects", "extensions must hold {oid, value_b64, critical}: it holds a text",
            "extensions/list-of-strings"),
        Senseless(
            "extensions-of-null", "extensions is a list of objects", "extensions must hold {oid, value_b64, critical}: it holds a null",
            "extensions/list-of-nulls"),
        CaseDifference.Refused(
            "extension-oid-type", "12.2", "An OID is text", "Custom extension OID must be text, not a list", "extensions/list-oid"),
        CaseDifference.Refused(
            "extension-critical-type", "12.2", "A flag is true or false",
            "Custom extension OID 1.3.6.1.4.1.55555.1.1 has a field 'critical' that is neither true nor false", "extensions/critical-number"),
        CaseDifference.Refused(
            "extension-values", "12.14", "The value of an extension is one DER element",
            "Custom extension OID 1.3.6.1.4.1.55555.1.1 has a value that is not one DER element", "extensions/empty-value", "extensions/not-der"),
        CaseDifference.Refused(
            "extension-constraints", "12.14", "The value of an extension is one DER element, whatever its OID",
            "Custom extension OID 2.5.29.30 has a value that is not one DER element", "extensions/name-constraints"),
        CaseDifference.Of(
            "critical-text", "12.2", "The text 'false' is the flag false",
            (_, step) => step.Extension("unknown")!["critical"] = false, "extensions/critical-string"),
        Senseless(
            "force-type", "A flag is true or false", "force_issue must be true or false", "key-reuse/forced-number#3", "key-reuse/forced-number#4"),
        Senseless(
            "notify-type", "A flag is true or false; all faults are reported at once",
            "notify_expiry must be true or false; notify_issued must be true or false", "gitops/flags-numbers"),
        CaseDifference.Of(
            "notify-text", "12.2", "The text 'false' is the flag false",
            (_, step) =>
            {
                step.Form["sns"] = new JsonArray();
                step.Rows[0]!["item"]!["NotifyExpiry"] = new JsonObject { ["BOOL"] = false };
            },
            "gitops/flags-strings"),
        CaseDifference.GrantedLike(
            "chain-only-text", "12.2", "The text 'false' is the flag false", "ca-chain/bundle-false", "ca-chain/chain-only-string"),
    ];

    private static DeliberateDifference Usages(string id, string name, params string[] oids) => CaseDifference.Of(
        id, "12.2", "A text alone is a list of it, and not of its letters",
        (_, step) => step.Extension("extKeyUsage")!["value"] = Normalising.Describer.Strings(oids), name);

    private static DeliberateDifference Oid(string name, string oid) => CaseDifference.Senseless(
        $"usage-{name}", "12.14", "A usage that begins like an OID is one",
        $"extended_key_usages: '{oid}' is not a valid object identifier", $"extended-key-usages/{name}");

    private static DeliberateDifference Senseless(string id, string why, string error, params string[] cases) =>
        CaseDifference.Senseless(id, "12.2", why, error, cases);
}

/// <summary>Lists sound requests that we grant or refuse unlike the original.</summary>
internal static class IssuanceDifferences
{
    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.GrantedLike(
            "odd-tls-json", "12.4", "A broken tls.json does not stop a direct request",
            "gitops/direct-expiry-false-issued-false",
            "gitops/tls-json-broken", "gitops/tls-json-no-name", "gitops/tls-json-object"),
        CaseDifference.Refused(
            "no-ca", "12.2", "Without an issuing CA there is no certificate", "CA serverless-issuing-ca-dev not found",
            "ca-creation/tls-before-cas", "ca-creation/tls-without-issuing-ca"),
        CaseDifference.Refused(
            "expired-ca", "12.10", "An expired CA does not issue", "CA serverless-issuing-ca-dev expired on 2026-03-12 10:20:30",
            "lifetime/ca-expired"),
        CaseDifference.Refused(
            "revoked-ca", "12.10", "A revoked CA does not issue", "CA serverless-issuing-ca-dev was revoked on 2026-03-02 10:20:30",
            "revocation/root-key-still-issues"),
        CaseDifference.Of(
            "forced-once", "12.19", "force_issue in tls.json issues once for an entry and a CSR",
            (_, step) => step.Refuse("Certificate already issued", null), "gitops/again-forced"),
    ];
}

/// <summary>Lists Slack messages that differ from the original's.</summary>
internal static class NotifyDifferences
{
    private const int LongestSection = 3000; // Slack, Block Kit reference: text of a section

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Of(
            "slack-null-field", "12.2", "A field that is null is left out",
            (expected, step) =>
            {
                PostLike(expected, step, "notify/rejected");
                JsonArray fields = Message(step)["blocks"]![3]!["fields"]!.AsArray();
                fields.RemoveAt(2);
            },
            "notify/rejected-null-purposes"),
        CaseDifference.Of(
            "slack-days-text", "12.2", "A whole number may be text",
            (expected, step) => PostLike(expected, step, "notify/warning"), "notify/warning-string-days"),
        CaseDifference.Of(
            "slack-expired", "12.2", "What its subject calls expired is not called issued",
            (expected, step) => PostLike(expected, step, "notify/expired"), "notify/expired-no-days"),
        CaseDifference.Of(
            "slack-no-object", "12.2", "A message that is no JSON object is passed on as it is",
            (expected, step) =>
            {
                PostLike(expected, step, "notify/unknown");
                Message(step)["text"] = step.Fields["subject"]!.DeepClone();
                Message(step)["blocks"]![0]!["text"]!["text"] = $"```{step.Fields["message_text"]!.GetValue<string>()}```";
            },
            "notify/not-json", "notify/json-string"),
        CaseDifference.Of(
            "slack-escaped", "12.17", "Markup in names is escaped",
            (_, step) =>
            {
                JsonArray blocks = Message(step)["blocks"]!.AsArray();
                blocks[1]!["text"]!["text"] = "*Subject:* `CN='x' &lt;!channel&gt; *b*`";
                blocks[2]!["fields"]![0]!["text"] = "*Common Name:*\n&lt;!here&gt; &amp;";
            },
            "notify/markup"),
        CaseDifference.Of(
            "slack-limits", "12.17", "Text is kept within Slack's limits",
            (_, step) => Message(step)["blocks"]![1]!["text"]!["text"] = "*Subject:* `CN=".PadRight(LongestSection - 2, 's') + "…`",
            "notify/long-subject"),
    ];

    private static JsonNode Message(ExpectedStep step) => step.Form["slack"]![0]!;

    private static void PostLike(ExpectedCase expected, ExpectedStep step, string model)
    {
        JsonNode other = expected.Other(model)["steps"]![0]!;
        step.Form["outcome"] = other["outcome"]!.DeepClone();
        step.Form["slack"] = other["slack"]!.DeepClone();
    }
}
