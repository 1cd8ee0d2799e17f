using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Names in certificates that we read otherwise than the original (contract 12.8).</summary>
internal static class NameDifferences
{
    private const string None = "[]";
    private const string Example = """[["dns","example.com"]]""";
    private const string Model = "sans-typed/map-unknown";

    public static IEnumerable<DeliberateDifference> All { get; } =
    [
        CaseDifference.Named(
            "idn", "12.8", "A domain outside ASCII becomes A-labels",
            ("sans-dns/idn-common-name", """[["dns","xn--mller-kva.example.com"]]"""),
            ("sans-dns/idn", """[["dns","xn--bcher-kva.example.com"],["dns","ok.example.com"]]"""),
            ("sans-dns/idn-wildcard", """[["dns","*.xn--bcher-kva.example.com"],["dns","ok.example.com"]]"""),
            ("sans-typed/email-unicode-domain", """[["email","user@xn--bcher-kva.example"]]"""),
            ("sans-typed/url-unicode", """[["uri","https://xn--bcher-kva.example.com/"]]""")),
        CaseDifference.Named(
            "long-names", "12.8", "A domain has at most 253 characters (RFC 1035 §2.3.4)", ("sans-dns/name-255", None)),
        CaseDifference.Named(
            "wrong-elements", "12.8", "A wrong element of a list is dropped alone",
            ("sans-dns/null-inside", """[["dns","example.com"]]"""),
            ("sans-dns/number-inside", """[["dns","example.com"]]"""),
            ("sans-dns/nested-list", """[["dns","ok.example.com"]]"""),
            ("sans-typed/mixed-list", """[["dns","example.com"],["dns","www.example.com"]]""")),
        CaseDifference.GrantedWith(
            "wrong-values", "12.8", "A value of a wrong type is dropped alone", Model, None,
            "sans-typed/objects-number-dns", "sans-typed/map-object-inside", "sans-typed/map-number-inside"),
        CaseDifference.GrantedWith(
            "untyped-names", "12.2", "A type that is null is the usual one", Model, Example, "sans-typed/objects-null-type"),
        CaseDifference.GrantedWith(
            "several-values", "12.2", "A value may be a list of values, as in a map", Model, Example, "sans-typed/objects-list-value"),
        CaseDifference.Named(
            "one-object", "12.8", "One name alone need not stand in a list", ("sans-typed/object-as-map", Example)),
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
                 ["uri","https://example.com?x=%zz"],["uri","https://example.com/?a=b;c=d"]]
                """),
            ("combinations/01#2", """[["dn",[["2.5.4.10","UTF8String","Only"],["2.5.4.6","PrintableString","GB"]]],["uri","spiffe://x/y"]]"""),
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
            ("sans-typed/dn-quoted", """[["dn",[["2.5.4.3","UTF8String","Doe, John"],["2.5.4.10","UTF8String","Org"]]]]"""),
            ("sans-typed/dn-spaces-and-case", """
                [["dn",[["2.5.4.3","UTF8String","Example"],["2.5.4.10","UTF8String","My Org"],["2.5.4.6","PrintableString","us"]]]]
                """),
            ("sans-typed/dn-only-unknown", None), ("sans-typed/dn-substring", None), ("sans-typed/dn-slashes", None), ("sans-typed/dn-email-unicode", None)),
    ];
}
