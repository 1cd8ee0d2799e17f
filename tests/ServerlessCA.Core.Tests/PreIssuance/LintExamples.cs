using Xunit;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>Has for every lint a bad request, in which it finds a mistake, and a good one, as JSON. Members that a request leaves out
/// are those of the server <c>www.example.com</c>. <see cref="LintedRequests"/> explains the keys with <c>$</c>.</summary>
internal static class LintExamples
{
    private const string Unnamed = "\"common_name\": \"My server\"";
    private const string Client = "\"common_name\": \"Alice\", \"purposes\": [\"client_auth\"]";

    /// <summary>Lists the id of a lint, its bad and its good request, and the other lints that also find a mistake in the bad one.</summary>
    public static TheoryData<string, string, string, string> All =>
    [
        ("san-missing", Unnamed, "\"sans\": [\"www.example.com\"]", ""),
        ("cn-not-in-san", "\"sans\": [\"api.example.com\"]", "\"sans\": [\"*.example.com\"]", ""),
        ("cn-ip-not-in-san", "\"common_name\": \"10.0.0.1\", \"sans\": [\"www.example.com\"]", "\"common_name\": \"10.0.0.1\", \"sans\": {\"IP_ADDRESS\": \"10.0.0.1\"}", ""),
        ("cn-bad-host-name", "\"common_name\": \"www.example.com.\", \"sans\": [\"www.example.com\"]", "\"common_name\": \"v1.2 of it\", \"sans\": [\"www.example.com\"]", ""),
        ("san-wildcard", $"{Unnamed}, \"sans\": [\"*.example.com\"]", "", ""),
        ("san-wildcard-public-suffix", $"{Unnamed}, \"sans\": [\"*.co.uk\"]", $"{Unnamed}, \"sans\": [\"*.example.co.uk\"]", "san-wildcard"),
        ("san-wildcard-covers-name", "\"sans\": [\"*.example.com\", \"www.example.com\"]", $"{Unnamed}, \"sans\": [\"*.example.com\", \"a.b.example.com\"]", "san-wildcard"),
        ("san-duplicate", "\"sans\": [\"www.example.com\", \"www.example.com\"]", "\"sans\": [\"www.example.com\", \"api.example.com\"]", ""),
        ("san-many", $"{Unnamed}, \"sans\": [{Numbered(101)}]", $"{Unnamed}, \"sans\": [{Numbered(100)}]", ""),
        ("san-single-label", $"{Unnamed}, \"sans\": [\"localhost\"]", $"{Unnamed}, \"sans\": [\"host.example.com\"]", ""),
        ("san-special-use", $"{Unnamed}, \"sans\": [\"printer.local\"]", $"{Unnamed}, \"sans\": [\"local.example.com\"]", ""),
        ("san-upper-case", "\"common_name\": \"WWW.example.com\"", "\"common_name\": \"Www server\", \"sans\": [\"www.example.com\"]", ""),
        ("san-underscore", $"{Unnamed}, \"sans\": [\"host.a_b\"]", $"{Unnamed}, \"sans\": [\"host.a-b\"]", ""),
        ("san-ip-not-a-host", $"{Unnamed}, \"sans\": {{\"IP_ADDRESS\": [\"0.0.0.0\"]}}", $"{Unnamed}, \"sans\": {{\"IP_ADDRESS\": [\"127.0.0.1\", \"::1\"]}}", ""),
        ("san-ip-mapped", $"{Unnamed}, \"sans\": {{\"IP_ADDRESS\": \"::ffff:10.0.0.1\"}}", $"{Unnamed}, \"sans\": {{\"IP_ADDRESS\": \"10.0.0.1\"}}", ""),
        ("spiffe-several-uris", $"{Client}, \"sans\": {{\"URL\": [\"spiffe://example.org/a\", \"https://example.org/\"]}}", $"{Client}, \"sans\": {{\"URL\": \"spiffe://example.org/a\"}}", ""),
        ("san-near-duplicate", "\"sans\": [\"www.example.com\", \"www.exmaple.com\"]", "\"sans\": [\"www.example.com\", \"api1.example.com\", \"api2.example.com\", \"db-a.example.com\", \"db-b.example.com\"]", ""),
        ("san-www-typo", $"{Unnamed}, \"sans\": [\"www.www.example.com\"]", "", ""),
        ("san-tld-repeated", $"{Unnamed}, \"sans\": [\"www.example.com.com\"]", "", ""),
        ("san-tld-typo", $"{Unnamed}, \"sans\": [\"www.example.con\"]", "", ""),
        ("san-mixed-scripts", $"{Unnamed}, \"sans\": [\"www.xn--pple-43d.com\"]", $"{Unnamed}, \"sans\": [\"www.xn--bcher-kva.com\", \"\u0430\u043f\u0435.example.com\"]", ""),
        ("country-unknown", "\"country\": \"UK\"", "\"country\": \"GB\"", ""),
        ("country-lower-case", "\"country\": \"gb\"", "\"country\": \"GB\"", ""),
        ("subject-placeholder", "\"organization\": \"Internet Widgits Pty Ltd\"", "\"organization\": \"Widgets Ltd\"", ""),
        ("subject-white-space", "\"organization\": \"Example  Ltd\"", "\"organization\": \"Example Ltd\"", ""),
        ("subject-control-character", "\"organization\": \"Exam\\u200bple\"", "\"organization\": \"Exämple\"", ""),
        ("subject-too-long", $"\"organization\": \"{new string('o', 65)}\"", $"\"organization\": \"{new string('o', 64)}\", \"locality\": \"{new string('l', 128)}\"", ""),
        ("cn-email", "\"common_name\": \"a@example.com\", \"purposes\": [\"client_auth\"]", "\"common_name\": \"a@example.com\", \"purposes\": [\"client_auth\"], \"sans\": {\"EMAIL_ADDRESS\": \"a@example.com\"}", ""),
        ("email-not-in-san", $"{Client}, \"email_address\": \"a@example.com\"", $"{Client}, \"email_address\": \"a@example.com\", \"sans\": {{\"EMAIL_ADDRESS\": \"A@example.com\"}}", ""),
        ("eku-any", "\"extended_key_usages\": [\"ANY\"]", "\"extended_key_usages\": [\"CODE_SIGNING\"], \"purposes\": [\"client_auth\"], \"common_name\": \"Alice\"", ""),
        ("client-only-host", "\"purposes\": [\"client_auth\"], \"sans\": [\"www.example.com\"]", "\"purposes\": [\"client_auth\", \"server_auth\"], \"sans\": [\"www.example.com\"]", ""),
        ("ocsp-signing-not-alone", $"{Client}, \"extended_key_usages\": [\"OCSP_SIGNING\"], {Extension("1.3.6.1.5.5.7.48.1.5", "BQA=")}", $"{Client}, \"$usages\": [\"1.3.6.1.5.5.7.3.9\"]", ""),
        ("ocsp-no-check-missing", $"{Client}, \"$usages\": [\"1.3.6.1.5.5.7.3.9\"]", $"{Client}, \"$usages\": [\"1.3.6.1.5.5.7.3.9\"], {Extension("1.3.6.1.5.5.7.48.1.5", "BQA=")}", ""),
        ("time-stamping-unfit", $"{Client}, \"extended_key_usages\": [\"TIME_STAMPING\"]", $"{Client}, \"$usages\": [\"1.3.6.1.5.5.7.3.8\"], \"$critical\": true", ""),
        ("code-signing-with-server", "\"extended_key_usages\": [\"CODE_SIGNING\"]", $"{Client}, \"extended_key_usages\": [\"CODE_SIGNING\"]", ""),
        ("email-protection-without-address", $"{Client}, \"extended_key_usages\": [\"EMAIL_PROTECTION\"]", $"{Client}, \"extended_key_usages\": [\"EMAIL_PROTECTION\"], \"sans\": {{\"EMAIL_ADDRESS\": \"a@example.com\"}}", ""),
        ("ipsec-usage-deprecated", "\"extended_key_usages\": [\"IPSEC_TUNNEL\"]", "\"extended_key_usages\": [\"1.3.6.1.5.5.7.3.17\"]", ""),
        ("extension-critical", Extension("1.2.3", "BQA=", ", \"critical\": true"), Extension("1.2.3", "BQA="), ""),
        ("ca-extension-in-leaf", Extension("2.5.29.30", "MAA=", ", \"critical\": true"), "", ""),
        ("must-staple-without-ocsp", Extension("1.3.6.1.5.5.7.1.24", "MAMCAQU="), Extension("1.3.6.1.5.5.7.1.24", "MAMCARE="), ""),
        ("csr-asks-for-ca", "\"$csr\": \"ca\"", "\"$csr\": \"sha256\"", ""),
        ("lifetime-over-398", "\"lifetime\": 398", "\"lifetime\": 397", ""),
        ("lifetime-cut", $"{Client}, \"lifetime\": 1100", $"{Client}, \"lifetime\": 1000", ""),
        ("lifetime-cut-by-issuer", $"{Client}, \"lifetime\": 5000, \"$ends_with_issuer\": true", $"{Client}, \"lifetime\": 30", ""),
        ("lifetime-one-day", "\"lifetime\": 1", "\"lifetime\": 2", ""),
        ("rsa-size-unusual", "\"$key\": \"rsa 2049 65537\"", "\"$key\": \"rsa 2056 65537\"", ""),
        ("rsa-over-4096", "\"$key\": \"rsa 8192 65537\"", "\"$key\": \"rsa 4096 65537\"", ""),
        ("rsa-exponent-large", "\"$key\": \"rsa 2048 2147483649\"", "\"$key\": \"rsa 2048 2147483647\"", ""),
        ("rsa-2048-after-2030", "\"$key\": \"rsa 2048 65537\", \"lifetime\": 366", "\"$key\": \"rsa 3072 65537\", \"lifetime\": 366", ""),
        ("ml-dsa-early", "\"$key\": \"MlDsa44\"", "\"$key\": \"EccNistP384\"", ""),
        ("csr-weak-signature", "\"$csr\": \"sha1\"", "\"$csr\": \"sha256\"", ""),
        ("certificate-large", Extension("1.2.3", Octets(16_500)), Extension("1.2.3", Octets(10_000)), ""),
        ("acm-key", "\"$key\": \"ed25519\"", "\"$key\": \"EccNistP521\"", ""),
        ("alb-client-key", $"{Client}, \"$key\": \"ed25519\"", $"{Client}, \"$key\": \"rsa 8192 65537\"", ""),
        ("api-gateway-client-key", $"{Client}, \"$key\": \"ed25519\"", $"{Client}, \"$key\": \"EccNistP256\"", ""),
        ("cloudfront-key", "\"$key\": \"EccNistP384\"", "\"$key\": \"rsa 4096 65537\"", "cloudfront-private-ca"),
        ("cloudfront-private-ca", "", Client, ""),
        ("cloudfront-no-domain", $"{Unnamed}, \"sans\": {{\"IP_ADDRESS\": \"10.0.0.1\"}}", "", "cloudfront-private-ca"),
        ("roles-anywhere-key", $"{Client}, \"$key\": \"ed25519\"", Client, ""),
        ("roles-anywhere-size", $"{Client}, {Extension("1.2.3", Octets(16_500))}", Client, "certificate-large"),
        ("openssl-ml-dsa", "\"$key\": \"MlDsa65\"", "", "ml-dsa-early"),
        ("openssl-eddsa", "\"$key\": \"ed25519\"", "", ""),
        ("java-eddsa", "\"$key\": \"ed25519\"", "", ""),
        ("java-ml-dsa", "\"$key\": \"MlDsa87\"", "", "ml-dsa-early"),
        ("java-chain-large", Extension("1.2.3", Octets(32_500)), Extension("1.2.3", Octets(31_000)), "certificate-large"),
        ("browser-key", "\"$key\": \"EccNistP521\"", $"{Client}, \"$key\": \"EccNistP521\"", ""),
        ("browser-lifetime", "\"lifetime\": 825", "\"lifetime\": 824", "lifetime-over-398"),
        ("browser-no-server-auth", "\"purposes\": [\"client_auth\"], \"sans\": [\"www.example.com\"]", "\"purposes\": [\"client_auth\"]", "client-only-host"),
    ];

    private static string Numbered(int count) => string.Join(", ", Enumerable.Range(1, count).Select(number => $"\"host{number}.example.com\""));

    private static string Extension(string oid, string base64, string more = "") =>
        $"\"extensions\": [{{\"oid\": \"{oid}\", \"value_b64\": \"{base64}\"{more}}}]";

    // An OCTET STRING of so many zeros.
    private static string Octets(int count) => Convert.ToBase64String([0x04, 0x82, (byte)(count >> 8), (byte)count, .. new byte[count]]);
}
