using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>Serves Lambda's Invoke API in front of functions: <c>POST /2015-03-31/functions/{name}/invocations</c>. The first
/// event starts a function's process, and so does the next one after it has ended.</summary>
public sealed class LambdaService : IAsyncDisposable
{
    private const int MaxPayloadBytes = 6 * 1024 * 1024; // Lambda quota, synchronous invocations

    private readonly IReadOnlyDictionary<string, FunctionSetup> setups;
    private readonly Dictionary<string, LambdaFunction> functions = [];
    private readonly List<LambdaFunction> ended = [];
    private readonly SemaphoreSlim starting = new(1);
    private WebApplication server = null!;

    private LambdaService(IReadOnlyDictionary<string, FunctionSetup> setups) => this.setups = setups;

    /// <summary>The address for <c>AWS_ENDPOINT_URL_LAMBDA</c>.</summary>
    public Uri Address => LoopbackApplication.AddressOf(server);

    /// <summary>Starts the service.</summary>
    /// <param name="setups">The functions by their full names, such as <c>serverless-tls-cert-dev</c>.</param>
    public static async Task<LambdaService> StartAsync(IReadOnlyDictionary<string, FunctionSetup> setups)
    {
        var service = new LambdaService(setups);
        service.server = await LoopbackApplication.StartAsync(service.AnswerAsync);
        return service;
    }

    /// <summary>Returns the running function, which is started if necessary.</summary>
    public async Task<LambdaFunction> FunctionAsync(string name)
    {
        await starting.WaitAsync();
        try
        {
            if (functions.TryGetValue(name, out LambdaFunction? function) && !function.HasEnded)
            {
                return function;
            }

            if (function is not null)
            {
                ended.Add(function);
            }

            return functions[name] = await LambdaFunction.StartAsync(setups[name]);
        }
        finally
        {
            starting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (LambdaFunction function in functions.Values.Concat(ended))
        {
            await function.DisposeAsync();
        }

        await LoopbackApplication.StopAsync(server);
        starting.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string[] path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        using var payload = new MemoryStream();
        await context.Request.Body.CopyToAsync(payload);
        (string name, string? qualifier) = path is ["2015-03-31", "functions", string wanted, "invocations"] ? NameOf(Uri.UnescapeDataString(wanted)) : ("", null);
        qualifier ??= context.Request.Query["Qualifier"].FirstOrDefault();
        if (!setups.TryGetValue(name, out FunctionSetup? setup) || (qualifier is not null && setup.Aliases?.Contains(qualifier) == false))
        {
            await RefuseAsync(context, HttpStatusCode.NotFound, "ResourceNotFoundException", $"Function not found: {(qualifier is null ? name : $"{name}:{qualifier}")}");
        }
        else if (payload.Length > MaxPayloadBytes)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{payload.Length} byte payload is too large for the RequestResponse invocation type (limit {MaxPayloadBytes} bytes)");
            await RefuseAsync(context, HttpStatusCode.RequestEntityTooLarge, "RequestTooLargeException", text);
        }
        else if (!IsJson(payload))
        {
            await RefuseAsync(context, HttpStatusCode.BadRequest, "InvalidRequestContentException", "Could not parse request body into json");
        }
        else
        {
            await InvokeAsync(context, name, qualifier, payload.Length == 0 ? "{}"u8.ToArray() : payload.ToArray());
        }
    }

    private async Task InvokeAsync(HttpContext context, string name, string? qualifier, byte[] payload)
    {
        LambdaFunction function = await FunctionAsync(name);
        context.Response.Headers["x-amzn-RequestId"] = context.TraceIdentifier;
        if (context.Request.Headers["X-Amz-Invocation-Type"] == "Event")
        {
            _ = function.InvokeAsync(payload, qualifier: qualifier);
            context.Response.StatusCode = (int)HttpStatusCode.Accepted;
            return;
        }

        FunctionAnswer answer = await function.InvokeAsync(payload, qualifier: qualifier);
        context.Response.ContentType = "application/json";
        context.Response.Headers["X-Amz-Executed-Version"] = "$LATEST";
        if (answer.IsError)
        {
            context.Response.Headers["X-Amz-Function-Error"] = "Unhandled";
        }

        await context.Response.Body.WriteAsync(answer.Payload);
    }

    // The text is a name, or an ARN that ends with one; a version or an alias may follow.
    private static (string Name, string? Qualifier) NameOf(string wanted)
    {
        string[] parts = wanted.Split(':');
        return parts.Length >= 7 ? (parts[6], parts.ElementAtOrDefault(7)) : (parts[0], parts.ElementAtOrDefault(1));
    }

    private static bool IsJson(MemoryStream payload)
    {
        try
        {
            return payload.Length == 0 || JsonNode.Parse(payload.ToArray()) is not null || payload.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task RefuseAsync(HttpContext context, HttpStatusCode status, string type, string message)
    {
        context.Response.StatusCode = (int)status;
        context.Response.Headers["x-amzn-ErrorType"] = type;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["Type"] = "User", ["Message"] = message }.ToJsonString());
    }
}
