using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Secrets;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Slack's token in Secrets Manager, read for every event: a new token counts at once.</summary>
internal sealed class SlackTokenSecret(SecretsManagerClient secrets, string secretArn, Log log)
{
    /// <summary>The secret's text; null when there is none or it may not be read, which is logged.</summary>
    /// <exception cref="AwsCallException">It cannot be read now. Nothing is posted yet, so Lambda may hand the event in
    /// again without anyone getting a message twice.</exception>
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
