using System.Text.Json.Serialization;

namespace ServerlessCA.Lambda.Composition;

/// <summary>JSON of Secrets Manager without reflection, which a native binary lacks.</summary>
[JsonSerializable(typeof(SecretRequest))]
[JsonSerializable(typeof(SecretAnswer))]
internal sealed partial class CompositionJson : JsonSerializerContext;

/// <summary>GetSecretValue.</summary>
internal sealed record SecretRequest(string SecretId);

/// <summary>Its answer, as far as it matters.</summary>
internal sealed record SecretAnswer(string? SecretString);
