using Amazon;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Aws.Http;

/// <summary>The address at which a service is called. Immutable.</summary>
public sealed record AwsEndpoint
{
    private AwsEndpoint(AwsService service, string region, Uri address, bool isOverridden, EndpointChoice choice)
    {
        Service = service;
        Region = region;
        Address = address;
        IsOverridden = isOverridden;
        UseFips = choice.Fips && !isOverridden;
        UseDualStack = choice.DualStack && !isOverridden;
    }

    /// <summary>The service that is called.</summary>
    public AwsService Service { get; }

    /// <summary>The region that signatures name.</summary>
    public string Region { get; }

    /// <summary>The address, which ends with a slash.</summary>
    public Uri Address { get; }

    /// <summary>Whether the address was configured: an emulator, a private endpoint.</summary>
    public bool IsOverridden { get; }

    /// <summary>Whether it is AWS's FIPS endpoint.</summary>
    public bool UseFips { get; }

    /// <summary>Whether it is AWS's dual-stack endpoint.</summary>
    public bool UseDualStack { get; }

    /// <summary>Returns the address that variables or the profile name, else AWS's own (other partitions have other
    /// domains).</summary>
    /// <param name="service">The service to call.</param>
    /// <param name="region">Such as <c>eu-west-2</c>.</param>
    /// <param name="choice">The variables and the profile.</param>
    /// <exception cref="SessionUnusableException">The configured text is no http or https address, or there is no such
    /// endpoint.</exception>
    public static AwsEndpoint Of(AwsService service, string region, EndpointChoice choice)
    {
        if (choice.UrlOf(service) is var (source, text))
        {
            return new AwsEndpoint(service, region, AddressOf(source, text), isOverridden: true, choice);
        }

        (string host, string signingRegion) = ServiceHost.Of(service, region, choice.Fips, choice.DualStack);
        return new AwsEndpoint(service, signingRegion, new Uri($"https://{host}/"), isOverridden: false, choice);
    }

    /// <summary>Returns what to say of a host that has no address (FIPS and dual-stack endpoints are not in every region) or
    /// whose certificate is not trusted; null for any other fault.</summary>
    /// <param name="fault">The exception that came instead of an answer.</param>
    /// <param name="host">The host that was called.</param>
    /// <param name="fips">Whether a FIPS endpoint was asked for.</param>
    /// <param name="dualStack">Whether a dual-stack endpoint was asked for.</param>
    internal static string? AdviceOn(HttpRequestException fault, string? host, bool fips, bool dualStack)
    {
        string[] switches = [.. fips ? ["AWS_USE_FIPS_ENDPOINT"] : (string[])[], .. dualStack ? ["AWS_USE_DUALSTACK_ENDPOINT"] : (string[])[]];
        return fault.HttpRequestError == HttpRequestError.NameResolutionError && switches.Length > 0
            ? $"{fault.Message}: {string.Join(" and ", switches)} asked for {host}, which AWS may not have"
            : TlsFault.OfCertificate(fault) is { } untrusted ? $"{host} cannot be reached: {untrusted.Text}"
            : null;
    }

    private static Uri AddressOf(string source, string text)
    {
        bool usable = Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https");
        return usable
            ? address!
            : throw new SessionUnusableException($"{source} is no address.", "Set it to one such as http://localhost:4566, or unset it.");
    }
}

/// <summary>Reads what variables and profile say of AWS's addresses; variables take precedence. Immutable.</summary>
public sealed record EndpointChoice
{
    private const string UrlPrefix = "AWS_ENDPOINT_URL";

    private readonly Func<string, string?> variable;
    private readonly CredentialProfile? profile;

    /// <summary>Reads the switches; addresses are read when a service is called.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="profile">The profile in use; null for none.</param>
    /// <exception cref="SessionUnusableException">A switch is neither true nor false: it was set for a reason.</exception>
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

    /// <summary>Finds the configured address of a service, which takes precedence over both switches:
    /// <c>AWS_ENDPOINT_URL_{SERVICE}</c>, <c>AWS_ENDPOINT_URL</c>, the profile's <c>endpoint_url</c>. Null: AWS's own, as also
    /// <c>AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true</c> demands.</summary>
    /// <returns>The name of the variable or profile, and the address as it is written there.</returns>
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

/// <summary>Computes the host names of services by the rules that AWS publishes with its SDKs (endpoint rule sets), and the
/// regions that signatures name.</summary>
internal static class ServiceHost
{
    private const string GovernmentCloud = "aws-us-gov";

    // Services whose usual endpoints in AWS GovCloud (US) are the validated ones: they have no separate FIPS endpoint.
    private static readonly string[] ValidatedInGovernmentCloud = ["sts", "sns"];

    /// <summary>Returns the host of a service and the region that signatures name.</summary>
    /// <exception cref="SessionUnusableException">The partition has no such endpoints.</exception>
    public static (string Host, string SigningRegion) Of(AwsService service, string region, bool fips, bool dualStack)
    {
        RegionEndpoint known = RegionEndpoint.GetBySystemName(region);
        string domain = known.PartitionDnsSuffix;
        if (fips || dualStack)
        {
            domain = DomainOf(region, fips, dualStack);
        }

        if (service == AwsService.Iam)
        {
            return OfIam(known.PartitionName, domain, fips, dualStack);
        }

        bool isValidatedAnyway = !dualStack && known.PartitionName == GovernmentCloud
            && (ValidatedInGovernmentCloud.Contains(service.SigningName) || (service.SigningName == "states" && region == "us-gov-west-1"));
        string suffix = fips && !isValidatedAnyway ? "-fips" : "";
        return ($"{service.SigningName}{suffix}.{region}.{domain}", region);
    }

    // IAM has one endpoint for the whole partition (AWS General Reference, "AWS Identity and Access Management endpoints and
    // quotas").
    private static (string Host, string SigningRegion) OfIam(string partition, string domain, bool fips, bool dualStack) => partition switch
    {
        "aws-cn" => (dualStack ? $"iam.global.{domain}" : $"iam.cn-north-1.{domain}", "cn-north-1"),
        GovernmentCloud => ($"iam.us-gov.{domain}", "us-gov-west-1"),
        _ => ($"iam{(fips ? "-fips" : "")}{(dualStack ? ".global" : "")}.{domain}", "us-east-1"),
    };

    private static string DomainOf(string region, bool fips, bool dualStack)
    {
        Partition partition = Fn.Partition(region)
            ?? throw new SessionUnusableException($"Of the region '{region}' no FIPS or dual-stack endpoints are known.", "Unset AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT.");
        if (fips && !partition.supportsFIPS)
        {
            throw new SessionUnusableException($"The partition of '{region}' has no FIPS endpoints.", "Unset AWS_USE_FIPS_ENDPOINT.");
        }

        return !dualStack ? partition.dnsSuffix
            : partition.supportsDualStack ? partition.dualStackDnsSuffix
            : throw new SessionUnusableException($"The partition of '{region}' has no dual-stack endpoints.", "Unset AWS_USE_DUALSTACK_ENDPOINT.");
    }
}
