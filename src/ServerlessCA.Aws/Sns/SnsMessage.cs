using System.Globalization;
using System.Text;

namespace ServerlessCA.Aws.Sns;

/// <summary>A payload as SNS takes it with <c>MessageStructure=json</c>: the text for every kind of subscriber.</summary>
internal static class SnsMessage
{
    /// <summary><c>{"default": "…"}</c>. Escaped is what JSON asks for (RFC 8259 §7) and nothing else, since
    /// <see cref="Core.Notifications.PayloadLimit"/> counts on it: every encoder of .NET also escapes what lies beyond
    /// the basic plane, twelve bytes instead of four.</summary>
    public static string Of(string payload)
    {
        var text = new StringBuilder("{\"default\":\"", payload.Length + (payload.Length / 8));
        foreach (char letter in payload)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        return text.Append("\"}").ToString();
    }
}
