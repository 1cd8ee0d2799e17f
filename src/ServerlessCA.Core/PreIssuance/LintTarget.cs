namespace ServerlessCA.Core.PreIssuance;

/// <summary>Names a place where certificates are used that accepts less than this CA issues.</summary>
public enum LintTarget
{
    /// <summary>Stands for an Application Load Balancer: its listener, or the clients that it verifies.</summary>
    Alb,

    /// <summary>Stands for API Gateway: a custom domain, or the clients that it verifies.</summary>
    ApiGateway,

    /// <summary>Stands for CloudFront: a distribution, or its origin.</summary>
    CloudFront,

    /// <summary>Stands for IAM Roles Anywhere, which gives credentials of AWS to whoever has the certificate.</summary>
    IamRolesAnywhere,

    /// <summary>Stands for programs that use OpenSSL.</summary>
    OpenSsl,

    /// <summary>Stands for programs in Java.</summary>
    Java,

    /// <summary>Stands for web browsers.</summary>
    Browser,
}

/// <summary>Maps the targets to their names in settings and options.</summary>
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

    /// <summary>Lists all names, for help texts.</summary>
    public static IReadOnlyCollection<string> Names => ByTarget.Values;

    /// <summary>Returns the name, such as <c>iam-roles-anywhere</c>.</summary>
    public static string NameOf(LintTarget target) => ByTarget[target];

    /// <summary>Returns the target of a name; null when it is unknown. Case counts.</summary>
    public static LintTarget? Find(string name) =>
        ByTarget.Where(known => known.Value == name).Select(known => (LintTarget?)known.Key).FirstOrDefault();
}
