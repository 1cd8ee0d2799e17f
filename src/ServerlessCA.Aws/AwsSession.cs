using Amazon;
using Amazon.DynamoDBv2;
using Amazon.KeyManagementService;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using ServerlessCA.Aws.Http;
using ServerlessCA.Core;

namespace ServerlessCA.Aws;

/// <summary>Finds region, credentials and endpoints once, and makes clients that share one pool of connections. Safe for
/// concurrent use. Clients need not be disposed of; the session is disposed of when the last one is done.
/// <see cref="EndpointChoice"/> decides where services are called, for the SDK's clients and for ours.</summary>
public sealed class AwsSession : IDisposable
{
    private readonly AwsSettings settings;
    private readonly EndpointChoice endpoints;
    private readonly Lazy<AWSCredentials> credentials;
    private readonly SocketsHttpHandler network;
    private readonly HttpMessageHandler transport;
    private readonly SessionClients clients;

    /// <summary>Opens a session. Nothing is called yet.</summary>
    /// <exception cref="SessionUnusableException">There is no region or no such profile, or a variable cannot be
    /// read.</exception>
    public AwsSession(AwsSettings? settings = null)
    {
        this.settings = settings ?? new AwsSettings();
        var profiles = new CredentialProfileStoreChain(this.settings.ProfilesFile);
        CredentialProfile? profile = ProfileOf(profiles, this.settings.Profile);
        CredentialProfile? settled = profile ?? UsualProfile(profiles, this.settings.Variable);
        Region = RegionOf(this.settings, settled);
        endpoints = new EndpointChoice(this.settings.Variable, settled);
        credentials = new Lazy<AWSCredentials>(() => this.settings.Credentials ?? CredentialsOf(profiles, profile));
        network = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirected request would not be signed for its new address
            ConnectTimeout = this.settings.Retry.Connect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // a program that runs for weeks follows DNS (our decision)
            SslOptions = TrustedRoots.Of(this.settings.Variable),
        };
        transport = this.settings.Transport?.Invoke(network) ?? network;
        clients = new SessionClients(transport, this.settings.Retry.Attempt);
    }

    /// <summary>The region's name.</summary>
    public string Region { get; }

    /// <summary>The partition that the region is in, such as <c>aws</c>, as ARNs have it.</summary>
    public string Partition => RegionEndpoint.GetBySystemName(Region).PartitionName;

    /// <summary>Obtains the credentials that calls are signed with, so that an expired login is reported as such and not as a
    /// fault of the first call.</summary>
    /// <exception cref="SessionUnusableException">There are no credentials, or they have expired.</exception>
    public async Task ProveCredentialsAsync(CancellationToken cancellation)
    {
        try
        {
            await Credentials.GetCredentialsAsync().WaitAsync(cancellation);
        }
        catch (Exception error) when (error is not (OperationCanceledException or SessionUnusableException))
        {
            throw NoCredentials(settings.Profile, error); // providers fail with types of their own, processes and browsers too
        }
    }

    /// <summary>Makes a KMS client.</summary>
    /// <exception cref="SessionUnusableException">There are no credentials, or an endpoint variable is no address.</exception>
    public IAmazonKeyManagementService Kms() =>
        new AmazonKeyManagementServiceClient(Credentials, Configured(new AmazonKeyManagementServiceConfig(), AwsService.Kms));

    /// <summary>Makes a DynamoDB client.</summary>
    /// <exception cref="SessionUnusableException">As for <see cref="Kms"/>.</exception>
    public IAmazonDynamoDB DynamoDb() =>
        new AmazonDynamoDBClient(Credentials, Configured(new AmazonDynamoDBConfig(), AwsService.DynamoDb));

    /// <summary>Makes an S3 client.</summary>
    /// <exception cref="SessionUnusableException">As for <see cref="Kms"/>.</exception>
    public IAmazonS3 S3()
    {
        AmazonS3Config config = Configured(new AmazonS3Config(), AwsService.S3);

        // An emulator of S3 has no host name for each bucket.
        config.ForcePathStyle = EndpointOf(AwsService.S3).IsOverridden;
        return new AmazonS3Client(Credentials, config);
    }

    /// <summary>Makes signed calls to a service that has no SDK package here.</summary>
    /// <exception cref="SessionUnusableException">As for <see cref="Kms"/>.</exception>
    public SignedHttp Http(AwsService service) =>
        new(EndpointOf(service), Credentials, transport, settings.Retry, settings.Clock);

    /// <inheritdoc/>
    public void Dispose()
    {
        transport.Dispose();
        network.Dispose();
    }

    private AWSCredentials Credentials => credentials.Value;

    private AwsEndpoint EndpointOf(AwsService service) => AwsEndpoint.Of(service, Region, endpoints);

    private TConfig Configured<TConfig>(TConfig config, AwsService service)
        where TConfig : ClientConfig
    {
        AwsEndpoint endpoint = EndpointOf(service);
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        config.IgnoreConfiguredEndpointUrls = true; // AwsEndpoint has looked, for the SDK's clients and ours alike
        config.UseFIPSEndpoint = endpoint.UseFips;
        config.UseDualstackEndpoint = endpoint.UseDualStack;
        if (endpoint.IsOverridden)
        {
            config.ServiceURL = endpoint.Address.ToString();
            config.AuthenticationRegion = Region;
        }

        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = settings.Retry.Attempts - 1;
        config.HttpClientFactory = clients;
        if (string.IsNullOrEmpty(config.ClientAppId)) // AWS_SDK_UA_APP_ID or a profile's sdk_ua_app_id takes precedence
        {
            config.ClientAppId = Product.UserAgent;
        }

        return config;
    }

    private static CredentialProfile? ProfileOf(CredentialProfileStoreChain profiles, string? name)
    {
        if (name is null)
        {
            return null;
        }

        return profiles.TryGetProfile(name, out CredentialProfile? profile)
            ? profile
            : throw new SessionUnusableException($"There is no AWS profile '{name}'.", "Look at: aws configure list-profiles");
    }

    private static string RegionOf(AwsSettings settings, CredentialProfile? profile)
    {
        string?[] places = [settings.Region, settings.Variable("AWS_REGION"), settings.Variable("AWS_DEFAULT_REGION")];
        return Array.Find(places, place => !string.IsNullOrWhiteSpace(place))
            ?? profile?.Region?.SystemName
            ?? throw new SessionUnusableException("The AWS region is not known.", "Set AWS_REGION, or name a profile that has one.");
    }

    // The profile that the SDK's chain of credentials would use.
    private static CredentialProfile? UsualProfile(CredentialProfileStoreChain profiles, Func<string, string?> variable) =>
        profiles.TryGetProfile(variable("AWS_PROFILE") is { Length: > 0 } named ? named : "default", out CredentialProfile? profile) ? profile : null;

    private static AWSCredentials CredentialsOf(CredentialProfileStoreChain profiles, CredentialProfile? profile)
    {
        try
        {
            return profile?.GetAWSCredentials(profiles)
                ?? Amazon.Runtime.Credentials.DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (Exception error) when (SdkFault.IsOne(error) || error is InvalidOperationException)
        {
            throw NoCredentials(profile?.Name, error);
        }
    }

    private static SessionUnusableException NoCredentials(string? profile, Exception error)
    {
        // Without a profile every source of credentials has failed, and the SDK lists them in many lines.
        string problem = profile is null
            ? "No AWS credentials were found: none in variables, profiles, web identity, container or instance."
            : $"The AWS profile '{profile}' gives no credentials: {error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}.";
        string advice = profile is null ? "Log in, or set AWS_PROFILE or AWS_ACCESS_KEY_ID." : $"Log in again: aws sso login --profile {profile}, or mend the profile.";
        return new SessionUnusableException(problem, advice, error);
    }
}

/// <summary>AWS cannot be called with these settings: no region, no credentials, a wrong address. The message says what to
/// do.</summary>
/// <param name="problem">What is wrong, in one sentence.</param>
/// <param name="advice">What to do, in one or more sentences.</param>
/// <param name="cause">The exception that caused it; null for none.</param>
public sealed class SessionUnusableException(string problem, string advice, Exception? cause = null) : Exception($"{problem} {advice}", cause)
{
    /// <summary>What is wrong: the first part of the message.</summary>
    public string Problem { get; } = problem;

    /// <summary>What to do: the second part of the message.</summary>
    public string Advice { get; } = advice;
}

/// <summary>Recognizes the exceptions that the SDK throws.</summary>
internal static class SdkFault
{
    /// <summary>Decides whether an exception came from a service, from the network or from the SDK itself. A cancellation did
    /// not.</summary>
    public static bool IsOne(Exception fault) =>
        fault is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;
}
