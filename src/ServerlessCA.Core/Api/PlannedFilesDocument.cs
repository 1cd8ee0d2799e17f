using System.Text.Json;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Names the members of what is sent to have it planned, and writes the files of a GitOps folder so. The server reads it within
/// its limits.</summary>
public static class PlannedFilesDocument
{
    /// <summary>Names the member with one request instead of files.</summary>
    public const string Request = "Request";

    /// <summary>Names the member with the list of entries, or its text.</summary>
    public const string Tls = "Tls";

    /// <summary>Names the member with the CSRs by their file names.</summary>
    public const string Csrs = "Csrs";

    /// <summary>Names the member with the names of targets.</summary>
    public const string Targets = "Targets";

    /// <summary>Maps the members that are lists to the files that they are.</summary>
    public static IReadOnlyDictionary<string, string> Lists { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Tls] = GitOpsEntries.FileKey, ["Revoked"] = RevocationEntries.IssuingFileKey, ["RevokedRootCa"] = RevocationEntries.RootFileKey,
    };

    /// <summary>Writes the members.</summary>
    /// <param name="writer">Gets the members.</param>
    /// <param name="lists">The texts of the lists, by member.</param>
    /// <param name="csrs">The texts of the CSRs, by file name.</param>
    /// <param name="targets">Where certificates have to work.</param>
    public static void Write(
        Utf8JsonWriter writer, IEnumerable<(string Member, string Text)> lists, IEnumerable<(string Name, string Text)> csrs, IEnumerable<LintTarget> targets)
    {
        foreach ((string member, string text) in lists)
        {
            writer.WriteString(member, text);
        }

        writer.WriteStartObject(Csrs);
        foreach ((string name, string text) in csrs)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
        JsonText.WriteTexts(writer, Targets, targets.Select(LintTargets.NameOf));
    }
}
