using System.Globalization;
using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Crls;

/// <summary>A case of schedules, and the life of the CRLs that they publish.</summary>
/// <param name="Pipeline">The schedule expression of the pipeline.</param>
/// <param name="Crls">The schedule expression of CRLs, or empty.</param>
/// <param name="Life">The life of both CRLs.</param>
internal sealed record CrlCase(string Pipeline, string Crls, TimeSpan Life);

/// <summary>Holds what the module that computes times of CRLs returns for a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Pauses">The longest pause of each schedule.</param>
/// <param name="Pause">The longest pause between two CRLs.</param>
/// <param name="LeastLife">The least life that the CRLs must have.</param>
/// <param name="Alarm">When the alarm reports an overdue CRL; null if there can be no alarm.</param>
internal sealed record CrlTimes(CrlCase Case, IReadOnlyList<TimeSpan> Pauses, TimeSpan Pause, TimeSpan LeastLife, OverdueAlarm? Alarm)
{
    /// <summary>Computes all cases at once with Terraform alone; no provider is needed.</summary>
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
