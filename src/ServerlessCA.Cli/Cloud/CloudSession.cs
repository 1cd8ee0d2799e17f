using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using ServerlessCA.Aws;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Opens the way to AWS as a location and the variables name it.</summary>
internal static class CloudSession
{
    private const string ProfileVariable = "AWS_PROFILE";

    /// <summary>Opens it and has credentials made.</summary>
    /// <param name="location">Which CA.</param>
    /// <param name="here">Variables.</param>
    /// <param name="credentials">Of a role that was taken on; null: the caller's own.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFault">There is no such profile, no region, or no login.</exception>
    public static async Task<AwsSession> OpenAsync(
        Location.Aws location, Surroundings here, AWSCredentials? credentials, CancellationToken cancellation)
    {
        CredentialTypes.Preserve();
        AwsSession session = Open(location, here, credentials);
        try
        {
            await session.ProveCredentialsAsync(cancellation);
            return session;
        }
        catch (SessionUnusableException fault)
        {
            session.Dispose();
            throw CommandFault.Fault(Phrase(fault.Problem), Phrase(fault.Advice), fault);
        }
    }

    /// <summary>A sentence as our messages write them.</summary>
    public static string Phrase(string sentence)
    {
        bool isWord = sentence is [_, not (>= 'A' and <= 'Z'), ..]; // AWS_REGION stays
        return (isWord ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence).TrimEnd('.');
    }

    private static AwsSession Open(Location.Aws location, Surroundings here, AWSCredentials? credentials)
    {
        try
        {
            return new AwsSession(new AwsSettings
            {
                Region = location.Region,
                Profile = location.Profile ?? NamedProfile(here),
                ProfilesFile = here.Variable("AWS_SHARED_CREDENTIALS_FILE"),
                Credentials = credentials,
                Variable = here.Variables,
                Clock = here.Clock,
            });
        }
        catch (SessionUnusableException fault)
        {
            throw CommandFault.Usage(Phrase(fault.Problem), $"{Phrase(fault.Advice)}; or write {AwsLocation.Form}");
        }
    }

    // Keys in the environment win over a profile in the environment, as everywhere with AWS.
    private static string? NamedProfile(Surroundings here) =>
        here.Variable("AWS_ACCESS_KEY_ID") is null ? here.Variable(ProfileVariable) : null;
}

/// <summary>A CA in another account than the caller's: functions may be invoked from there, everything else needs a role or
/// credentials of that account.</summary>
internal static class CloudAccount
{
    private const string SessionName = "serverless-ca"; // in CloudTrail

    /// <summary>Whether the CA is in another account than its caller. Nothing is asked where no account is named.</summary>
    /// <exception cref="AuthorityFault">Nobody could be asked who is calling.</exception>
    public static async Task<bool> IsForeignAsync(CloudCa ca, Location.Aws location, CancellationToken cancellation) =>
        location.Account is { } account && await CallerAsync(ca, cancellation) != account;

    /// <summary>Credentials of the role that reads the table, for principals of other accounts.</summary>
    /// <exception cref="AuthorityFault">It may not be taken on.</exception>
    public static async Task<AWSCredentials> ReaderAsync(CloudCa ca, Location.Aws location, CancellationToken cancellation)
    {
        string role = $"arn:{ca.Session.Partition}:iam::{location.Account}:role/{ca.Names.Project}-db-reader-{ca.Names.Environment}";
        try
        {
            using SignedHttp http = ca.Session.Http(AwsService.Sts);
            return await new StsClient(http).AssumeRoleAsync(role, SessionName, cancellation);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(
                fault, $"the table is read through '{role}': name yourself in aws_principals of the Terraform module there, and allow sts:AssumeRole on it here", mayBeIssued: false);
        }
    }

    /// <summary>A command needs more than functions, and the CA is elsewhere.</summary>
    public static CommandFault Foreign(Location.Aws location) => CommandFault.Usage(
        $"'{location.Text}' is in another account than your credentials, and this command needs its tables, buckets, keys or state machine",
        $"use credentials of account {location.Account}, such as with &profile=NAME; from other accounts work request, chain, agent, list, show and get");

    private static async Task<string?> CallerAsync(CloudCa ca, CancellationToken cancellation)
    {
        try
        {
            using SignedHttp http = ca.Session.Http(AwsService.Sts);
            return await new StsClient(http).AccountAsync(cancellation);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(fault, "everybody may call sts:GetCallerIdentity unless a policy of the organization denies it", mayBeIssued: false);
        }
    }
}

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
    public static void Preserve()
    {
    }
}
