namespace ServerlessCA.Server.Access;

/// <summary>Who may call functions. Published files are for everybody. Immutable.</summary>
/// <param name="Token">Callers who have it may; null: there is none.</param>
/// <param name="Clients">Common names whose client certificates of this CA may; <c>*</c>: all; empty: none.</param>
public sealed record AccessPolicy(AccessToken? Token, IReadOnlyList<string> Clients)
{
    /// <summary>Everybody who reaches the server may: for loopback addresses only.</summary>
    public static AccessPolicy Open { get; } = new(null, []);

    /// <summary>Whether callers need nothing.</summary>
    public bool IsOpen => Token is null && Clients.Count == 0;
}
