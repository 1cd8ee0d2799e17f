using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Revocation;

/// <summary>The keys of an entry of a revocation list (contract section 4, 12.9, 12.22), and what others mean.</summary>
internal static class ListedEntryKeys
{
    public const string CommonName = "common_name";
    public const string SerialNumber = "serial_number";
    public const string Reason = "reason";
    public const string Unrecorded = "unrecorded";
    public const string Expires = "expires";

    private static readonly string[] Known = [CommonName, SerialNumber, Reason, Unrecorded, Expires];

    /// <summary>What fails the entry, because what it asks for cannot be known: a key given twice, or one that is nearly one
    /// of ours.</summary>
    public static string? Fault(JsonElement element)
    {
        string[] names = [.. element.EnumerateObject().Select(member => member.Name)];
        if (Known.FirstOrDefault(known => names.Count(name => name == known) > 1) is { } twice)
        {
            return $"'{twice}' is given twice";
        }

        return Others(element).Where(name => Suggestion.Nearest(name, Known) is not null)
            .Select(name => $"'{Excerpt.Of(name)}' is not known: did you mean '{Suggestion.Nearest(name, Known)}'?").FirstOrDefault();
    }

    /// <summary>Keys that nobody knows and that are nearly none of ours: people keep notes in lists.</summary>
    public static IEnumerable<string> Ignored(JsonElement element) =>
        Others(element).Where(name => Suggestion.Nearest(name, Known) is null).Select(Excerpt.Of);

    // contract 12.24: these are nobody's mistake.
    private static IEnumerable<string> Others(JsonElement element) => element.EnumerateObject().Select(member => member.Name)
        .Where(name => !Known.Contains(name, StringComparer.Ordinal) && name is not ("comment" or ['$' or '_', ..])).Distinct(StringComparer.Ordinal);
}
