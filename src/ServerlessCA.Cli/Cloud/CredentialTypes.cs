using System.Diagnostics.CodeAnalysis;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace ServerlessCA.Cli.Cloud;

/// <summary>The clients with which profiles assume roles and log in. The SDK makes them by their names, which a trimmed
/// program would have lost. (Registering a factory for the token service instead makes role profiles wait for
/// themselves.)</summary>
internal static class CredentialTypes
{
    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Call it before profiles are used; it does nothing but keep the types.</summary>
    [DynamicDependency(Constructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(Constructors, typeof(AmazonSecurityTokenServiceConfig))]
    [DynamicDependency(Constructors, typeof(AmazonSSOClient))]
    [DynamicDependency(Constructors, typeof(AmazonSSOConfig))]
    [DynamicDependency(Constructors, typeof(AmazonSSOOIDCClient))]
    [DynamicDependency(Constructors, typeof(AmazonSSOOIDCConfig))]
    public static void Keep()
    {
    }
}
