namespace ServerlessCA.Server.Lambda;

/// <summary>A page of ListFunctions.</summary>
/// <param name="Functions">At most as many as were asked for.</param>
/// <param name="NextMarker">Where the next page begins; null at the end.</param>
internal sealed record FunctionPage(IReadOnlyList<FunctionConfiguration> Functions, string? NextMarker);
