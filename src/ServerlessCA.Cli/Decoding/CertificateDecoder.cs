using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Finds certificates in PEM, DER, base64 once or twice, the JSON of a notification or of a table item, and in a
/// mail around any of them.</summary>
internal static class CertificateDecoder
{
    private const int MaxLayers = 8; // our decision: SNS in a function's event in a log, with base64 twice, has five

    /// <summary>Returns the certificates and CSRs in the input, in order, each once; it may be empty.</summary>
    /// <exception cref="CommandFault">It would take too long to search all of it.</exception>
    public static IReadOnlyList<DecodedBlock> Decode(byte[] input) =>
        [.. OfBytes(input, MaxLayers, new Effort(input.Length)).DistinctBy(block => block.Pem)];

    private static IReadOnlyList<DecodedBlock> OfBytes(byte[] octets, int layers, Effort effort)
    {
        effort.Spend(octets.Length);
        return layers == 0 ? []
            : DecodedBlock.TryDecode(octets, out DecodedBlock? block) ? [block]
            : InputText.Of(octets) is { } text ? OfText(text, layers, effort)
            : [];
    }

    // The most certain form is tried first: JSON may hold PEM, and any text may hold something like base64.
    private static IReadOnlyList<DecodedBlock> OfText(string text, int layers, Effort effort)
    {
        effort.Spend(text.Length);
        if (layers == 0)
        {
            return [];
        }

        if (Base64Text.Decode(text) is { } whole)
        {
            return OfBytes(whole, layers - 1, effort);
        }

        string plain = MailText.Plain(text);
        Func<IEnumerable<DecodedBlock>>[] forms =
        [
            () => JsonTexts.Values(plain, effort).SelectMany(JsonTexts.Of).SelectMany(found => OfText(found, layers - 1, effort)),
            () => OfPem(plain, effort),
            () => Base64Text.Within(plain).SelectMany(octets => OfBytes(octets, layers - 1, effort)),
        ];
        return forms.Select(find => find().ToArray()).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    private static int Begin(string text, int from) =>
        text.IndexOf("-----BEGIN ", from, StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;

    private static List<DecodedBlock> OfPem(string text, Effort effort)
    {
        var found = new List<DecodedBlock>();
        for (int start = Begin(text, 0), next; start < text.Length; start = next)
        {
            next = Begin(text, start + 1);
            effort.Spend(next - start + Effort.WrongBlock);
            ReadOnlySpan<char> part = text.AsSpan(start, next - start); // each block alone, as one without an end would be searched for in all of the rest
            if (PemEncoding.TryFind(part, out PemFields fields) && BlockOf(part, fields) is { } block)
            {
                found.Add(block);
            }
        }

        return found;
    }

    private static DecodedBlock? BlockOf(ReadOnlySpan<char> text, PemFields fields)
    {
        byte[] der = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(text[fields.Base64Data], der, out _) ? DecodedBlock.Of(text[fields.Label], der) : null;
    }
}

/// <summary>Holds a certificate or a CSR that was found. Immutable.</summary>
/// <param name="Pem">PEM with the final newline and uniform line ends.</param>
/// <param name="Certificate">The certificate; null for a CSR.</param>
/// <param name="Request">The CSR; null for a certificate, and for a CSR that our CA would not accept.</param>
internal sealed record DecodedBlock(string Pem, Certificate? Certificate, CertificateSigningRequest? Request)
{
    private const string OldRequestLabel = "NEW CERTIFICATE REQUEST"; // RFC 7468 §7: readers take it, too

    /// <summary>Decodes DER of either kind.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out DecodedBlock? block)
    {
        block = Certificate.TryDecode(der, out Certificate? certificate) ? new DecodedBlock(certificate.Pem, certificate, null)
            : CertificateSigningRequest.TryParseDer(der, out CertificateSigningRequest? request, out _) ? new DecodedBlock(request.Pem, null, request)
            : null;
        return block is not null;
    }

    /// <summary>Decodes a PEM block; null when it holds something else, such as a key, which is never shown.</summary>
    public static DecodedBlock? Of(ReadOnlySpan<char> label, byte[] der) =>
        TryDecode(der, out DecodedBlock? block) ? block
        : label is Core.Certificates.Pem.RequestLabel or OldRequestLabel
            ? new DecodedBlock(Core.Certificates.Pem.Encode(Core.Certificates.Pem.RequestLabel, der), null, null)
            : null;
}

/// <summary>The message that a certificate was revoked (contract section 8), which carries no certificate.
/// Immutable.</summary>
/// <param name="CommonName">The common name of the certificate.</param>
/// <param name="SerialNumber">The serial number, decimal.</param>
internal sealed record RevocationNotice(string CommonName, string SerialNumber)
{
    private const int MaxLayers = 4; // SNS around it, and that in an event

    /// <summary>Finds the first such message in the input; null when there is none.</summary>
    /// <exception cref="CommandFault">It would take too long to search.</exception>
    public static RevocationNotice? Read(byte[] input) =>
        InputText.Of(input) is { } text ? Read(text, MaxLayers, new Effort(input.Length)) : null;

    private static RevocationNotice? Read(string text, int layers, Effort effort) => layers == 0 ? null
        : JsonTexts.Values(text, effort).Select(value => Of(value, layers, effort)).FirstOrDefault(notice => notice is not null);

    private static RevocationNotice? Of(JsonElement value, int layers, Effort effort) => value.ValueKind switch
    {
        JsonValueKind.Object => Own(value) ?? First(value.EnumerateObject().Select(member => member.Value), layers, effort),
        JsonValueKind.Array => First(value.EnumerateArray(), layers, effort),
        JsonValueKind.String => Read(value.GetString()!, layers - 1, effort),
        _ => null,
    };

    private static RevocationNotice? First(IEnumerable<JsonElement> values, int layers, Effort effort) =>
        values.Select(value => Of(value, layers, effort)).FirstOrDefault(notice => notice is not null);

    private static RevocationNotice? Own(JsonElement value) =>
        Text(value, "CommonName") is { } name && Text(value, "SerialNumber") is { } serial && Text(value, "Revoked") is not null
            ? new RevocationNotice(name, serial)
            : null;

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}

/// <summary>Limits the work for an input in proportion to its size. A text can be wrapped so that each layer is searched in
/// several ways; without a limit the work would multiply with every layer and take hours.</summary>
/// <param name="octets">The size of the input.</param>
internal sealed class Effort(int octets)
{
    private const int Rounds = 24; // our decision: base64 twice, in a notification, in SNS, in an event, in a log, needs about 10
    private const int Least = 4 << 20; // octets; our decision: so much is searched in no time, whatever it holds

    private long left = Math.Max(Least, (long)octets * Rounds);

    /// <summary>The cost of a text that begins like JSON and is not: as much as reading so many octets.</summary>
    public const int WrongStart = 4096;

    /// <summary>The cost of finding out that octets are no certificate, however many they are.</summary>
    public const int WrongBlock = 1024;

    /// <summary>Takes the cost of a piece of work from the limit.</summary>
    /// <param name="cost">The cost, in octets that are read.</param>
    /// <exception cref="CommandFault">The limit is reached.</exception>
    public void Spend(long cost)
    {
        left -= cost;
        if (left < 0)
        {
            throw CommandFault.Fault("the input is too entangled: looking through all of it would take too long", "give the part that holds the certificate, alone");
        }
    }
}
