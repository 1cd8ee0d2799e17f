using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>One target of the setting <c>notifications</c>; an element with several channels or recipients is several
/// targets. Immutable.</summary>
public abstract record TargetSettings
{
    private const int SlugLength = 40;  // characters; our decision
    private const int HashDigits = 12;  // 48 bits of SHA-256: nobody has that many targets

    private protected TargetSettings()
    {
    }

    /// <summary>See <see cref="IDeliveryTarget.Id"/>.</summary>
    public abstract string Id { get; }

    /// <summary>For people; without secrets.</summary>
    public abstract string Name { get; }

    private protected static string MakeId(string type, string name, params ReadOnlySpan<string> identity)
    {
        string slug = string.Concat(name.Take(SlugLength).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Trim('-');
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', identity)));
        return $"{type}-{(slug.Length == 0 ? "x" : slug)}-{Convert.ToHexStringLower(hash)[..HashDigits]}";
    }
}
