using System.Security.Cryptography;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Finds certificates in whatever somebody has at hand: PEM, DER, base64 once or twice, the JSON of a
/// notification or of a table item, a mail around any of them.</summary>
internal static class CertificateDecoder
{
    private const int MaxLayers = 8; // our decision: SNS in a function's event in a log, and base64 twice, are five

    /// <summary>Those in the input, in order, each once; none when there are none.</summary>
    /// <exception cref="CommandFault">It would take too long to look through all of it.</exception>
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

    // From the most certain form to the least: JSON may hold PEM, and any text may hold something like base64.
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
            ReadOnlySpan<char> part = text.AsSpan(start, next - start); // alone: one without an end must not search all of the rest
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
