using System.Text.Json.Serialization;

namespace ServerlessCA.Server.Lambda;

/// <summary>What a function answers that failed.</summary>
/// <param name="ErrorMessage">What failed, and what to do.</param>
/// <param name="ErrorType">The exception's name, stable.</param>
internal sealed record FunctionErrorBody(
    [property: JsonPropertyName("errorMessage")] string ErrorMessage,
    [property: JsonPropertyName("errorType")] string ErrorType);
