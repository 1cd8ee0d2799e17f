using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Watching;

/// <summary>Checks the dashboard: it shows every alarm, graphs what is there, and its widgets do not lie on each other.</summary>
public sealed class DashboardTests(DeployedModule module)
{
    [Fact]
    public async Task It_shows_every_alarm()
    {
        JsonElement shown = (await WidgetsAsync()).Single(widget => widget.GetProperty("type").GetString() == "alarm");

        Assert.Equal(
            (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_cloudwatch_metric_alarm").Select(alarm => alarm.Text("arn")).Order(),
            shown.GetProperty("properties").GetProperty("alarms").EnumerateArray().Select(arn => arn.GetString()!).Order());
    }

    [Fact]
    public async Task Its_graphs_are_of_resources_that_are_there_and_of_every_metric_of_our_own_but_faults()
    {
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        JsonElement[][] series = [.. (await WidgetsAsync()).Where(widget => widget.GetProperty("type").GetString() == "metric")
            .SelectMany(widget => widget.GetProperty("properties").GetProperty("metrics").EnumerateArray()).Select(metric => metric.EnumerateArray().ToArray())];
        string[] counted = [.. resources.Where(resource => resource.Type == "aws_cloudwatch_log_metric_filter")
            .Select(filter => filter.Values.GetProperty("metric_transformation")[0].GetProperty("name").GetString()!)];
        HashSet<string> names = [.. resources.SelectMany(resource => ((string[])["name", "arn", "function_name"])
            .Where(attribute => resource.Values.TryGetProperty(attribute, out JsonElement value) && value.ValueKind == JsonValueKind.String).Select(resource.Text))];

        Assert.Equal(
            counted.Where(name => !name.EndsWith("-PublicFaults", StringComparison.Ordinal)).Order(),
            series.Where(metric => metric[0].GetString() == "ServerlessCA").Select(metric => metric[1].GetString()!).Order());
        Assert.All(series.Where(metric => metric[0].GetString() != "ServerlessCA"), metric =>
        {
            Assert.Equal(4, metric.Length); // namespace, name, a dimension and its value
            Assert.Contains(metric[3].GetString()!, names);
        });
    }

    [Fact]
    public async Task Its_widgets_lie_side_by_side_on_24_columns()
    {
        (int X, int Y, int Width, int Height)[] places = [.. (await WidgetsAsync()).Select(widget => (
            widget.GetProperty("x").GetInt32(), widget.GetProperty("y").GetInt32(), widget.GetProperty("width").GetInt32(), widget.GetProperty("height").GetInt32()))];

        Assert.All(places, place => Assert.InRange(place.X + place.Width, 1, 24));
        (int, int)[] cells = [.. places.SelectMany(place => Enumerable.Range(place.X, place.Width).SelectMany(x => Enumerable.Range(place.Y, place.Height).Select(y => (x, y))))];
        Assert.Equal(cells.Length, cells.Distinct().Count());
    }

    private async Task<JsonElement[]> WidgetsAsync() =>
        [.. JsonElement.Parse((await module.ResourceAsync("aws_cloudwatch_dashboard.ca[0]")).Text("dashboard_body")).GetProperty("widgets").EnumerateArray()];
}
