using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Server.Access;

/// <summary>Decides who may call functions. Published files are for everybody. Immutable.</summary>
/// <param name="Tokens">The tokens that admit callers, each with an id of its own; empty: there is none.</param>
/// <param name="Clients">The holders of this CA's client certificates that are admitted; empty: none.</param>
public sealed record AccessPolicy(IReadOnlyList<TokenGrant> Tokens, IReadOnlyList<AllowedClient> Clients)
{
    /// <summary>Everybody who reaches the server may do everything: for loopback addresses only.</summary>
    public static AccessPolicy Open { get; } = new([], []);

    /// <summary>Whether callers need no credentials.</summary>
    public bool IsOpen => Tokens.Count == 0 && Clients.Count == 0;

    /// <summary>Adds a token for operators.</summary>
    public AccessPolicy WithToken(AccessToken token) =>
        this with { Tokens = [.. Tokens, new TokenGrant(TokenGrant.OperatorsId, token, AccessLevel.Operate)] };

    /// <summary>Adds a token for callers who may request certificates only.</summary>
    public AccessPolicy WithRequestToken(AccessToken token) =>
        this with { Tokens = [.. Tokens, new TokenGrant(TokenGrant.RequestersId, token, AccessLevel.Request)] };

    /// <summary>Adds a token for callers who may request the certificates that a policy allows.</summary>
    /// <param name="policyName">A policy of the CA's settings that has no token yet.</param>
    /// <param name="token">The secret.</param>
    public AccessPolicy WithPolicyToken(string policyName, AccessToken token) => this with
    {
        Tokens = [.. Tokens, new TokenGrant($"{TokenGrant.PolicyIdPrefix}{policyName}", token, AccessLevel.Request) { PolicyName = policyName }],
    };

    /// <summary>Says why callers cannot be bound as they should; null when they can, or none is.</summary>
    /// <param name="known">The policies of the CA's settings.</param>
    public string? WhyNotBound(IReadOnlyList<RequestPolicy> known)
    {
        string[] bound = [.. Tokens.Select(grant => grant.PolicyName).Concat(Clients.Select(client => client.PolicyName)).OfType<string>().Distinct()];
        string[] unknown = [.. bound.Where(name => RequestPolicy.Find(known, name) is null)];
        return unknown.Length > 0
                ? $"callers are bound to a policy that request_policies does not have: {string.Join(", ", unknown)}; correct the option, or add the policy to settings.json"
            : WhyNotEverybody(bound, known);
    }

    // Whoever may have a client certificate is also one of everybody who has one.
    private string? WhyNotEverybody(string[] bound, IReadOnlyList<RequestPolicy> known)
    {
        string?[] everybody = [.. Clients.Where(client => client.Name == AllowedClient.Everybody).Select(client => client.PolicyName).Distinct()];
        if (bound.Length == 0 || everybody.Length == 0)
        {
            return null;
        }

        string? leaving = bound.FirstOrDefault(name => name != everybody[0] && RequestPolicy.Find(known, name)!.AllowsUsage(ExtendedKeyUsage.ClientAuth));
        return everybody.Contains(null)
                ? $"'{AllowedClient.Everybody}' admits every client certificate without a policy, so a caller who is bound to one could leave it with a certificate of its own: "
                    + $"write '{AllowedClient.Everybody}=policy:POLICY', or name the clients"
            : everybody.Length > 1
                ? $"'{AllowedClient.Everybody}' is bound to several policies ({string.Join(", ", everybody)}): write it once"
            : leaving is not null
                ? $"'{AllowedClient.Everybody}' binds every client certificate to the policy '{everybody[0]}', and the policy '{leaving}' allows client_auth: its callers could change "
                    + $"their policy with a certificate of their own: name the clients, or take client_auth out of '{leaving}'"
            : null;
    }
}

/// <summary>A token, and the rights that it gives. Immutable.</summary>
/// <param name="Id">The token's name in logs, and the access key id of requests that are signed with it.</param>
/// <param name="Token">The secret.</param>
/// <param name="Level">The rights of its holders.</param>
public sealed record TokenGrant(string Id, AccessToken Token, AccessLevel Level)
{
    /// <summary>The access key id of operators.</summary>
    public const string OperatorsId = "serverless-ca";

    /// <summary>The access key id of callers who may request certificates only.</summary>
    public const string RequestersId = "serverless-ca-request";

    /// <summary>The beginning of the access key id of callers who are bound to a policy; the policy's name follows.</summary>
    public const string PolicyIdPrefix = "serverless-ca-policy-";

    /// <summary>The name of the policy that the holders' requests are bound to; null: none.</summary>
    public string? PolicyName { get; init; }
}

/// <summary>The secret that callers share with the server. It is never written anywhere. Immutable.</summary>
public sealed class AccessToken
{
    private const int MinLength = 20; // our decision: 120 bits when it is base64 of random bytes

    private readonly byte[] digest;

    private AccessToken(string text)
    {
        Text = text;
        digest = DigestOf(text);
    }

    /// <summary>The token itself, for signatures.</summary>
    internal string Text { get; }

    /// <summary>Reads a token and trims white space around it.</summary>
    /// <param name="text">The text as it was read.</param>
    /// <param name="token">The token; null if it cannot be used.</param>
    /// <param name="why">The reason why it cannot be used, without the token itself.</param>
    public static bool TryParse(string text, out AccessToken? token, out string? why)
    {
        string trimmed = text.Trim();
        why = trimmed.Length < MinLength ? $"has {trimmed.Length} characters: take at least {MinLength} random ones, such as of 'openssl rand -base64 32'"
            : trimmed.Any(c => c is <= ' ' or > '~') ? "has characters that a header cannot carry: take letters and digits, such as of 'openssl rand -base64 32'"
            : null;
        token = why is null ? new AccessToken(trimmed) : null;
        return why is null;
    }

    /// <summary>Says whether a text is this token. It takes the same time for every text.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(digest, DigestOf(text));

    /// <summary>Says whether another token is the same.</summary>
    public bool IsSameAs(AccessToken other) => Is(other.Text);

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
