using System.Text.Json;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Compares the module with the core's list: it deploys the functions by their names, calls them in the listed
/// states and order, and gives each exactly the settings of the schema.</summary>
public sealed class FunctionListTests(DeployedModule module)
{
    [Fact]
    public async Task The_deployed_functions_are_those_of_the_list()
    {
        Resource[] functions = await FunctionsAsync();

        Assert.Equal(Operation.All.Select(operation => operation.Name).Order(StringComparer.Ordinal), functions.Select(function => function.Text("handler")).Order(StringComparer.Ordinal));
        var names = new CaNames("serverless", "dev", ["prd", "prod"]);
        Assert.All(functions, function => Assert.Equal(names.Function(function.Text("handler")), function.Text("function_name")));
    }

    [Fact]
    public async Task The_state_machine_calls_them_in_the_states_and_the_order_of_the_list()
    {
        JsonElement states = JsonElement.Parse((await module.ResourceAsync("aws_sfn_state_machine.pipeline")).Text("definition")).GetProperty("States");
        var names = new CaNames("serverless", "dev", ["prd", "prod"]);
        var visited = new List<string>();
        for (string? at = Operation.Pipeline[0].State; at is not null; at = NextOf(states.GetProperty(at)))
        {
            visited.Add(at);
        }

        Assert.Equal(Operation.Pipeline.Select(operation => operation.State), visited.Intersect(Operation.Pipeline.Select(operation => operation.State)));
        Assert.Contains(Operation.SearchState, visited);
        Assert.All(Operation.Pipeline, operation => Assert.Contains($":function:{names.Function(operation.Function)}", states.GetProperty(operation.State!).GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_function_gets_the_settings_that_it_reads_and_no_others()
    {
        foreach (Resource function in await FunctionsAsync())
        {
            CaFunction which = Operation.Find(function.Text("handler"))!.Function;
            string[] given = [.. function.Values.GetProperty("environment")[0].GetProperty("variables").EnumerateObject().Select(variable => variable.Name)];
            Setting[] read = [.. SettingsSchema.All.Where(setting => setting.ReadBy.Contains(which))];

            Assert.Empty(given.Except(read.Select(setting => setting.Variable!)));
            Assert.Empty(read.Except([SettingsSchema.SlackAddress]).Select(setting => setting.Variable!).Except(given)); // a gateway is set by hand
        }
    }

    private static string? NextOf(JsonElement state) => state.TryGetProperty("Next", out JsonElement next) ? next.GetString()
        : state.TryGetProperty("Default", out JsonElement otherwise) ? otherwise.GetString()
        : null;

    private async Task<Resource[]> FunctionsAsync() =>
        [.. (await module.ResourcesAsync()).Where(resource => resource.Type == "aws_lambda_function")];
}
