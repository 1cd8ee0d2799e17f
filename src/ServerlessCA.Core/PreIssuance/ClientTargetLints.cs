using System.Globalization;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of what the programs take that meet a certificate: OpenSSL, Java, browsers.</summary>
internal static class ClientTargetLints
{
    private const int JavaMessageOctets = 32_768; // SSLConfiguration.maxHandshakeMessageSize, jdk.tls.maxHandshakeMessageSize

    private static readonly TimeSpan MostOfApple = TimeSpan.FromDays(825);

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("openssl-ml-dsa", LintSeverity.Warning, "OpenSSL 3.5 release notes")
        {
            Explanation = "OpenSSL knows ML-DSA since version 3.5; older ones read neither the key nor a CA's signature.",
            Advice = "make sure of version 3.5, or take RSA or ECDSA",
            Targets = [LintTarget.OpenSsl],
            Check = planned => Of(planned, IsMlDsa),
        },
        new("openssl-eddsa", LintSeverity.Notice, "OpenSSL 1.1.1 release notes")
        {
            Explanation = "OpenSSL knows Ed25519 and Ed448 in TLS since version 1.1.1.",
            Advice = "make sure of version 1.1.1, or take RSA or ECDSA",
            Targets = [LintTarget.OpenSsl],
            Check = planned => Of(planned, AwsTargetLints.IsEdwards),
        },
        new("java-eddsa", LintSeverity.Warning, "JEP 339")
        {
            Explanation = "Java knows Ed25519 and Ed448 since version 15.",
            Advice = "make sure of Java 15, or take RSA or ECDSA",
            Targets = [LintTarget.Java],
            Check = planned => Of(planned, AwsTargetLints.IsEdwards),
        },
        new("java-ml-dsa", LintSeverity.Warning, "JEP 497")
        {
            Explanation = "Java knows ML-DSA since version 24.",
            Advice = "make sure of Java 24, or take RSA or ECDSA",
            Targets = [LintTarget.Java],
            Check = planned => Of(planned, IsMlDsa),
        },
        new("java-chain-large", LintSeverity.Warning, "JDK, jdk.tls.maxHandshakeMessageSize")
        {
            Explanation = "Java refuses handshake messages over 32,768 bytes, and the certificate with that of its CA is one.",
            Advice = "ask for fewer names, or raise jdk.tls.maxHandshakeMessageSize",
            Targets = [LintTarget.Java],
            Check = planned => planned.Octets + planned.Cas[0].Der.Length is > JavaMessageOctets and { } octets
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate and that of the issuing CA have {octets} bytes")] : [],
        },
        new("browser-key", LintSeverity.Error, "Mozilla Root Store Policy §5.1")
        {
            Explanation = "Browsers take RSA and the curves P-256 and P-384, of a server and of its CAs.",
            Advice = "take RSA 2048, P-256 or P-384",
            Targets = [LintTarget.Browser],
            Check = planned => Of(planned, key => IsMlDsa(key) || AwsTargetLints.IsEdwards(key) || key.Algorithm == PublicKeyAlgorithm.EcP521),
        },
        new("browser-lifetime", LintSeverity.Error, "Apple 103769")
        {
            Explanation = "Safari and programs of Apple refuse a server's certificate that is valid for more than 825 days, of private CAs, too. The five minutes before the issue count.",
            Advice = "ask for 824 days at most",
            Targets = [LintTarget.Browser],
            Check = planned => planned.IsForServers && planned.Life > MostOfApple
                ? [string.Create(CultureInfo.InvariantCulture, $"it is valid for {Math.Ceiling(planned.Life.TotalDays)} days")] : [],
        },
        new("browser-no-server-auth", LintSeverity.Warning, "Apple 103769")
        {
            Explanation = "Browsers refuse a server whose certificate has not the usage server_auth, and this one names hosts.",
            Advice = "add the purpose server_auth",
            Targets = [LintTarget.Browser],
            Check = planned => planned.DnsNames.Count > 0 && !planned.IsForServers
                ? [$"{HostNameLints.Quoted(planned.DnsNames[0])} is named, and the usage server_auth is not there"] : [],
        },
    ];

    private static bool IsMlDsa(PublicKey key) => KeyKind.Of(key.Algorithm).IsMlDsa;

    private static IEnumerable<string> Of(PlannedCertificate planned, Predicate<PublicKey> isRare) =>
        planned.Keys.Where(key => isRare(key.Key)).Select(key => $"{key.Whose} is {KeyKind.TextOf(key.Key)}");
}
