using System.Text;
using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Secrets;

/// <summary>Reads secrets. Needs <c>secretsmanager:GetSecretValue</c> and the use of the secret's KMS key.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.SecretsManager"/>.</param>
public sealed class SecretsManagerClient(SignedHttp http)
{
    /// <summary>Reads the current value of a secret; null when there is no such secret, or it has no value yet.</summary>
    /// <param name="secretId">The secret's name or ARN.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The secret's text; bytes are read as UTF-8. Never log it.</returns>
    /// <exception cref="AwsCallException">It could not be read. The message contains nothing of the secret.</exception>
    public async Task<string?> GetSecretValueAsync(string secretId, CancellationToken cancellation)
    {
        byte[] body = RequestJson.Object(json => json.WriteString("SecretId", secretId));
        try
        {
            SignedAnswer answer = await http.SendAsync(SignedCall.Json("secretsmanager.GetSecretValue", body), cancellation);
            using JsonDocument secret = answer.Json();
            return secret.RootElement.Text("SecretString")
                ?? (secret.RootElement.Text("SecretBinary") is { } bytes ? Encoding.UTF8.GetString(Convert.FromBase64String(bytes)) : null);
        }
        catch (AwsCallException fault) when (fault.Code == "ResourceNotFoundException")
        {
            return null;
        }
    }
}
