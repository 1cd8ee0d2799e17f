using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Secrets;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Slack's token in Secrets Manager, read for every event: a new token counts at once.</summary>
internal sealed class SlackTokenSecret(SecretsManagerClient secrets, string secretArn, Log log)
{
    /// <summary>The secret's text; null when it cannot be read, which is logged.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await secrets.GetSecretValueAsync(secretArn, cancellation);
        }
        catch (AwsCallException fault)
        {
            log.SecretUnreadable(fault.Message);
            return null;
        }
    }
}
