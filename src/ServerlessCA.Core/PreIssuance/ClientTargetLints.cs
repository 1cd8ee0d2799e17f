using System.Globalization;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check what the programs on the other side accept: OpenSSL, Java, browsers.</summary>
internal static class ClientTargetLints
{
    private const int JavaMessageOctets = 32_768; // SSLConfiguration.maxHandshakeMessageSize, jdk.tls.maxHandshakeMessageSize

    private static readonly TimeSpan MostOfApple = TimeSpan.FromDays(825);

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("openssl-ml-dsa", LintSeverity.Warning, "OpenSSL 3.5 release notes")
        {
            Explanation = "OpenSSL supports ML-DSA since version 3.5. Older versions can read neither such a key nor the signature of a CA that has one.",
            Advice = "make sure that every program has version 3.5 or later, or use RSA or ECDSA",
            Targets = [LintTarget.OpenSsl],
            Check = planned => Of(planned, IsMlDsa),
        },
        new("openssl-eddsa", LintSeverity.Notice, "OpenSSL 1.1.1 release notes")
        {
            Explanation = "OpenSSL supports Ed25519 and Ed448 in TLS since version 1.1.1.",
            Advice = "make sure that every program has version 1.1.1 or later, or use RSA or ECDSA",
            Targets = [LintTarget.OpenSsl],
            Check = planned => Of(planned, AwsTargetLints.IsEdwards),
        },
        new("java-eddsa", LintSeverity.Warning, "JEP 339")
        {
            Explanation = "Java supports Ed25519 and Ed448 since version 15.",
            Advice = "make sure that every program runs on Java 15 or later, or use RSA or ECDSA",
            Targets = [LintTarget.Java],
            Check = planned => Of(planned, AwsTargetLints.IsEdwards),
        },
        new("java-ml-dsa", LintSeverity.Warning, "JEP 497")
        {
            Explanation = "Java supports ML-DSA since version 24.",
            Advice = "make sure that every program runs on Java 24 or later, or use RSA or ECDSA",
            Targets = [LintTarget.Java],
            Check = planned => Of(planned, IsMlDsa),
        },
        new("java-chain-large", LintSeverity.Warning, "JDK, jdk.tls.maxHandshakeMessageSize")
        {
            Explanation = "Java refuses a handshake message of more than 32,768 bytes, and one such message holds both the certificate and that of the issuing CA.",
            Advice = "ask for fewer names, or raise jdk.tls.maxHandshakeMessageSize",
            Targets = [LintTarget.Java],
            Check = planned => planned.Octets + planned.Cas[0].Der.Length is > JavaMessageOctets and { } octets
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate and that of the issuing CA have {octets} bytes")] : [],
        },
        new("browser-key", LintSeverity.Error, "Mozilla Root Store Policy §5.1")
        {
            Explanation = "Browsers accept only RSA keys and keys on P-256 and P-384, of a server and of its CAs.",
            Advice = "use RSA of 2048 bits, P-256 or P-384",
            Targets = [LintTarget.Browser],
            Check = planned => !planned.IsForServers ? [] : Of(planned, key => IsMlDsa(key) || AwsTargetLints.IsEdwards(key) || key.Algorithm == PublicKeyAlgorithm.EcP521),
        },
        new("browser-lifetime", LintSeverity.Error, "Apple 103769")
        {
            Explanation = "Safari and other programs of Apple refuse a server certificate that is valid for more than 825 days, of private CAs as well. A certificate begins five minutes before it is issued, and these count.",
            Advice = "ask for 824 days at most",
            Targets = [LintTarget.Browser],
            Check = planned => planned.IsForServers && planned.Life > MostOfApple
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate is valid for {Math.Ceiling(planned.Life.TotalDays)} days")] : [],
        },
        new("browser-no-server-auth", LintSeverity.Warning, "Apple 103769")
        {
            Explanation = "The certificate names hosts, but it does not have the usage server_auth, without which browsers refuse a server.",
            Advice = "add the purpose server_auth",
            Targets = [LintTarget.Browser],
            Check = planned => planned.IsForNamedHosts && !planned.IsForServers
                ? [$"the certificate names {HostNameLints.Quoted(planned.DnsNames[0])}, but does not have the usage server_auth"] : [],
        },
    ];

    private static bool IsMlDsa(PublicKey key) => KeyKind.Of(key.Algorithm).IsMlDsa;

    private static IEnumerable<string> Of(PlannedCertificate planned, Predicate<PublicKey> isRare) =>
        planned.Keys.Where(key => isRare(key.Key)).Select(key => $"{key.Whose} is {KeyKind.TextOf(key.Key)}");
}
