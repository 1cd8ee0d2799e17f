using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Moving;

/// <summary>The plan of our module over <see cref="OriginalState"/>, made once.</summary>
public sealed class MovingPlan : IAsyncLifetime
{
    /// <summary>What the plan does to each resource; empty where it cannot be made, which each test says.</summary>
    internal JsonElement[] Changes { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (TerraformProgram.HasStandIn && ForeignProgram.IsInstalled("terraform"))
        {
            Changes = await OverAsync(OriginalState.Json());
        }
    }

    /// <summary>What the plan over a state does to each resource.</summary>
    internal static async Task<JsonElement[]> OverAsync(string state)
    {
        await using Workspace workspace = DeployedModule.Configure(Workspace.Of("stack"));
        workspace.With("terraform.tfstate", state);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("plan", "-refresh=false", "-out=plan", "-input=false", "-no-color");
        JsonElement plan = await workspace.ShowAsync("plan");
        return [.. plan.GetProperty("resource_changes").EnumerateArray().Where(change => change.GetProperty("mode").GetString() == "managed")];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
