using System.Text;

namespace ServerlessCA.Server.Access;

/// <summary>The canonical form of a request in Signature Version 4 (IAM user guide, "Create a signed AWS API request").
/// Immutable.</summary>
/// <param name="method">GET, POST …</param>
/// <param name="target">Path and query as they came.</param>
/// <param name="signedHeaders">Lower-case names in the order of the signature.</param>
/// <param name="header">Finds a value.</param>
/// <param name="bodyDigest">Hex.</param>
internal sealed class CanonicalRequest(
    string method, string target, IReadOnlyList<string> signedHeaders, Func<string, string> header, string bodyDigest)
{
    private const string Unreserved = "-._~";

    /// <summary>The text that is hashed.</summary>
    public override string ToString()
    {
        string[] halves = target.Split('?', 2);
        var text = new StringBuilder();
        text.Append(method).Append('\n');
        text.Append(Encode(Encoding.UTF8.GetBytes(halves[0]), keep: "/")).Append('\n'); // encoded once more than on the wire, as all services but S3 want it
        text.Append(Query(halves.Length > 1 ? halves[1] : "")).Append('\n');
        foreach (string name in signedHeaders)
        {
            text.Append(name).Append(':').Append(OneBlank(header(name))).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(bodyDigest).ToString();
    }

    private static string Query(string query)
    {
        IEnumerable<(string Name, string Value)> parameters = query
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(parts => (Name: Normal(parts[0]), Value: parts.Length > 1 ? Normal(parts[1]) : ""))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ThenBy(parameter => parameter.Value, StringComparer.Ordinal);
        return string.Join('&', parameters.Select(parameter => $"{parameter.Name}={parameter.Value}"));
    }

    // Whatever way it was encoded: there is one canonical one.
    private static string Normal(string part) => Encode(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(part)), keep: "");

    private static string Encode(byte[] octets, string keep)
    {
        var text = new StringBuilder(octets.Length);
        foreach (byte octet in octets)
        {
            char c = (char)octet;
            bool plain = char.IsAsciiLetterOrDigit(c) || Unreserved.Contains(c) || keep.Contains(c);
            text.Append(plain ? c.ToString() : $"%{octet:X2}");
        }

        return text.ToString();
    }

    private static string OneBlank(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
