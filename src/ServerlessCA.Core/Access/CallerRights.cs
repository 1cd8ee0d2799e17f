using ServerlessCA.Core.Names;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Access;

/// <summary>Decides what one caller may do. The only place with this rule. Immutable.</summary>
public sealed record CallerRights
{
    private readonly string? ownName;
    private readonly HashSet<FoldedName> reserved;

    private CallerRights(AccessLevel level, string? ownName, IEnumerable<AllowedClient> clients)
    {
        Level = level;
        this.ownName = ownName;
        reserved = [.. clients.Where(client => client.Name != AllowedClient.Everybody).Select(client => FoldedName.OfLook(client.Name))];
    }

    /// <summary>Gets the caller's level.</summary>
    public AccessLevel Level { get; private init; }

    /// <summary>Gets the policy that the caller's requests are bound to; null: none.</summary>
    public RequestPolicy? Policy { get; private init; }

    /// <summary>Gets the rights of the operator of the CA, who may do everything.</summary>
    public static CallerRights Everything { get; } = new(AccessLevel.Operate, null, []);

    /// <summary>Gets the rights of somebody without credentials, where the operator needs none for reading.</summary>
    public static CallerRights Reading { get; } = new(AccessLevel.Read, null, []);

    /// <summary>Returns the rights of an admitted caller.</summary>
    /// <param name="level">What the caller may do.</param>
    /// <param name="ownName">The common name of the caller's client certificate; null when it has none.</param>
    /// <param name="clients">The names whose certificates admit. They are reserved for the operator: otherwise anybody could
    /// request a certificate for such a name, and get that client's rights with it.</param>
    public static CallerRights Of(AccessLevel level, string? ownName, IEnumerable<AllowedClient> clients) => new(level, ownName, clients);

    /// <summary>Returns the rights of a caller who also presented a client certificate: the credential with the higher level counts, with
    /// its policy, the certificate where both have the same; and the certificate's name stays the caller's own.</summary>
    public CallerRights With(CallerRights byCertificate) => Level > byCertificate.Level
        ? byCertificate with { Level = Level, Policy = Policy }
        : byCertificate;

    /// <summary>Returns the same rights, with requests bound to a policy.</summary>
    /// <param name="policy">The policy; null: none.</param>
    public CallerRights Under(RequestPolicy? policy) => this with { Policy = policy };

    /// <summary>Says why the caller may not run a function; null when it may.</summary>
    public string? WhyNot(CaFunction function) => Operation.Of(function).Level is { } needed
        ? WhyNot(needed)
        : $"no caller runs '{Operation.Of(function).Name}': the topic does";

    /// <summary>Says why the caller may not do what needs a level; null when it may.</summary>
    public string? WhyNot(AccessLevel needed) => needed > Level
        ? $"this function needs the level '{AccessLevels.Name(needed)}', and the caller has the level '{AccessLevels.Name(Level)}'"
        : null;

    /// <summary>Says why the caller may not request a certificate with a common name; null when it may. A holder may renew,
    /// which gains it nothing. Names are compared by their looks, as those of CAs are (contract 12.20).</summary>
    public Rejection? WhyNot(string commonName) => commonName != ownName && reserved.Contains(FoldedName.OfLook(commonName))
        ? new Rejection(
            RejectionCode.NameReserved,
            RequestKeys.CommonName,
            "Common name is reserved: its certificates admit to this server, so whoever runs it issues them, and only their holder renews them here")
        : null;
}

/// <summary>Says what an admitted caller may do; each level includes those before it.</summary>
public enum AccessLevel
{
    /// <summary>Allows reading certificates, CRLs, history and health. No credential gives it alone: it is the level of those who
    /// need none.</summary>
    Read,

    /// <summary>Allows requesting certificates and listing the functions.</summary>
    Request,

    /// <summary>Allows every function: creating CAs, publishing CRLs, which carries out revocations, and reminding of
    /// expiry.</summary>
    Operate,
}

/// <summary>Maps levels to their names and back.</summary>
public static class AccessLevels
{
    private const string ReadName = "read";
    private const string RequestName = "request";
    private const string OperateName = "operate";

    /// <summary>Returns the name as operators write it.</summary>
    public static string Name(AccessLevel level) => level switch
    {
        AccessLevel.Operate => OperateName,
        AccessLevel.Request => RequestName,
        _ => ReadName,
    };

    /// <summary>Reads the name of a level that a credential gives.</summary>
    public static bool TryParse(string text, out AccessLevel level)
    {
        level = text == OperateName ? AccessLevel.Operate : AccessLevel.Request;
        return text is RequestName or OperateName;
    }
}
