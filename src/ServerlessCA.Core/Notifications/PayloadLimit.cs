using System.Text;

namespace ServerlessCA.Core.Notifications;

/// <summary>Keeps a payload within what a topic carries, by leaving out what is largest and saying so: an event that
/// is told in short is better than one that is refused for its size.</summary>
public static class PayloadLimit
{
    /// <summary>What a topic takes at most, in bytes of UTF-8, with all that it is wrapped in (Amazon SNS quotas: 256 KB).</summary>
    public const int TopicBytes = 262_144;

    /// <summary>Set aside for subject, id and other attributes, in bytes; our decision.</summary>
    public const int EnvelopeBytes = 8_192;

    /// <summary>The member that says what was left out and where to find it.</summary>
    public const string NoteName = "Note";

    private const string Where =
        "The certificate is in the CA's table under its CommonName and SerialNumber; the CSR is with whoever handed it in.";

    /// <summary>The payload as it is, or a shorter one with a <c>Note</c>.</summary>
    /// <param name="json">A payload of contract section 8.</param>
    /// <returns>JSON that <see cref="Size"/> counts as at most <see cref="TopicBytes"/> less <see cref="EnvelopeBytes"/>;
    /// the very same text when it fits.</returns>
    public static string Fit(string json) => Fit(json, TopicBytes - EnvelopeBytes);

    /// <summary>The same for another limit.</summary>
    /// <param name="json">A payload.</param>
    /// <param name="maxBytes">As <see cref="Size"/> counts; at least 1,024.</param>
    public static string Fit(string json, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1024);
        int bytes = Size(json);
        return bytes <= maxBytes ? json : Shorten(json, bytes, maxBytes);
    }

    /// <summary>Bytes of a payload on its way: as UTF-8 within a JSON text (<c>{"default": "…"}</c>), where each quote and
    /// each backslash takes one more. Whoever wraps it must not escape more than JSON asks for.</summary>
    public static int Size(string json) =>
        Encoding.UTF8.GetByteCount(json) + json.AsSpan().Count('"') + json.AsSpan().Count('\\');

    private static string Shorten(string json, int bytes, int maxBytes)
    {
        var payload = new ShortenedPayload(json);
        while (payload.Shorten())
        {
            string shorter = payload.Text(Note(payload, bytes));
            if (Size(shorter) <= maxBytes)
            {
                return shorter;
            }
        }

        return ContractJson.Object(writer =>
            writer.WriteString(NoteName, $"A payload of {bytes} bytes was left out: it is over what a topic carries. {Where}"));
    }

    private static string Note(ShortenedPayload payload, int bytes) =>
        $"Shortened from {bytes} bytes to fit a topic: {string.Join(", ", payload.Done)}. {Where}";
}
