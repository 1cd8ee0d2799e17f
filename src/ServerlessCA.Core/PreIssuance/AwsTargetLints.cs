using System.Globalization;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check what services of AWS accept, as their guides say.</summary>
internal static class AwsTargetLints
{
    private const string Importing = "ACM User Guide, prerequisites for importing certificates";
    private const string LoadBalancerClients = "Application Load Balancer guide, mutual authentication";
    private const string CloudFrontCertificates = "CloudFront Developer Guide, requirements for using SSL/TLS certificates";
    private const string RsaOrEc = "make an RSA key of 2048 bits or a key on P-256";
    private const int RolesAnywhereOctets = 16 * 1024; // AWS Prescriptive Guidance: 16 KB

    // The sizes that ACM imports and this CA certifies.
    private static readonly int[] AcmModuli = [2048, 3072, 4096];

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("acm-key", LintSeverity.Error, Importing)
        {
            Explanation = "Load balancers and API Gateway take their certificates from ACM, which imports only RSA keys of 2048, 3072 or 4096 bits and keys on P-256, P-384 and P-521.",
            Advice = RsaOrEc,
            Targets = [LintTarget.Alb, LintTarget.ApiGateway],
            Check = planned => planned.IsForServers && !CanBeImported(planned.Key) ? [$"ACM does not import a certificate whose key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("alb-client-key", LintSeverity.Error, LoadBalancerClients)
        {
            Explanation = "A load balancer that verifies clients accepts only RSA keys of 2048 to 8192 bits and keys on P-256, P-384 and P-521, of the client and of its CAs.",
            Advice = RsaOrEc,
            Targets = [LintTarget.Alb],
            Check = planned => planned.IsForClients ? Wrong(planned, key => IsRsa(key) || IsEc(key)) : [],
        },
        new("api-gateway-client-key", LintSeverity.Error, "API Gateway Developer Guide, mutual TLS")
        {
            Explanation = "API Gateway, when it verifies clients, accepts only RSA keys of at least 2048 bits and ECDSA keys, of the client and of the CAs in the trust store.",
            Advice = RsaOrEc,
            Targets = [LintTarget.ApiGateway],
            Check = planned => planned.IsForClients ? Wrong(planned, key => IsRsa(key) || IsEc(key)) : [],
        },
        new("cloudfront-key", LintSeverity.Error, Importing)
        {
            Explanation = "CloudFront accepts for its distributions only RSA keys of 2048, 3072 or 4096 bits and keys on P-256.",
            Advice = RsaOrEc,
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers && !(CanBeImported(planned.Key) && (IsRsa(planned.Key) || planned.Key.Algorithm == PublicKeyAlgorithm.EcP256))
                ? [$"CloudFront accepts no certificate whose key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("cloudfront-private-ca", LintSeverity.Warning, CloudFrontCertificates)
        {
            Explanation = "CloudFront trusts only the CAs that Mozilla trusts. It does not connect by HTTPS to an origin whose certificate comes from a private CA.",
            Advice = "use a public certificate, such as one of ACM",
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers ? ["CloudFront does not trust a server certificate of a private CA"] : [],
        },
        new("cloudfront-no-domain", LintSeverity.Error, CloudFrontCertificates)
        {
            Explanation = "CloudFront looks for the domain of a distribution or of its origin among the alternative names, and there is no domain.",
            Advice = "add the domain to sans",
            Targets = [LintTarget.CloudFront],
            Check = planned => planned.IsForServers && planned.DnsNames.Count == 0 ? ["there is no domain among the alternative names"] : [],
        },
        new("roles-anywhere-key", LintSeverity.Error, "IAM Roles Anywhere User Guide, signing process for CreateSession")
        {
            Explanation = "IAM Roles Anywhere accepts requests that are signed with RSA or ECDSA, and none with Ed25519 or Ed448.",
            Advice = RsaOrEc,
            Targets = [LintTarget.IamRolesAnywhere],
            Check = planned => IsEdwards(planned.Key) ? [$"IAM Roles Anywhere gives no credentials for a certificate whose key is {KeyKind.TextOf(planned.Key)}"] : [],
        },
        new("roles-anywhere-size", LintSeverity.Warning, "AWS Prescriptive Guidance, IAM Roles Anywhere with a private CA")
        {
            Explanation = "Every request to IAM Roles Anywhere carries the certificate, which may have at most 16 KB.",
            Advice = "ask for fewer names or smaller extensions",
            Targets = [LintTarget.IamRolesAnywhere],
            Check = planned => planned.Octets is > RolesAnywhereOctets and { } octets
                ? [string.Create(CultureInfo.InvariantCulture, $"the certificate has {octets} bytes, {RolesAnywhereOctets} at most")] : [],
        },
    ];

    /// <summary>Says whether a key is Ed25519 or Ed448.</summary>
    public static bool IsEdwards(PublicKey key) => key.Algorithm is PublicKeyAlgorithm.Ed25519 or PublicKeyAlgorithm.Ed448;

    private static bool IsRsa(PublicKey key) => key.Algorithm == PublicKeyAlgorithm.Rsa;

    private static bool IsEc(PublicKey key) => key.Algorithm is PublicKeyAlgorithm.EcP256 or PublicKeyAlgorithm.EcP384 or PublicKeyAlgorithm.EcP521;

    private static bool CanBeImported(PublicKey key) => IsEc(key) || (key.ModulusBits is { } bits && AcmModuli.Contains(bits));

    private static IEnumerable<string> Wrong(PlannedCertificate planned, Predicate<PublicKey> isTaken) =>
        planned.Keys.Where(key => !isTaken(key.Key)).Select(key => $"{key.Whose} is {KeyKind.TextOf(key.Key)}");
}
