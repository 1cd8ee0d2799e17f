using Amazon.Runtime.CredentialManagement;

namespace ServerlessCA.Aws.Http;

/// <summary>What variables and profile say of AWS's addresses; variables win. Immutable.</summary>
public sealed record EndpointChoice
{
    private const string UrlPrefix = "AWS_ENDPOINT_URL";

    private readonly Func<string, string?> variable;
    private readonly CredentialProfile? profile;

    /// <summary>Reads them.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="profile">The profile in use; null: none.</param>
    /// <exception cref="SessionUnusableException">A switch is neither true nor false: whoever set it wanted something.</exception>
    public EndpointChoice(Func<string, string?> variable, CredentialProfile? profile = null)
    {
        this.variable = variable;
        this.profile = profile;
        Fips = Switch("AWS_USE_FIPS_ENDPOINT") ?? profile?.UseFIPSEndpoint ?? false;
        DualStack = Switch("AWS_USE_DUALSTACK_ENDPOINT") ?? profile?.UseDualstackEndpoint ?? false;
    }

    /// <summary>Whether endpoints with cryptography validated by FIPS 140 are asked for: <c>AWS_USE_FIPS_ENDPOINT</c>, or
    /// the profile's <c>use_fips_endpoint</c>.</summary>
    public bool Fips { get; }

    /// <summary>Whether endpoints with IPv6 beside IPv4 are asked for: <c>AWS_USE_DUALSTACK_ENDPOINT</c>, or the profile's
    /// <c>use_dualstack_endpoint</c>.</summary>
    public bool DualStack { get; }

    /// <summary>An address of one's own for a service, which wins over both: <c>AWS_ENDPOINT_URL_{SERVICE}</c>,
    /// <c>AWS_ENDPOINT_URL</c>, the profile's <c>endpoint_url</c>. Null: AWS's own;
    /// <c>AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true</c> says so, too.</summary>
    /// <returns>Where it was said, and what.</returns>
    public (string Source, string Text)? UrlOf(AwsService service)
    {
        if (Switch("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? profile?.IgnoreConfiguredEndpointUrls ?? false)
        {
            return null;
        }

        string own = $"{UrlPrefix}_{service.Id.ToUpperInvariant().Replace(' ', '_')}";
        foreach (string name in (string[])[own, UrlPrefix])
        {
            if (variable(name) is { Length: > 0 } text)
            {
                return (name, text);
            }
        }

        return profile?.EndpointUrl is { Length: > 0 } url ? ($"endpoint_url of the profile '{profile.Name}'", url) : null;
    }

    private bool? Switch(string name) => variable(name) switch
    {
        null or "" => null,
        string text when bool.TryParse(text, out bool value) => value,
        string text => throw new SessionUnusableException($"{name} is neither true nor false, but '{text}'.", "Set it to one of them, or unset it."),
    };
}
