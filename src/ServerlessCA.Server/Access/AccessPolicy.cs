using ServerlessCA.Core.Access;

namespace ServerlessCA.Server.Access;

/// <summary>Who may call functions. Published files are for everybody. Immutable.</summary>
/// <param name="Tokens">Callers who have one may, each with an id of its own; empty: there is none.</param>
/// <param name="Clients">Whose client certificates of this CA admit; empty: none.</param>
public sealed record AccessPolicy(IReadOnlyList<TokenGrant> Tokens, IReadOnlyList<AllowedClient> Clients)
{
    /// <summary>Everybody who reaches the server may do everything: for loopback addresses only.</summary>
    public static AccessPolicy Open { get; } = new([], []);

    /// <summary>Whether callers need nothing.</summary>
    public bool IsOpen => Tokens.Count == 0 && Clients.Count == 0;

    /// <summary>With a token for operators.</summary>
    public AccessPolicy WithToken(AccessToken token) =>
        this with { Tokens = [.. Tokens, new TokenGrant(TokenGrant.OperatorsId, token, AccessLevel.Operate)] };

    /// <summary>With a token for callers who may ask for certificates alone.</summary>
    public AccessPolicy WithRequestToken(AccessToken token) =>
        this with { Tokens = [.. Tokens, new TokenGrant(TokenGrant.RequestersId, token, AccessLevel.Request)] };
}
