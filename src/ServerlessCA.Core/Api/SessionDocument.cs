using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Says what a served CA is called, who calls it, and what the caller may do: what a page needs to draw itself.
/// Immutable.</summary>
/// <param name="Project">Such as <c>serverless</c>.</param>
/// <param name="Environment">Such as <c>dev</c>.</param>
public sealed record SessionDescription(string Project, string Environment)
{
    /// <summary>Gets the version of the program; null: the caller is nobody who should know it.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the name of the caller; null: nobody is known.</summary>
    public string? Caller { get; init; }

    /// <summary>Gets the caller's level; null: nobody is known.</summary>
    public AccessLevel? Level { get; init; }

    /// <summary>Gets what signs in, <c>token</c> or <c>certificate</c>; empty: nothing does.</summary>
    public IReadOnlyList<string> SignIn { get; init; } = [];

    /// <summary>Says whether the caller may request certificates.</summary>
    public bool MayRequest { get; init; }

    /// <summary>Says whether the caller may revoke.</summary>
    public bool MayRevoke { get; init; }

    /// <summary>Gets the end of the session, UTC; null: there is none.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Writes and reads the document that describes a session of the API.</summary>
public static class SessionDocument
{
    /// <summary>Writes the members.</summary>
    /// <param name="writer">Gets the members.</param>
    /// <param name="session">What is described.</param>
    /// <param name="longestLifetime">The longest life of a certificate, days.</param>
    public static void Write(Utf8JsonWriter writer, SessionDescription session, int longestLifetime)
    {
        writer.WriteString("Project", session.Project);
        writer.WriteString("Environment", session.Environment);
        WriteText(writer, "Version", session.Version);
        WriteText(writer, "Caller", session.Caller);
        WriteText(writer, "Level", session.Level is { } level ? AccessLevels.Name(level) : null);
        JsonText.WriteTexts(writer, "SignIn", session.SignIn);
        writer.WriteBoolean("MayRequest", session.MayRequest);
        writer.WriteBoolean("MayRevoke", session.MayRevoke);
        WriteText(writer, "Expires", session.Expires is { } end ? Rfc3339.Text(end) : null);
        writer.WriteStartObject("Lifetimes");
        writer.WriteNumber("Default", Math.Min(CertificateRequest.DefaultLifetime, longestLifetime));
        writer.WriteNumber("Longest", longestLifetime);
        writer.WriteEndObject();
    }

    /// <summary>Reads what the CA is called and how one signs in; the rest is for pages.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static SessionDescription Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(
        utf8, document => new SessionDescription(document.Text("Project"), document.Text("Environment")) { SignIn = document.Texts("SignIn") });

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
