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

/// <summary>Maps the names of targets in settings and options to the targets.</summary>
public static class LintTargets
{
    private static readonly Dictionary<string, LintTarget> ByName = new(StringComparer.Ordinal)
    {
        ["alb"] = LintTarget.Alb,
        ["api-gateway"] = LintTarget.ApiGateway,
        ["cloudfront"] = LintTarget.CloudFront,
        ["iam-roles-anywhere"] = LintTarget.IamRolesAnywhere,
        ["openssl"] = LintTarget.OpenSsl,
        ["java"] = LintTarget.Java,
        ["browser"] = LintTarget.Browser,
    };

    /// <summary>Lists all names, for help texts.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>Returns the name, such as <c>iam-roles-anywhere</c>.</summary>
    public static string NameOf(LintTarget target) => ByName.First(known => known.Value == target).Key;

    /// <summary>Returns the target of a name; null when it is unknown. Case counts.</summary>
    public static LintTarget? Find(string name) => ByName.TryGetValue(name, out LintTarget target) ? target : null;
}
