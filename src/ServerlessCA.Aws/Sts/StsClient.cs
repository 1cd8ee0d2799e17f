using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Sts;

/// <summary>Tells who is calling, which needs no permission, and takes on roles, which needs <c>sts:AssumeRole</c>.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.Sts"/>.</param>
public sealed class StsClient(SignedHttp http)
{
    /// <summary>The account's number; null when the answer does not have it.</summary>
    /// <exception cref="AwsCallException">It could not be asked.</exception>
    public async Task<string?> AccountAsync(CancellationToken cancellation) =>
        Text(await AskAsync("GetCallerIdentity", "", cancellation), "Account");

    /// <summary>Takes on a role, for an hour.</summary>
    /// <param name="role">Its ARN.</param>
    /// <param name="session">What its CloudTrail calls the caller: letters, digits and <c>=,.@_-</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="AwsCallException">It may not be taken on, or could not be.</exception>
    public async Task<AWSCredentials> AssumeRoleAsync(string role, string session, CancellationToken cancellation)
    {
        const string Operation = "AssumeRole";
        XContainer? answer = await AskAsync(
            Operation, $"&RoleArn={Uri.EscapeDataString(role)}&RoleSessionName={Uri.EscapeDataString(session)}", cancellation);
        return (Text(answer, "AccessKeyId"), Text(answer, "SecretAccessKey"), Text(answer, "SessionToken")) is ({ } id, { } secret, { } token)
            ? new SessionAWSCredentials(id, secret, token)
            : throw new AwsCallException(AwsService.Sts, Operation, AwsError.Unreadable("the answer has no credentials"));
    }

    private async Task<XContainer?> AskAsync(string operation, string fields, CancellationToken cancellation)
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
