using System.Globalization;
using System.Text.RegularExpressions;

namespace ServerlessCA.Local.Delivery;

/// <summary>The name of a waiting event's file: <c>{time}-{digits of the id}-{runs that failed}.json</c>. Names sort by
/// time. A file of another name, such as one that was put back by hand, has not failed yet. Immutable.</summary>
internal sealed partial record PendingFile(string Path, int FailedRuns, DateTimeOffset? Queued)
{
    private const string Ending = ".json";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'.'fffffff'Z'";

    /// <summary>The name of a new file.</summary>
    public static string NameOf(DateTimeOffset time, string digits) =>
        $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{digits}-0{Ending}";

    /// <summary>Finds the event's files, whatever their time.</summary>
    public static string PatternOf(string digits) => $"*-{digits}-*{Ending}";

    /// <summary>All that wait in a folder: oldest first, those that failed in several runs at the end.</summary>
    public static IReadOnlyList<PendingFile> In(string folder, int runsInFront) =>
        [.. Directory.EnumerateFiles(folder, $"*{Ending}").Select(Of)
            .OrderBy(file => file.FailedRuns >= runsInFront)
            .ThenBy(file => System.IO.Path.GetFileName(file.Path), StringComparer.Ordinal)];

    /// <summary>The name after one run more that failed.</summary>
    public string NextPath() => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(Path)!,
        Name().Match(System.IO.Path.GetFileName(Path)) is { Success: true } match
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}-{match.Groups[2].Value}-{Math.Min(FailedRuns + 1, 9999)}{Ending}")
            : System.IO.Path.GetFileName(Path));

    private static PendingFile Of(string path)
    {
        Match match = Name().Match(System.IO.Path.GetFileName(path));
        bool dated = DateTimeOffset.TryParseExact(
            match.Groups[1].ValueSpan, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        return match.Success && dated
            ? new PendingFile(path, int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture), time)
            : new PendingFile(path, FailedRuns: 0, Queued: null);
    }

    [GeneratedRegex(@"\A([0-9T.]{23}Z)-([0-9a-f]{32})-([0-9]{1,4})\.json\z")]
    private static partial Regex Name();
}
