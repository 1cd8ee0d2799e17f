using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>Answers the Invoke operation of Lambda: every function succeeds, but for those that a test lets
/// fail.</summary>
internal sealed class LambdaStub : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly Func<string, string, StubAnswer> answer;

    private LambdaStub(Func<string, string, StubAnswer> answer)
    {
        this.answer = answer;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        server = builder.Build();
        server.MapPost("/2015-03-31/functions/{name}/invocations", InvokeAsync);
    }

    /// <summary>The calls in their order: function and payload.</summary>
    public ConcurrentQueue<(string Function, string Payload)> Calls { get; } = new();

    /// <summary>The called functions, in their order.</summary>
    public IReadOnlyList<string> Functions => [.. Calls.Select(call => call.Function)];

    /// <summary>The address that it listens on.</summary>
    public Uri Address => new(server.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts a stub.</summary>
    /// <param name="answer">Returns the answer of a function with a payload.</param>
    public static async Task<LambdaStub> StartAsync(Func<string, string, StubAnswer>? answer = null)
    {
        var stub = new LambdaStub(answer ?? ((_, _) => StubAnswer.Success));
        await stub.server.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task InvokeAsync(string name, HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string payload = await reader.ReadToEndAsync(context.RequestAborted);
        Calls.Enqueue((name, payload));
        StubAnswer given = answer(name, payload);
        context.Response.StatusCode = given.Status;
        if (given.FunctionError)
        {
            context.Response.Headers["X-Amz-Function-Error"] = "Unhandled";
        }

        await context.Response.WriteAsync(given.Body, context.RequestAborted);
    }
}

/// <summary>An answer that the Lambda service gives to an invocation.</summary>
internal sealed record StubAnswer(int Status, bool FunctionError, string Body)
{
    public static StubAnswer Success { get; } = new(200, false, """{"done": true}""");

    public static StubAnswer Refusal { get; } = new(200, false, """{"error": "Private key has already been used for a certificate"}""");

    public static StubAnswer Throttled { get; } = new(429, false, """{"Reason": "ConcurrentInvocationLimitExceeded"}""");

    /// <summary>Makes the answer of a function that ended with an error of this type.</summary>
    public static StubAnswer Fault(string type) => new(200, true, $$"""{"errorType": "{{type}}", "errorMessage": "for this test"}""");
}
