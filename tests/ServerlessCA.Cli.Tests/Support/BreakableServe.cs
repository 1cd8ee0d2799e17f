using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs <c>serve</c> on the CA of a session, behind a proxy that the test can break.</summary>
public sealed class BreakableServe : IAsyncDisposable
{
    private const string Function = "serverless-tls-cert-dev";
    private const string FunctionError = "X-Amz-Function-Error";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly WebApplication app;
    private readonly BackgroundCommand serve;

    private BreakableServe(WebApplication app, BackgroundCommand serve) => (this.app, this.serve) = (app, serve);

    /// <summary>The address of the proxy, such as <c>http://127.0.0.1:40001</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Functions to list instead of those of the CA, one on each page.</summary>
    public string[]? Functions { get; set; }

    /// <summary>Answers instead of the CA; null when the CA answers.</summary>
    public Func<HttpContext, Task>? Broken { get; set; }

    /// <summary>Runs after the CA has answered and before the answer is passed on; false loses the answer.</summary>
    public Func<HttpContext, Task<bool>>? AfterIssue { get; set; }

    /// <summary>Events that callers sent to the function.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Starts the server and the proxy.</summary>
    public static async Task<BreakableServe> StartAsync(Session session)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var way = new BreakableServe(builder.Build(), await BackgroundCommand.ServeAsync(session));
        way.app.MapGet("/2015-03-31/functions/", way.ListAsync);
        way.app.MapPost("/2015-03-31/functions/{name}/invocations", way.InvokeAsync);
        await way.app.StartAsync(TestContext.Current.CancellationToken);
        return way;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await serve.DisposeAsync();
        http.Dispose();
    }

    /// <summary>Makes the proxy answer with a status and a body.</summary>
    public void Answer(int status, string body, string? functionError = null) => Broken = async context =>
    {
        context.Response.StatusCode = status;
        if (functionError is not null)
        {
            context.Response.Headers[FunctionError] = functionError;
        }

        await context.Response.WriteAsync(body);
    };

    private async Task ListAsync(HttpContext context)
    {
        if (Functions is null)
        {
            await ForwardAsync(context, HttpMethod.Get, context.Request.Path + context.Request.QueryString, "");
            return;
        }

        int page = int.TryParse(context.Request.Query["Marker"], out int marker) ? marker : 0;
        string next = page + 1 < Functions.Length ? $", \"NextMarker\": \"{page + 1}\"" : "";
        await context.Response.WriteAsync($$"""{"Functions": [{"FunctionName": "{{Functions[page]}}"}]{{next}}}""");
    }

    private async Task InvokeAsync(HttpContext context, string name)
    {
        using var body = new StreamReader(context.Request.Body);
        string text = await body.ReadToEndAsync();
        lock (Events)
        {
            Events.Add(text);
        }

        if (Broken is not null)
        {
            await Broken(context);
            return;
        }

        string known = Functions?.Contains(name) == true ? Function : name; // serve itself has one CA
        await ForwardAsync(context, HttpMethod.Post, $"/2015-03-31/functions/{known}/invocations", text);
    }

    private async Task ForwardAsync(HttpContext context, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, $"{serve.Url}{path}");
        request.Content = method == HttpMethod.Post ? new StringContent(body, Encoding.UTF8, "application/json") : null;
        using HttpResponseMessage answer = await http.SendAsync(request);
        if (method == HttpMethod.Post && AfterIssue is not null && !await AfterIssue(context))
        {
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Headers.TryGetValues(FunctionError, out IEnumerable<string>? error))
        {
            context.Response.Headers[FunctionError] = error.ToArray();
        }

        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
    }
}
