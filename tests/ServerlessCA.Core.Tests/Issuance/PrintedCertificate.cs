using System.Globalization;
using System.Net;
using System.Text;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Is a certificate as <c>openssl storeutl -text</c> prints it. Immutable.</summary>
/// <param name="Subject">The line of the subject; see <see cref="SubjectOf"/>.</param>
/// <param name="NotAfter">The end of its life, UTC.</param>
/// <param name="Usages">The extended key usages, by OpenSSL's names.</param>
/// <param name="Names">The alternative names without those of directories, such as <c>DNS:a.test</c>.</param>
internal sealed record PrintedCertificate(string Subject, DateTime NotAfter, IReadOnlyList<string> Usages, IReadOnlyList<string> Names)
{
    private const string Mail = "emailAddress";

    private static readonly Dictionary<string, string> UsageNames = new()
    {
        ["1.3.6.1.5.5.7.3.1"] = "TLS Web Server Authentication",
        ["1.3.6.1.5.5.7.3.2"] = "TLS Web Client Authentication",
        ["1.3.6.1.5.5.7.3.3"] = "Code Signing",
        ["1.3.6.1.5.5.7.3.4"] = "E-mail Protection",
    };

    private static readonly Dictionary<string, string> AttributeNames = new()
    {
        ["2.5.4.3"] = "CN", ["2.5.4.6"] = "C", ["1.2.840.113549.1.9.1"] = Mail, ["2.5.4.7"] = "L", ["2.5.4.10"] = "O", ["2.5.4.11"] = "OU", ["2.5.4.8"] = "ST",
    };

    /// <summary>Reads all that was printed.</summary>
    public static IEnumerable<PrintedCertificate> All(string printed) => printed.Split("Certificate:\n")[1..].Select(Of);

    /// <summary>Returns OpenSSL's name of a usage.</summary>
    public static string UsageName(string oid) => UsageNames.GetValueOrDefault(oid, oid);

    /// <summary>Writes a subject as OpenSSL does; values must have no slash, at which it may break the line.</summary>
    public static string SubjectOf(IEnumerable<(string Oid, string Value)> attributes)
    {
        var text = new StringBuilder();
        foreach ((string oid, string value) in attributes)
        {
            string name = AttributeNames[oid];
            text.Append(text.Length == 0 ? "" : name == Mail ? "/" : ", ").Append(name).Append('=');
            foreach (byte octet in Encoding.UTF8.GetBytes(value))
            {
                text.Append(octet switch
                {
                    (byte)'+' => @"\+",
                    >= 0x20 and <= 0x7E => ((char)octet).ToString(),
                    _ => string.Create(CultureInfo.InvariantCulture, $@"\x{octet:X2}"),
                });
            }
        }

        return text.ToString();
    }

    private static PrintedCertificate Of(string printed) => new(
        After(printed, "Subject: "),
        DateTime.ParseExact(After(printed, "Not After : "), "MMM d HH:mm:ss yyyy 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        After(printed, "X509v3 Extended Key Usage: \n").Split(", "),
        [.. After(printed, "X509v3 Subject Alternative Name: \n").Split("DirName:")[0].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Named)]);

    // OpenSSL writes IPv6 without shortening.
    private static string Named(string name) =>
        name.StartsWith("IP Address:", StringComparison.Ordinal) ? $"IP Address:{IPAddress.Parse(name["IP Address:".Length..])}" : name;

    private static string After(string text, string label)
    {
        int at = text.IndexOf(label, StringComparison.Ordinal);
        string rest = at < 0 ? "" : text[(at + label.Length)..];
        return rest.Split('\n')[0].TrimStart(label.EndsWith('\n') ? ' ' : '\0');
    }
}
