using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Tests.Access;

/// <summary>Reads settings from JSON, and policies in few words.</summary>
internal static class SomePolicies
{
    public const string Web = """{"common_names": ["*.web.example.com"], "usages": ["server_auth"], "max_days": 90}""";

    /// <summary>Reads one policy.</summary>
    public static RequestPolicy Policy(string json = Web, string name = "web")
    {
        (CaSettings settings, IReadOnlyList<string> problems) = Read($$"""{"request_policies": { "{{name}}": {{json}} } }""");
        return problems.Count == 0 ? settings.RequestPolicies.Single() : throw new InvalidOperationException(string.Join("; ", problems));
    }

    /// <summary>Reads settings, and what is wrong with them: setting, member, fault.</summary>
    public static (CaSettings Settings, IReadOnlyList<string> Problems) Read(string json)
    {
        var source = new Source(JsonDocument.Parse(json).RootElement);
        return (CaSettings.Read(source), source.Problems);
    }

    private sealed class Source(JsonElement json) : ISettingsSource
    {
        public List<string> Problems { get; } = [];

        public SettingValue? Find(Setting setting) => setting.Key is { } key && json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new SettingValue(value, null)
            : null;

        public bool Needs(Setting setting) => false;

        public void Report(SettingProblem problem) => Problems.Add($"{problem.Setting.Key} {problem.Member}: {problem.Fault}, expected is {problem.Expected}");
    }
}
