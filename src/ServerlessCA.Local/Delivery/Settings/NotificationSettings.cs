using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>Reads the setting <c>notifications</c>, a list of targets. Immutable.</summary>
/// <param name="Targets">All targets; none if there are problems.</param>
/// <param name="Problems">The mistakes, each with its key, such as <c>notifications[0].url is missing: …</c>.</param>
public sealed record NotificationSettings(IReadOnlyList<TargetSettings> Targets, IReadOnlyList<string> Problems)
{
    private static readonly string Key = SettingsSchema.Notifications.Key!;

    /// <summary>Reads the setting. It never throws, and does not read secrets yet.</summary>
    /// <param name="json">The setting's value; undefined or null: there are no targets.</param>
    /// <param name="folder">The data folder, which relative paths of files count from.</param>
    /// <param name="project">The deployment's project, for messages.</param>
    public static NotificationSettings Read(JsonElement json, string folder, string project)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return new NotificationSettings([], []);
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            return new NotificationSettings([], [$"{Key} must be a list of targets, such as [{{ \"type\": \"slack\", … }}]"]);
        }

        var problems = new List<string>();
        List<TargetSettings> targets = [.. json.EnumerateArray().SelectMany((element, index) => ReadTargets(
            element, string.Create(CultureInfo.InvariantCulture, $"{Key}[{index}]"), folder, project, problems))];
        problems.AddRange(targets.CountBy(target => target.Id).Where(count => count.Value > 1)
            .Select(count => $"{Key} has the target \"{targets.First(target => target.Id == count.Key).Name}\" twice: leave one of them out"));
        return new NotificationSettings(problems.Count == 0 ? targets : [], problems);
    }

    private static IEnumerable<TargetSettings> ReadTargets(
        JsonElement element, string path, string folder, string project, List<string> problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{path} must be an object with a type, such as {{ \"type\": \"slack\", … }}");
            return [];
        }

        var target = new TargetObject(path, element, problems);
        int before = problems.Count;
        IReadOnlyList<TargetSettings> read = target.Text("type", "slack, webhook or smtp", type => type is "slack" or "webhook" or "smtp", required: true) switch
        {
            "slack" => SlackReader.Read(target, folder, project),
            "webhook" => WebhookReader.Read(target, folder),
            "smtp" => SmtpReader.Read(target, folder, project),
            _ => [],
        };
        return problems.Count == before ? read : [];
    }
}

/// <summary>The settings of one target of <c>notifications</c>. An element with several channels or recipients is
/// several targets. Immutable.</summary>
public abstract record TargetSettings
{
    private const int SlugLength = 40;  // characters; our decision
    private const int HashDigits = 12;  // 48 bits of SHA-256: nobody has that many targets

    private protected TargetSettings()
    {
    }

    /// <summary>The target's id (<see cref="IDeliveryTarget.Id"/>).</summary>
    public abstract string Id { get; }

    /// <summary>The target's name for people, without secrets.</summary>
    public abstract string Name { get; }

    private protected static string MakeId(string type, string name, params ReadOnlySpan<string> identity)
    {
        string slug = string.Concat(name.Take(SlugLength).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Trim('-');
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', identity)));
        return $"{type}-{(slug.Length == 0 ? "x" : slug)}-{Convert.ToHexStringLower(hash)[..HashDigits]}";
    }
}
