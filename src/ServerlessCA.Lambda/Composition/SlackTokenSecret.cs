using System.Text.Json;
using ServerlessCA.Aws.Http;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Composition;

/// <summary>Slack's token in Secrets Manager, read for every event: a new token counts at once.</summary>
internal sealed class SlackTokenSecret(SignedHttp http, string secretArn, Log log)
{
    /// <summary>The secret's text; null when it cannot be read, which is logged.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] request = JsonSerializer.SerializeToUtf8Bytes(new SecretRequest(secretArn), CompositionJson.Default.SecretRequest);
            SignedAnswer answer = await http.SendAsync(SignedCall.Json("secretsmanager.GetSecretValue", request), cancellation);
            return JsonSerializer.Deserialize(answer.Body.Span, CompositionJson.Default.SecretAnswer)?.SecretString;
        }
        catch (Exception fault) when (fault is AwsCallException or JsonException)
        {
            log.SecretUnreadable(fault is AwsCallException ? fault.Message : "the answer is not that of Secrets Manager");
            return null;
        }
    }
}
