using ServerlessCA.Core.Trust;

namespace ServerlessCA.Aws.Http;

/// <summary>Where a service is called. Immutable.</summary>
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

    /// <summary>The service.</summary>
    public AwsService Service { get; }

    /// <summary>The region that signatures name.</summary>
    public string Region { get; }

    /// <summary>Its address, ending with a slash.</summary>
    public Uri Address { get; }

    /// <summary>Whether somebody said where: an emulator, a private endpoint.</summary>
    public bool IsOverridden { get; }

    /// <summary>Whether it is AWS's FIPS endpoint.</summary>
    public bool UseFips { get; }

    /// <summary>Whether it is AWS's dual-stack endpoint.</summary>
    public bool UseDualStack { get; }

    /// <summary>The address as variables and profile have it, else AWS's own (other partitions have other domains).</summary>
    /// <param name="service">Which service.</param>
    /// <param name="region">Such as <c>eu-west-2</c>.</param>
    /// <param name="choice">What variables and profile say.</param>
    /// <exception cref="SessionUnusableException">What they say is no http or https address, or there is no such endpoint.</exception>
    public static AwsEndpoint Of(AwsService service, string region, EndpointChoice choice)
    {
        if (choice.UrlOf(service) is var (source, text))
        {
            return new AwsEndpoint(service, region, AddressOf(source, text), isOverridden: true, choice);
        }

        (string host, string signingRegion) = ServiceHost.Of(service, region, choice.Fips, choice.DualStack);
        return new AwsEndpoint(service, signingRegion, new Uri($"https://{host}/"), isOverridden: false, choice);
    }

    /// <summary>What to say of a host that has no address, as FIPS and dual-stack endpoints are not in every region, or whose
    /// certificate does not do. Null: neither is it.</summary>
    /// <param name="fault">What came instead of an answer.</param>
    /// <param name="host">Which host.</param>
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
