using System.Globalization;
using CsCheck;

namespace ServerlessCA.Slack.Tests;

/// <summary>Generates JSON that looks like the contract's and contains anything.</summary>
internal static class HostileJson
{
    private static readonly string[] Names =
    [
        "CertificateInfo", "CSRInfo", "CommonName", "SerialNumber", "Issued", "Expires", "Revoked", "Subject", "Reason",
        "DaysRemaining", "Purposes", "SANs", "Lifetime", "Base64Certificate", "Base64CSR", "Note", "type", "value", "\u0000",
    ];

    private static readonly string[] Parts =
    [
        "&", "<", ">", "&amp;", "<!channel>", "<@U123>", "@here", "@CHANNEL", "x@everyone", "`", "```", "*", "\n", "\r\n", "\u2028",
        "\u202e", "\ud800", "\udc00", "😀", "👩‍👩‍👧", "é", "a", " ", "\u0000", "\u001b[31m", "𝒳", "…", "\ufffe", "www.example.test",
    ];

    /// <summary>Texts from empty to far over every limit, with every character that has a meaning somewhere.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency(
        (20, Gen.OneOf(Parts).Array[0, 6].Select(string.Concat)),
        (2, Gen.Select(Gen.OneOf(Parts), Gen.OneOf(1, 75, 149, 150, 151, 999, 1999, 2000, 2900, 3000, 3001), Repeat)),
        (2, Gen.String[0, 40]),
        (1, Gen.Int[0, 6000].Select(length => new string('s', length))));

    private static Gen<string> Scalar { get; } = Gen.Frequency(
        (6, Text.Select(Quote)),
        (1, Gen.Int.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.OneOf("null", "true", "false", "1e999", "-0.0", "123456789012345678901234567890", "[]", "{}", "\"\\ud800\"", "\"7\"", "\" 1_0 \"")));

    /// <summary>Objects, lists and scalars as text, which is not always valid Unicode.</summary>
    public static Gen<string> Value { get; } = Gen.Recursive<string>((depth, inner) => depth >= 2 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
        (3, Members(inner))));

    /// <summary>Messages: mostly objects, sometimes text that is no JSON.</summary>
    public static Gen<string> Message { get; } = Gen.Frequency((9, Members(Value)), (1, Value), (1, Text));

    private static Gen<string> Members(Gen<string> value) => Gen.Select(Gen.OneOf(Names), value).Array[0, 7]
        .Select(members => $"{{{string.Join(',', members.Select(member => $"{Quote(member.Item1)}:{member.Item2}"))}}}");

    // Writes every character as an escape, also those that UTF-8 cannot encode.
    private static string Quote(string text) =>
        $"\"{string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"))}\"";

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
