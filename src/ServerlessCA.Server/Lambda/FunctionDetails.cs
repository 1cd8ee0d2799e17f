namespace ServerlessCA.Server.Lambda;

/// <summary>The answer of GetFunction.</summary>
/// <param name="Configuration">The function.</param>
internal sealed record FunctionDetails(FunctionConfiguration Configuration);
