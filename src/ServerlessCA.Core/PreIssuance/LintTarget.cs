namespace ServerlessCA.Core.PreIssuance;

/// <summary>Where a certificate is going to be used, as far as that takes less than this CA issues.</summary>
public enum LintTarget
{
    /// <summary>An Application Load Balancer: its listener, or clients that it verifies.</summary>
    Alb,

    /// <summary>API Gateway: a custom domain, or clients that it verifies.</summary>
    ApiGateway,

    /// <summary>CloudFront: a distribution, or its origin.</summary>
    CloudFront,

    /// <summary>IAM Roles Anywhere: credentials of AWS for whoever has the certificate.</summary>
    IamRolesAnywhere,

    /// <summary>Programs with OpenSSL.</summary>
    OpenSsl,

    /// <summary>Programs in Java.</summary>
    Java,

    /// <summary>Web browsers of people.</summary>
    Browser,
}

/// <summary>The targets as settings and options name them.</summary>
public static class LintTargets
{
    private static readonly Dictionary<LintTarget, string> ByTarget = new()
    {
        [LintTarget.Alb] = "alb",
        [LintTarget.ApiGateway] = "api-gateway",
        [LintTarget.CloudFront] = "cloudfront",
        [LintTarget.IamRolesAnywhere] = "iam-roles-anywhere",
        [LintTarget.OpenSsl] = "openssl",
        [LintTarget.Java] = "java",
        [LintTarget.Browser] = "browser",
    };

    /// <summary>All names, for help texts.</summary>
    public static IReadOnlyCollection<string> Names => ByTarget.Values;

    /// <summary>Such as <c>iam-roles-anywhere</c>.</summary>
    public static string NameOf(LintTarget target) => ByTarget[target];

    /// <summary>The target of a name; null when it is unknown. Case counts.</summary>
    public static LintTarget? Find(string name) =>
        ByTarget.Where(known => known.Value == name).Select(known => (LintTarget?)known.Key).FirstOrDefault();
}
