using System.Text;
using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Secrets;

/// <summary>Reads secrets. Needs <c>secretsmanager:GetSecretValue</c> and the use of the secret's KMS key.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.SecretsManager"/>.</param>
public sealed class SecretsManagerClient(SignedHttp http)
{
    /// <summary>The current value of a secret; null when there is no such secret, or no value in it yet.</summary>
    /// <param name="secretId">Name or ARN.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Its text; bytes are read as UTF-8. Never log it.</returns>
    /// <exception cref="AwsCallException">It could not be read; the message holds nothing of it.</exception>
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
