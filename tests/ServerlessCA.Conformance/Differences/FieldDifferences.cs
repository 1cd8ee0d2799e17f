using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Fields of requests that we refuse, or understand, unlike the original; those of the subject are in
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
            "notify-type", "A flag is true or false; all faults are told at once",
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
