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

/// <summary>Opens sessions with AWS, with the region and the profile of a location and of the environment
/// variables.</summary>
internal static class CloudSession
{
    private const string ProfileVariable = "AWS_PROFILE";

    /// <summary>Opens a session and gets credentials.</summary>
    /// <param name="location">The location of the CA.</param>
    /// <param name="here">Has the environment variables.</param>
    /// <param name="credentials">The credentials of a role that was assumed; null for the caller's own.</param>
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

    /// <summary>Turns a sentence into the form of our messages: lower case, without a full stop.</summary>
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

    // Keys in the environment take precedence over a profile in the environment, as in all tools of AWS.
    private static string? NamedProfile(Surroundings here) =>
        here.Variable("AWS_ACCESS_KEY_ID") is null ? here.Variable(ProfileVariable) : null;
}

/// <summary>Handles a CA in another account than the caller's. Its functions may be invoked from there; everything else
/// needs a role or credentials of that account.</summary>
internal static class CloudAccount
{
    private const string SessionName = "serverless-ca"; // shown in CloudTrail

    /// <summary>Says whether the CA is in another account than the caller. AWS is not called if the location names no
    /// account.</summary>
    /// <exception cref="AuthorityFault">The caller's account could not be found out.</exception>
    public static async Task<bool> IsForeignAsync(CloudCa ca, Location.Aws location, CancellationToken cancellation) =>
        location.Account is { } account && await CallerAsync(ca, cancellation) != account;

    /// <summary>Assumes the role by which principals of other accounts read the table, and returns its
    /// credentials.</summary>
    /// <exception cref="AuthorityFault">The role may not be assumed.</exception>
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

    /// <summary>Builds the fault of a command that needs more than functions with a CA in another account.</summary>
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

/// <summary>Preserves the clients with which profiles assume roles and log in. The SDK makes them by their names, so a
/// trimmed program would lack them. (Registering a factory for the token service instead makes role profiles wait for
/// themselves.)</summary>
internal static class CredentialTypes
{
    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Does nothing; its call makes the trimmer preserve the types. It is called before profiles are
    /// used.</summary>
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
