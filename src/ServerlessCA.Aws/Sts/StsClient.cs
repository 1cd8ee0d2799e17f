using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Sts;

/// <summary>Finds the caller's account, which needs no permission, and assumes roles, which needs
/// <c>sts:AssumeRole</c>.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.Sts"/>.</param>
public sealed class StsClient(SignedHttp http)
{
    /// <summary>Reads the number of the caller's account; null when the answer does not have it.</summary>
    /// <exception cref="AwsCallException">It could not be read.</exception>
    public async Task<string?> AccountAsync(CancellationToken cancellation) =>
        Text(await CallAsync("GetCallerIdentity", "", cancellation), "Account");

    /// <summary>Assumes a role for an hour.</summary>
    /// <param name="role">The role's ARN.</param>
    /// <param name="session">The name of the caller in the role's CloudTrail: letters, digits and <c>=,.@_-</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="AwsCallException">The role may not be assumed, or no answer came.</exception>
    public async Task<AWSCredentials> AssumeRoleAsync(string role, string session, CancellationToken cancellation)
    {
        const string Operation = "AssumeRole";
        XContainer? answer = await CallAsync(
            Operation, $"&RoleArn={Uri.EscapeDataString(role)}&RoleSessionName={Uri.EscapeDataString(session)}", cancellation);
        return (Text(answer, "AccessKeyId"), Text(answer, "SecretAccessKey"), Text(answer, "SessionToken")) is ({ } id, { } secret, { } token)
            ? new SessionAWSCredentials(id, secret, token)
            : throw new AwsCallException(AwsService.Sts, Operation, AwsError.Unreadable("the answer has no credentials"));
    }

    private async Task<XContainer?> CallAsync(string operation, string fields, CancellationToken cancellation)
    {
        var call = new SignedCall(
            operation, HttpMethod.Post, "", Encoding.ASCII.GetBytes($"Action={operation}&Version=2011-06-15{fields}"),
            "application/x-www-form-urlencoded; charset=utf-8");
        SignedAnswer answer = await http.SendAsync(call, cancellation);
        try
        {
            return XDocument.Parse(Encoding.UTF8.GetString(answer.Body.Span));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? Text(XContainer? answer, string name) =>
        answer?.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
