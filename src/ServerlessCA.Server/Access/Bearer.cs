namespace ServerlessCA.Server.Access;

/// <summary>Tokens in the header <c>Authorization</c> (RFC 6750 §2.1).</summary>
internal static class Bearer
{
    /// <summary>The scheme.</summary>
    public const string Scheme = "Bearer";

    /// <summary>The token of a header; null when it is of another scheme.</summary>
    public static string? TokenOf(string header) =>
        header.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase) ? header[(Scheme.Length + 1)..].Trim() : null;
}
