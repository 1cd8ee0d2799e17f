using ServerlessCA.Core.History;

namespace ServerlessCA.Server.Access;

/// <summary>Names those who make a server work, for the history.</summary>
internal static class ServerActor
{
    private const string Host = "serve";

    /// <summary>The server itself: its daily work, and the certificates of its own TLS.</summary>
    public static Actor Schedule { get; } = new($"{Host} schedule");

    /// <summary>Returns a caller, by the credential that admitted it.</summary>
    public static Actor Of(Caller caller) => new($"{Host} {caller.Name}");
}
