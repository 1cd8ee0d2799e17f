using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Server.Access;

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

    /// <summary>Itself, for signatures.</summary>
    internal string Text { get; }

    /// <summary>Takes a token, white space around it cut off.</summary>
    /// <param name="text">As it was read.</param>
    /// <param name="token">The token.</param>
    /// <param name="why">Why it does not do; without the token itself.</param>
    public static bool TryParse(string text, out AccessToken? token, out string? why)
    {
        string trimmed = text.Trim();
        why = trimmed.Length < MinLength ? $"has {trimmed.Length} characters: take at least {MinLength} random ones, such as of 'openssl rand -base64 32'"
            : trimmed.Any(c => c is <= ' ' or > '~') ? "has characters that a header cannot carry: take letters and digits, such as of 'openssl rand -base64 32'"
            : null;
        token = why is null ? new AccessToken(trimmed) : null;
        return why is null;
    }

    /// <summary>Whether a text is this token; takes the same time whatever the text is.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(digest, DigestOf(text));

    /// <summary>Whether another token is the same.</summary>
    public bool IsSameAs(AccessToken other) => Is(other.Text);

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
