using ServerlessCA.Core.Names;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Access;

/// <summary>What one caller may do: the rule of who may do what. Immutable.</summary>
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

    /// <summary>Its level.</summary>
    public AccessLevel Level { get; private init; }

    /// <summary>Of whoever runs the CA: everything.</summary>
    public static CallerRights Everything { get; } = new(AccessLevel.Operate, null, []);

    /// <summary>Of a caller who was admitted.</summary>
    /// <param name="level">Its level.</param>
    /// <param name="ownName">The common name of the client certificate that it came with; null: it came with none.</param>
    /// <param name="clients">Whose certificates admit: their names are for whoever runs the CA to give, or a certificate
    /// for one would be got by anybody, and with it that client's rights.</param>
    public static CallerRights Of(AccessLevel level, string? ownName, IEnumerable<AllowedClient> clients) => new(level, ownName, clients);

    /// <summary>Of a caller who showed a client certificate besides: the higher level, and its name stays its own.</summary>
    public CallerRights With(CallerRights byCertificate) => byCertificate with { Level = Level > byCertificate.Level ? Level : byCertificate.Level };

    /// <summary>Why the caller may not run a function; null when it may.</summary>
    public string? WhyNot(CaFunction function) => Operation.Of(function).Level is { } needed
        ? WhyNot(needed)
        : $"no caller runs '{Operation.Of(function).Name}': the topic does";

    /// <summary>Why the caller may not do what needs a level; null when it may.</summary>
    public string? WhyNot(AccessLevel needed) => needed > Level
        ? $"this function needs the level '{AccessLevels.Name(needed)}', and the caller has the level '{AccessLevels.Name(Level)}'"
        : null;

    /// <summary>Why the caller may not ask for a certificate with a common name; null when it may. A holder may renew: it
    /// gains nothing by that. Names are compared by their looks, as those of CAs are (contract 12.20).</summary>
    public Rejection? WhyNot(string commonName) => commonName != ownName && reserved.Contains(FoldedName.OfLook(commonName))
        ? new Rejection(
            RejectionCode.NameReserved,
            RequestKeys.CommonName,
            "Common name is reserved: its certificates admit to this server, so whoever runs it issues them, and only their holder renews them here")
        : null;
}

/// <summary>What an admitted caller may do; each level includes those before it.</summary>
public enum AccessLevel
{
    /// <summary>Ask for certificates, and see which functions there are.</summary>
    Request,

    /// <summary>Run every function: create CAs, publish CRLs, which carries out revocations, and remind of expiry.</summary>
    Operate,
}

/// <summary>The levels' names.</summary>
public static class AccessLevels
{
    private const string RequestName = "request";
    private const string OperateName = "operate";

    /// <summary>As operators write it.</summary>
    public static string Name(AccessLevel level) => level == AccessLevel.Operate ? OperateName : RequestName;

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out AccessLevel level)
    {
        level = text == OperateName ? AccessLevel.Operate : AccessLevel.Request;
        return text is RequestName or OperateName;
    }
}
