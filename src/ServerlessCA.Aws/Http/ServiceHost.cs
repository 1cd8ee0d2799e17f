using Amazon;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace ServerlessCA.Aws.Http;

/// <summary>The host names of services, by the rules that AWS publishes with its SDKs (endpoint rule sets), and the
/// regions that signatures name.</summary>
internal static class ServiceHost
{
    private const string GovernmentCloud = "aws-us-gov";

    // Services whose usual endpoints in AWS GovCloud (US) are the validated ones: there is no second one beside them.
    private static readonly string[] ValidatedInGovernmentCloud = ["sts", "sns"];

    /// <summary>The host of a service.</summary>
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

    // One for the whole partition (AWS General Reference, "AWS Identity and Access Management endpoints and quotas").
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
