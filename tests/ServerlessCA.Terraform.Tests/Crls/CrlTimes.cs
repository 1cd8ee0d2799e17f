using System.Globalization;
using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>Schedules, and how long the CRLs are good for that they publish.</summary>
/// <param name="Pipeline">Expression of the pipeline.</param>
/// <param name="Crls">Expression of the schedule of CRLs, or empty.</param>
/// <param name="Life">Of both CRLs.</param>
internal sealed record CrlCase(string Pipeline, string Crls, TimeSpan Life);

/// <summary>What the module that computes times of CRLs says of a case.</summary>
/// <param name="Case">Of which.</param>
/// <param name="Pauses">The longest pause of each schedule.</param>
/// <param name="Pause">The longest pause between two CRLs.</param>
/// <param name="LeastLife">How long they must be good for.</param>
/// <param name="Alarm">When it is told that one is overdue; null when that cannot be told.</param>
internal sealed record CrlTimes(CrlCase Case, IReadOnlyList<TimeSpan> Pauses, TimeSpan Pause, TimeSpan LeastLife, OverdueAlarm? Alarm)
{
    /// <summary>Asks Terraform alone, for all at once; no provider is needed.</summary>
    public static async Task<IReadOnlyList<CrlTimes>> ComputeAsync(IReadOnlyList<CrlCase> cases)
    {
        string[] inputs = [.. cases.Select((each, number) => string.Create(
            CultureInfo.InvariantCulture, $"\"{number}\" = [\"{each.Pipeline}\", \"{each.Crls}\", \"{each.Life.TotalSeconds:F0}\"]"))];
        await using Workspace workspace = Workspace.Of("times").With("main.tf", $$"""
            module "times" {
              source   = "../terraform/modules/crl-times"
              for_each = { {{string.Join(", ", inputs)}} }

              pipeline = each.value[0]
              crls     = each.value[1]
              lives    = { root-ca-crl = tonumber(each.value[2]), issuing-ca-crl = 2 * tonumber(each.value[2]) }
            }

            output "times" {
              value = module.times
            }
            """);
        await workspace.DoAsync("init", "-no-color");
        await workspace.DoAsync("apply", "-auto-approve", "-no-color");
        JsonElement times = JsonElement.Parse(await workspace.DoAsync("output", "-json", "times"));
        return [.. cases.Select((each, number) => Of(each, times.GetProperty(number.ToString(CultureInfo.InvariantCulture))))];
    }

    private static CrlTimes Of(CrlCase given, JsonElement times) => new(
        given,
        [.. times.GetProperty("pauses").EnumerateObject().Select(pause => Seconds(pause.Value))],
        Seconds(times.GetProperty("pause")),
        Seconds(times.GetProperty("least_life")),
        times.GetProperty("alarms").TryGetProperty("root-ca-crl", out JsonElement alarm)
            ? new OverdueAlarm(Seconds(alarm.GetProperty("period")), alarm.GetProperty("count").GetInt32())
            : null);

    private static TimeSpan Seconds(JsonElement number) => TimeSpan.FromSeconds(number.GetDouble());
}
