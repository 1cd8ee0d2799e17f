using System.Text.Json;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the document of <c>health</c>, which is also the body of <c>/health</c> of a served CA
/// (docs/json.md).</summary>
public static class HealthDocument
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, HealthAnswer health)
    {
        writer.WriteString("Status", health.Status.ToString());
        if (health.Version is { } version)
        {
            writer.WriteString("Version", version);
        }

        if (health.Findings is { } findings)
        {
            JsonText.WriteList(writer, "Findings", findings, finding =>
            {
                writer.WriteString("Level", finding.Level.ToString());
                writer.WriteString("Subject", finding.Check);
                writer.WriteString("Text", finding.Message);
            });
        }
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static HealthAnswer Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document => new HealthAnswer(
        document.Word<HealthLevel>("Status"),
        document.TextOrNull("Version"),
        document.Has("Findings")
            ? document.List("Findings", finding => new HealthFinding(finding.Word<HealthLevel>("Level"), finding.Text("Subject"), finding.Text("Text")))
            : null));
}
