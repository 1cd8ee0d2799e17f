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
    private const string EndOfBlock = "-----END CERTIFICATE-----\n";

    /// <summary>Reads an answer that a certificate was issued.</summary>
    /// <exception cref="CommandFault">It is something else.</exception>
    public static Answer Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            string pem = Text(document, "Base64Certificate");
            int end = pem.IndexOf(EndOfBlock, StringComparison.Ordinal) + EndOfBlock.Length;
            return new Answer(
                json, pem, Decode(pem[..end]), Decode(Text(document, "Base64IssuingCaCertificate")), Decode(Text(document, "Base64RootCaCertificate")),
                document.RootElement.GetProperty(nameof(Subject)).GetString() ?? "", WarningsOf(document));
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw CommandFault.Fault($"the CA's answer cannot be read: {fault.Message}", "look at it with --output json", fault);
        }
    }

    /// <summary>The chain of an answer, issuing CA first, with the final newline.</summary>
    public static string ChainOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Text(document, "Base64CaChain").TrimEnd('\n') + "\n";
    }

    /// <summary>An answer for people who read JSON.</summary>
    public static string Indented(string json, Action<JsonObject>? add = null)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        add?.Invoke(answer);
        return JsonText.Of(answer);
    }

    private static string[] WarningsOf(JsonDocument answer) => answer.RootElement.TryGetProperty(nameof(Warnings), out JsonElement warnings)
        ? [.. warnings.EnumerateArray().Select(warning => warning.GetString() ?? "")]
        : [];

    private static string Text(JsonDocument answer, string member) =>
        Encoding.UTF8.GetString(answer.RootElement.GetProperty(member).GetBytesFromBase64());

    private static Certificate Decode(string pem) =>
        Certificate.TryDecodePem(pem, out Certificate? certificate) ? certificate : throw new FormatException("no certificate");
}
