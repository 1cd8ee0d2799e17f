using System.Text;
using System.Xml;
using System.Xml.Linq;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Secrets;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Reads Slack's token from Secrets Manager for every event, so that a new token is used at once.</summary>
internal sealed class SlackTokenSecret(SecretsManagerClient secrets, string secretArn, Log log)
{
    /// <summary>Reads the secret's text; null when there is none or it may not be read, which is logged.</summary>
    /// <exception cref="AwsCallException">It cannot be read now. Nothing is posted yet, so Lambda may repeat the event and no
    /// message arrives twice.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await secrets.GetSecretValueAsync(secretArn, cancellation);
        }
        catch (AwsCallException fault) when (!fault.IsTransient)
        {
            log.SecretUnreadable(fault.Message);
            return null;
        }
    }
}

/// <summary>Reads the account's alias for the foot of Slack messages (contract section 9), once while the function is warm.
/// Needs <c>iam:ListAccountAliases</c>; without the permission messages have no alias.</summary>
internal sealed class AccountAlias(SignedHttp http, Log log)
{
    // Our decision: no message waits longer for a mere detail. IAM may be unreachable where Slack is not.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private string? known;

    /// <summary>Reads the alias; null when there is none or it cannot be read.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            var call = new SignedCall(
                "ListAccountAliases", HttpMethod.Post, "", Encoding.ASCII.GetBytes("Action=ListAccountAliases&Version=2010-05-08"),
                "application/x-www-form-urlencoded; charset=utf-8");
            return known ??= AliasOf(await http.SendAsync(call, limit.Token));
        }
        catch (Exception fault) when (fault is AwsCallException or XmlException)
        {
            log.AliasUnreadable(fault.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.AliasUnreadable($"no answer within {Timeout.TotalSeconds:0} s");
            return null;
        }
    }

    private static string? AliasOf(SignedAnswer answer) => XDocument.Parse(Encoding.UTF8.GetString(answer.Body.Span))
        .Descendants().FirstOrDefault(element => element.Name.LocalName == "AccountAliases")?.Elements().FirstOrDefault()?.Value;
}
