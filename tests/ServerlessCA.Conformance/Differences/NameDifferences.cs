using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Names in certificates that we read otherwise than the original (SPEC 12.8).</summary>
internal static class NameDifferences
{
    private const string None = "[]";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Named(
            "idn", "12.8", "A domain outside ASCII becomes A-labels",
            ("sans-dns/idn-common-name", """[["dns","xn--mller-kva.example.com"]]"""),
            ("sans-dns/idn", """[["dns","xn--bcher-kva.example.com"],["dns","ok.example.com"]]"""),
            ("sans-dns/idn-wildcard", """[["dns","*.xn--bcher-kva.example.com"],["dns","ok.example.com"]]""")),
        CaseDifference.Named(
            "long-names", "12.8", "A domain has at most 253 characters (RFC 1035 §2.3.4)", ("sans-dns/name-255", None)),
        CaseDifference.Named(
            "wrong-elements", "12.8", "A wrong element of a list is dropped alone",
            ("sans-dns/null-inside", """[["dns","example.com"]]"""),
            ("sans-dns/number-inside", """[["dns","example.com"]]"""),
            ("sans-dns/nested-list", """[["dns","ok.example.com"]]"""),
            ("sans-typed/mixed-list", """[["dns","example.com"],["dns","www.example.com"]]""")),
        Granted(
            "wrong-values", "A value of a wrong type is dropped alone",
            "sans-typed/objects-null-type", "sans-typed/objects-number-dns", "sans-typed/objects-list-value",
            "sans-typed/map-object-inside", "sans-typed/map-number-inside"),
        CaseDifference.Named(
            "addresses", "12.8", "An address is text, without a zone",
            ("sans-typed/objects-number-ip", None), ("sans-typed/objects-number-ip6", None), ("sans-typed/objects-true-ip", None),
            ("sans-typed/map-ip-number-inside", None), ("sans-typed/ipv6-zone", None)),
        CaseDifference.Named(
            "urls", "12.8", "A URL is any absolute URI with an authority, or a URN",
            ("sans-typed/url-schemes", """
                [["uri","ldap://ldap.example.com/dc=example"],["uri","urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"],["uri","ws://example.com"]]
                """),
            ("sans-typed/url-spiffe", """[["uri","spiffe://example.org/workload"],["dns","example.com"]]"""),
            ("sans-typed/url-hosts", """
                [["uri","http://10.0.0.1/"],["uri","http://[2001:db8::1]/"],["uri","http://localhost/"],["uri","http://host"],
                 ["uri","https://under_score.example.com/"]]
                """),
            ("sans-typed/url-query", """
                [["uri","https://example.com/?a"],["uri","https://example.com/?a="],["uri","https://example.com/?a=1&&b=2"],
                 ["uri","https://example.com/?a=b;c=d"]]
                """),
            ("combinations/01", """[["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],["uri","spiffe://x/y"]]"""),
            ("combinations/21#2", """
                [["dns","n2.example.com"],["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],
                 ["uri","spiffe://x/y"],["dns","xn--p1ai.example"]]
                """),
            ("combinations/37#3", """
                [["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],
                 ["dn",[["2.5.4.3","UTF8String","A"],["2.5.4.10","UTF8String","B"]]],
                 ["dn",[["2.5.4.7","UTF8String","Here"],["2.5.4.8","UTF8String","There"],["2.5.4.3","UTF8String","x y"]]],
                 ["ip","fe80:0:0:0:0:0:0:1"],["uri","https://example.com/a?b=c"],["uri","https://example.com/a?b=c"],["uri","spiffe://x/y"]]
                """)),
        CaseDifference.Of(
            "urls-told", "12.8", "A URL is any absolute URI with an authority, or a URN",
            (_, step) => step.Notifications[0]!["message"]!["CSRInfo"]!["SANs"]!.AsArray().Add(
                new JsonObject { ["type"] = "URL", ["value"] = "spiffe://x/y" }),
            "combinations/32#4"),
        CaseDifference.Named(
            "dn-text", "12.8", "Distinguished names are read as RFC 4514 has them",
            ("sans-typed/dn-escaped-comma", """[["dn",[["2.5.4.3","UTF8String","Doe, John"],["2.5.4.10","UTF8String","Org"]]]]"""),
            ("sans-typed/dn-hex", """[["dn",[["2.5.4.3","UTF8String","Lučić"]]]]"""),
            ("sans-typed/dn-plus", """
                [["dn",[[["2.5.4.3","UTF8String","a"],["2.5.4.11","UTF8String","b"]],["2.5.4.10","UTF8String","c"]]]]
                """),
            ("sans-typed/dn-quoted", None), ("sans-typed/dn-semicolon", None), ("sans-typed/dn-only-unknown", None),
            ("sans-typed/dn-substring", None), ("sans-typed/dn-slashes", None), ("sans-typed/dn-email-unicode", None)),
        Subject("comma", "subject/organization-plus", "2.5.4.10", "Acme, Inc.", "O=Acme\\, Inc.,CN=service.example.com", "subject/organization-comma"),
        Subject("equals", "subject/organization-plus", "2.5.4.10", "a=b", "O=a=b,CN=service.example.com", "subject/organization-equals"),
        Subject("cn-comma", "subject/common-name-slash", "2.5.4.3", "a,b", "CN=a\\,b", "subject/common-name-comma"),
        Subject("cn-equals", "subject/common-name-slash", "2.5.4.3", "a=b", "CN=a=b", "subject/common-name-equals"),
        Subject(
            "cn-characters", "subject/common-name-slash", "2.5.4.3", new string('é', 40), "CN=" + new string('é', 40),
            "subject/common-name-unicode-64-bytes-over"),
    ];

    private static DeliberateDifference Granted(string id, string why, params string[] cases) => CaseDifference.Of(
        id, "12.8", why,
        (expected, step) =>
        {
            CaseDifference.Grant(expected, step, expected.Other("sans-typed/map-unknown"));
            CaseDifference.SetNames(step, []);
        },
        cases);

    // A value that breaks the original: as a case that did not, with another value of one attribute.
    private static DeliberateDifference Subject(string id, string model, string oid, string value, string text, string name) => CaseDifference.Of(
        "subject-" + id, "12.8", "A value may have characters that DN text escapes",
        (expected, step) =>
        {
            CaseDifference.Grant(expected, step, expected.Other(model));
            JsonArray attribute = step.Issued!["subject"]!.AsArray().First(found => found![0]!.GetValue<string>() == oid)!.AsArray();
            attribute[2] = value;
            step.Answer!["Subject"] = text;
            if (oid == "2.5.4.3")
            {
                step.Answer["CertificateInfo"]!["CommonName"] = value;
                step.Rows[0]!["item"]!["CommonName"] = new JsonObject { ["S"] = value };
            }
        },
        name);
}
