using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Cli.Tests.Support.Cloud;

/// <summary>Serves Lambda's API over a deployment's use cases, STS and IAM Identity Center, on a web server that the test
/// can break.</summary>
public sealed class FunctionFront : IAsyncDisposable
{
    /// <summary>The access key that IAM Identity Center gives to users who are logged in.</summary>
    public const string LoggedInKey = "ASIAOFTHELOGIN";

    private readonly AwsCa ca;
    private readonly WebApplication app;
    private int descriptionsAnswered;

    private FunctionFront(AwsCa ca, WebApplication app) => (this.ca, this.app) = (ca, app);

    /// <summary>The address that it listens at.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Runs before a function and may answer instead of it; false lets the function answer.</summary>
    public Func<HttpContext, string, Task<bool>>? Before { get; set; }

    /// <summary>Runs after the function and before its answer; false sends no answer.</summary>
    public Func<HttpContext, string, Task<bool>>? After { get; set; }

    /// <summary>Events that reached functions.</summary>
    public List<string> Events { get; } = [];

    /// <summary>The functions that the events reached, in the same order.</summary>
    public List<string> Called { get; } = [];

    /// <summary>The function of each invocation as the caller named it: a name or an ARN.</summary>
    public List<string> Named { get; } = [];

    /// <summary>The access keys that signed the invocations.</summary>
    public List<string> Signers { get; } = [];

    /// <summary>Functions whose configuration was read.</summary>
    public List<string> Described { get; } = [];

    /// <summary>How many answers were sent to those who read a configuration.</summary>
    public int DescriptionsAnswered => Volatile.Read(ref descriptionsAnswered);

    /// <summary>Whether configurations may be read.</summary>
    public bool MayDescribe { get; set; } = true;

    /// <summary>The timeout of the functions in seconds, which their configuration shows.</summary>
    public int TimeoutSeconds { get; set; } = 180;

    /// <summary>The emulated STS and the credential services of containers and instances.</summary>
    public IdentityFront Identity { get; } = new();

    /// <summary>Starts the web server.</summary>
    public static async Task<FunctionFront> StartAsync(AwsCa ca)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var front = new FunctionFront(ca, builder.Build());
        front.Identity.MapTo(front.app);
        front.app.MapGet("/federation/credentials", () => // IAM Identity Center Portal API Reference, GetRoleCredentials
            $$$"""{"roleCredentials": {"accessKeyId": "{{{LoggedInKey}}}", "secretAccessKey": "secret", "sessionToken": "token", "expiration": 4070908800000}}""");
        front.app.MapGet("/2015-03-31/functions/{name}/configuration", front.DescribeAsync);
        front.app.MapPost("/2015-03-31/functions/{name}/invocations", front.InvokeAsync);
        await front.app.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    /// <summary>Makes the next invocations get this answer.</summary>
    public void Answer(int status, string body, string? errorType = null, string? functionError = null) => Before = async (context, _) =>
    {
        context.Response.StatusCode = status;
        Set(context, "x-amzn-ErrorType", errorType);
        Set(context, "X-Amz-Function-Error", functionError);
        await context.Response.WriteAsync(body);
        return true;
    };

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task DescribeAsync(HttpContext context, string name)
    {
        lock (Described)
        {
            Described.Add(name);
        }

        context.Response.OnCompleted(() =>
        {
            Interlocked.Increment(ref descriptionsAnswered);
            return Task.CompletedTask;
        });
        name = NameOf(name);
        if (!MayDescribe)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            Set(context, "x-amzn-ErrorType", "AccessDeniedException");
            await context.Response.WriteAsync("""{"Message": "not authorized to perform: lambda:GetFunctionConfiguration"}""");
            return;
        }

        if (await IsMissingAsync(context, name))
        {
            return;
        }

        var variables = new JsonObject();
        foreach ((string key, string value) in ca.Deployed.Variables.Concat(ca.Settings))
        {
            variables[key] = value;
        }

        var answer = new JsonObject
        {
            ["FunctionName"] = name,
            ["FunctionArn"] = $"arn:aws:lambda:eu-west-2:{AwsCa.Account}:function:{name}",
            ["Timeout"] = TimeoutSeconds,
            ["Environment"] = new JsonObject { ["Variables"] = variables },
        };
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private async Task InvokeAsync(HttpContext context, string name)
    {
        string named = name;
        name = NameOf(name);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (Events)
        {
            Called.Add(name);
            Named.Add(named);
            Events.Add(Encoding.UTF8.GetString(body.ToArray()));
            Signers.Add(context.Request.Headers.Authorization.ToString().Split("Credential=")[^1].Split('/')[0]);
        }

        if ((Before is not null && await Before(context, name)) || await IsMissingAsync(context, name))
        {
            return;
        }

        string? alias = QualifierOf(named);
        RequestPolicy? policy = alias is null ? null : RequestPolicy.Find(ca.Policies, alias);
        if (alias is not null && policy is null && ca.Policies.Count > 0)
        {
            await NotFoundAsync(context, $"Cannot find alias arn: arn:aws:lambda:eu-west-2:{AwsCa.Account}:function:{name}:{alias}");
            return;
        }

        string answer = await RunAsync(context, name, policy, body.ToArray());
        if (After is null || await After(context, name))
        {
            await context.Response.WriteAsync(answer);
        }
    }

    // The form in which Lambda reports a function that ended with an error.
    private async Task<string> RunAsync(HttpContext context, string name, RequestPolicy? policy, byte[] input)
    {
        CaFunction function = Operation.Find(ca.Names, name)?.Function ?? throw new InvalidOperationException($"there is no function {name}");
        try
        {
            return (await new InvokeFunction(ca.Core).RunAsync(function, input, CallerRights.Everything.Under(policy), CancellationToken.None)).Json;
        }
        catch (StepFailedException failed)
        {
            Set(context, "X-Amz-Function-Error", "Unhandled");
            return new JsonObject { ["errorType"] = nameof(StepFailedException), ["errorMessage"] = failed.Message }.ToJsonString();
        }
    }

    // An ARN may have a version or an alias behind the name (AWS Lambda API reference, FunctionName).
    private static string NameOf(string named) => Uri.UnescapeDataString(named).Split(":function:")[^1].Split(':')[0];

    // The alias of a policy binds who invokes it; without policies every alias is the function itself (decision 0016).
    private static string? QualifierOf(string named) => Uri.UnescapeDataString(named).Split(":function:")[^1].Split(':').ElementAtOrDefault(1);

    private async Task<bool> IsMissingAsync(HttpContext context, string name)
    {
        if (name.StartsWith($"{ca.Names.Project}-", StringComparison.Ordinal) && name.EndsWith($"-{ca.Names.Environment}", StringComparison.Ordinal))
        {
            return false;
        }

        await NotFoundAsync(context, $"Function not found: arn:aws:lambda:eu-west-2:{AwsCa.Account}:function:{name}");
        return true;
    }

    private static async Task NotFoundAsync(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        Set(context, "x-amzn-ErrorType", "ResourceNotFoundException");
        await context.Response.WriteAsync($$"""{"Type": "User", "Message": "{{message}}"}""");
    }

    private static void Set(HttpContext context, string header, string? value)
    {
        if (value is not null)
        {
            context.Response.Headers[header] = value;
        }
    }
}
