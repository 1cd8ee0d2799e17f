using System.Text.Json;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Served;

/// <summary>The names of a served CA, as it says to everybody. Immutable.</summary>
/// <param name="Project">Such as <c>serverless</c>.</param>
/// <param name="Environment">Such as <c>dev</c>.</param>
/// <param name="HasCredentials">Whether there is any way to sign in.</param>
internal sealed record ServedNames(string Project, string Environment, bool HasCredentials)
{
    /// <summary>Reads the description of a session.</summary>
    /// <exception cref="UnreadableDocumentException">It is something else.</exception>
    public static ServedNames Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return new ServedNames(Text(document.RootElement, "Project"), Text(document.RootElement, "Environment"), document.RootElement.GetProperty("SignIn").GetArrayLength() > 0);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UnreadableDocumentException("it does not say project, environment and how to sign in", fault);
        }
    }

    /// <summary>Returns the names of its deployment.</summary>
    /// <param name="isProduction">Whether the environment counts as production, so that the names of the CAs leave it out.</param>
    public CaNames ToNames(bool isProduction) => new(Project, Environment, isProduction ? [Environment] : []);

    private static string Text(JsonElement session, string member) => session.GetProperty(member).GetString() ?? throw new KeyNotFoundException(member);
}
