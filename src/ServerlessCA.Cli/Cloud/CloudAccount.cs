using Amazon.Runtime;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Cloud;

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
