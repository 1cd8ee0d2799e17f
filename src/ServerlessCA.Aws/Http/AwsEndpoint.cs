using Amazon;

namespace ServerlessCA.Aws.Http;

/// <summary>Where a service is called. Immutable.</summary>
public sealed record AwsEndpoint
{
    private const string Prefix = "AWS_ENDPOINT_URL";

    private AwsEndpoint(AwsService service, string region, Uri address, bool isOverridden)
    {
        Service = service;
        Region = region;
        Address = address;
        IsOverridden = isOverridden;
    }

    /// <summary>The service.</summary>
    public AwsService Service { get; }

    /// <summary>The region that signatures name.</summary>
    public string Region { get; }

    /// <summary>Its address, ending with a slash.</summary>
    public Uri Address { get; }

    /// <summary>Whether a variable said where: an emulator, a private endpoint.</summary>
    public bool IsOverridden { get; }

    /// <summary>The address by the variables, else AWS's own (other partitions have other domains).</summary>
    /// <param name="service">Which service.</param>
    /// <param name="region">Such as <c>eu-west-2</c>.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="SessionUnusableException">A variable holds no http or https address.</exception>
    public static AwsEndpoint Of(AwsService service, string region, Func<string, string?> variable)
    {
        bool ignored = string.Equals(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase);
        string own = $"{Prefix}_{service.Id.ToUpperInvariant().Replace(' ', '_')}";
        foreach (string name in ignored ? [] : new[] { own, Prefix })
        {
            if (variable(name) is { Length: > 0 } text)
            {
                return new AwsEndpoint(service, region, AddressOf(name, text), isOverridden: true);
            }
        }

        if (service == AwsService.Iam)
        {
            return OfIam(RegionEndpoint.GetBySystemName(region));
        }

        string domain = RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix;
        return new AwsEndpoint(service, region, new Uri($"https://{service.SigningName}.{region}.{domain}/"), isOverridden: false);
    }

    // AWS General Reference, "AWS Identity and Access Management endpoints and quotas".
    private static AwsEndpoint OfIam(RegionEndpoint region)
    {
        (string host, string home) = region.PartitionName switch
        {
            "aws-cn" => ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            "aws-us-gov" => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
            _ => ("iam.amazonaws.com", "us-east-1"),
        };
        return new AwsEndpoint(AwsService.Iam, home, new Uri($"https://{host}/"), isOverridden: false);
    }

    private static Uri AddressOf(string name, string text)
    {
        bool usable = Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https");
        return usable
            ? address!
            : throw new SessionUnusableException($"{name} is no address.", "Set it to one such as http://localhost:4566, or unset it.");
    }
}
