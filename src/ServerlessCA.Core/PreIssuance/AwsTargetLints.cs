using System.Globalization;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of what services of AWS take, as their guides say.</summary>
internal static class AwsTargetLints
{
    private const string Importing = "ACM User Guide, prerequisites for importing certificates";
    private const string LoadBalancerClients = "Application Load Balancer guide, mutual authentication";
    private const string CloudFrontCertificates = "CloudFront Developer Guide, requirements for using SSL/TLS certificates";
    private const string RsaOrEc = "make a key of RSA 2048 or on P-256";
    private const int RolesAnywhereOctets = 16 * 1024; // AWS Prescriptive Guidance: 16 KB

    // Of the sizes that ACM imports, those that this CA certifies.
    private static readonly int[] AcmModuli = [2048, 3072, 4096];

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("acm-key", LintSeverity.Error, Importing)
        {
            Explanation = "ACM, from which listeners and custom domains have their certificates, imports RSA of 2048, 3072 or 4096 bits and P-256, P-384 and P-521.",
            Advice = RsaOrEc,
            Targets = [LintTarget.Alb, LintTarget.ApiGateway],
            Check = planned => planned.IsForServers && !CanBeImported(planned.Key) ? [$"ACM does not import a certificate whose key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("alb-client-key", LintSeverity.Error, LoadBalancerClients)
        {
            Explanation = "Load balancers that verify clients take RSA of 2048 to 8192 bits and P-256, P-384 and P-521, of the client and of its CAs.",
            Advice = RsaOrEc,
            Targets = [LintTarget.Alb],
            Check = planned => planned.IsForClients ? Wrong(planned, key => IsRsa(key) || IsEc(key)) : [],
        },
        new("api-gateway-client-key", LintSeverity.Error, "API Gateway Developer Guide, mutual TLS")
        {
            Explanation = "API Gateway, where it verifies clients, takes RSA of 2048 bits or more and ECDSA, of the client and of the CAs of the trust store.",
            Advice = RsaOrEc,
            Targets = [LintTarget.ApiGateway],
            Check = planned => planned.IsForClients ? Wrong(planned, key => IsRsa(key) || IsEc(key)) : [],
        },
        new("cloudfront-key", LintSeverity.Error, Importing)
        {
            Explanation = "CloudFront takes RSA of 2048, 3072 or 4096 bits and P-256 for its distributions.",
            Advice = RsaOrEc,
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers && !(CanBeImported(planned.Key) && (IsRsa(planned.Key) || planned.Key.Algorithm == PublicKeyAlgorithm.EcP256))
                ? [$"CloudFront takes no certificate whose key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("cloudfront-private-ca", LintSeverity.Warning, CloudFrontCertificates)
        {
            Explanation = "CloudFront trusts the CAs that Mozilla trusts: an origin with a certificate of a private CA is not reached by HTTPS.",
            Advice = "take a public certificate, such as one of ACM",
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers ? ["a server's certificate of a private CA"] : [],
        },
        new("cloudfront-no-domain", LintSeverity.Error, CloudFrontCertificates)
        {
            Explanation = "The domain of a distribution or of its origin has to be among the names of the certificate, and there is none.",
            Advice = "name the domain in sans",
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers && planned.DnsNames.Count == 0 ? ["there is no domain among the alternative names"] : [],
        },
        new("roles-anywhere-key", LintSeverity.Error, "IAM Roles Anywhere User Guide, signing process for CreateSession")
        {
            Explanation = "IAM Roles Anywhere wants requests signed with RSA or ECDSA; it knows no Ed25519 and no Ed448.",
            Advice = RsaOrEc,
            Targets = [LintTarget.IamRolesAnywhere],
            Check = planned => IsEdwards(planned.Key) ? [$"nobody gets credentials of AWS with a key that is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("roles-anywhere-size", LintSeverity.Warning, "AWS Prescriptive Guidance, IAM Roles Anywhere with a private CA")
        {
            Explanation = "Every request to IAM Roles Anywhere carries the certificate, which may have 16 KB.",
            Advice = "ask for fewer names or smaller extensions",
            Targets = [LintTarget.IamRolesAnywhere],
            Check = planned => planned.Octets is > RolesAnywhereOctets and { } octets
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate has {octets} bytes, {RolesAnywhereOctets} at most")] : [],
        },
    ];

    /// <summary>Whether a key is Ed25519 or Ed448.</summary>
    public static bool IsEdwards(PublicKey key) => key.Algorithm is PublicKeyAlgorithm.Ed25519 or PublicKeyAlgorithm.Ed448;

    private static bool IsRsa(PublicKey key) => key.Algorithm == PublicKeyAlgorithm.Rsa;

    private static bool IsEc(PublicKey key) => key.Algorithm is PublicKeyAlgorithm.EcP256 or PublicKeyAlgorithm.EcP384 or PublicKeyAlgorithm.EcP521;

    private static bool CanBeImported(PublicKey key) => IsEc(key) || (key.ModulusBits is { } bits && AcmModuli.Contains(bits));

    private static IEnumerable<string> Wrong(PlannedCertificate planned, Predicate<PublicKey> isTaken) =>
        planned.Keys.Where(key => !isTaken(key.Key)).Select(key => $"{key.Whose} is {KeyKind.TextOf(key.Key)}");
}
