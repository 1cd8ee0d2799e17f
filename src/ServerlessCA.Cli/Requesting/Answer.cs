using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The CA's answer to a request, read but not yet believed. Immutable.</summary>
/// <param name="Json">As it came.</param>
/// <param name="CertificatePem">The certificate, perhaps with its chain (<c>cert_bundle</c>).</param>
/// <param name="Certificate">The certificate alone.</param>
/// <param name="Issuing">The issuing CA.</param>
/// <param name="Root">The root CA.</param>
/// <param name="Subject">As the CA writes it.</param>
/// <param name="Warnings">What the CA left out.</param>
internal sealed record Answer(
    string Json, string CertificatePem, Certificate Certificate, Certificate Issuing, Certificate Root, string Subject, IReadOnlyList<string> Warnings)
{
    private const string EndOfBlock = "-----END CERTIFICATE-----";

    /// <summary>Reads an answer that a certificate was issued.</summary>
    /// <exception cref="CommandFault">It is something else.</exception>
    public static Answer Read(string json) => Read(json, document =>
    {
        string pem = Text(document, "Base64Certificate");
        string first = pem.Split(EndOfBlock)[0] + EndOfBlock + "\n"; // with its chain there are more
        return new Answer(
            json, pem, Decode(first), Decode(Text(document, "Base64IssuingCaCertificate")), Decode(Text(document, "Base64RootCaCertificate")),
            Member(document, nameof(Subject)).GetString() ?? "", WarningsOf(document));
    });

    /// <summary>The chain of an answer, issuing CA first, with the final newline.</summary>
    /// <exception cref="CommandFault">It has none.</exception>
    public static string ChainOf(string json) => Read(json, document => Text(document, "Base64CaChain").TrimEnd('\n') + "\n");

    /// <summary>An answer for people who read JSON.</summary>
    public static string Indented(string json, Action<JsonObject>? add = null)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        add?.Invoke(answer);
        return JsonText.Of(answer);
    }

    private static T Read<T>(string json, Func<JsonDocument, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            throw CommandFault.Fault($"the CA's answer cannot be read: {fault.Message}", "look at it with --output json", fault);
        }
    }

    private static string[] WarningsOf(JsonDocument answer) => answer.RootElement.TryGetProperty(nameof(Warnings), out JsonElement warnings)
        ? [.. warnings.EnumerateArray().Select(warning => warning.GetString() ?? "")]
        : [];

    private static string Text(JsonDocument answer, string member) =>
        Encoding.UTF8.GetString(Member(answer, member).GetBytesFromBase64());

    private static JsonElement Member(JsonDocument answer, string name) =>
        answer.RootElement.TryGetProperty(name, out JsonElement member) ? member : throw new FormatException($"it has no {name}");

    private static Certificate Decode(string pem) =>
        Certificate.TryDecodePem(pem, out Certificate? certificate) ? certificate : throw new FormatException("no certificate");
}
