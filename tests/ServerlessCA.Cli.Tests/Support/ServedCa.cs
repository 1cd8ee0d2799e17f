using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>A local CA behind the Lambda Invoke API on loopback, in a web server that the test can break.</summary>
public sealed class ServedCa : IAsyncDisposable
{
    private readonly WebApplication app;

    private ServedCa(WebApplication app) => this.app = app;

    /// <summary>Such as <c>http://127.0.0.1:40001</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>Functions that it lists, a page each.</summary>
    public string[] Functions { get; set; } = ["serverless-expiry-dev", "serverless-tls-cert-dev"];

    /// <summary>What callers must send; null: nothing.</summary>
    public string? Token { get; set; }

    /// <summary>Answers instead of the CA; null: the CA answers.</summary>
    public Func<HttpContext, Task>? Broken { get; set; }

    /// <summary>Runs after the CA issued and before it answers.</summary>
    public Func<HttpContext, Task<bool>>? AfterIssue { get; set; }

    /// <summary>Requests that reached the function.</summary>
    public List<string> Events { get; } = [];

    /// <summary>Starts it on the CA of a session.</summary>
    public static async Task<ServedCa> StartAsync(Session session, X509Certificate2? tls = null, X509Certificate2? clients = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = tls;
                    https.ClientCertificateMode = clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable
                        && certificate.Issuer == clients!.Subject;
                });
            }
        }));
        var ca = new ServedCa(builder.Build());
        ca.app.MapGet("/2015-03-31/functions/", ca.ListAsync);
        ca.app.MapPost("/2015-03-31/functions/{name}/invocations", (HttpContext context, string name) => ca.InvokeAsync(session, context, name));
        await ca.app.StartAsync(TestContext.Current.CancellationToken);
        return ca;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>Breaks it: a status and a body.</summary>
    public void Answer(int status, string body, string? functionError = null) => Broken = async context =>
    {
        context.Response.StatusCode = status;
        if (functionError is not null)
        {
            context.Response.Headers["X-Amz-Function-Error"] = functionError;
        }

        await context.Response.WriteAsync(body);
    };

    private async Task ListAsync(HttpContext context)
    {
        if (!await IsAllowedAsync(context))
        {
            return;
        }

        int page = int.TryParse(context.Request.Query["Marker"], out int marker) ? marker : 0;
        string next = page + 1 < Functions.Length ? $", \"NextMarker\": \"{page + 1}\"" : "";
        await context.Response.WriteAsync($$"""{"Functions": [{"FunctionName": "{{Functions[page]}}"}]{{next}}}""");
    }

    private async Task InvokeAsync(Session session, HttpContext context, string name)
    {
        if (!await IsAllowedAsync(context))
        {
            return;
        }

        Assert.Contains(name, Functions);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (Events)
        {
            Events.Add(Encoding.UTF8.GetString(body.ToArray()));
        }

        if (Broken is not null)
        {
            await Broken(context);
            return;
        }

        using LocalCa ca = await LocalCa.OpenAsync(new DataFolder(session.Data), create: false, session.Clock, delivered: null, context.RequestAborted);
        var deployment = new Deployment(ca.Settings.Ca, ca.Keys, ca.Ledger, ca.InternalFiles, ca.PublishedFiles, ca.Notifier, ca.Serials, session.Clock);
        IssueOutcome outcome = await new IssueCertificate(deployment).RunAsync(body.ToArray(), CancellationToken.None);
        if (AfterIssue is null || await AfterIssue(context))
        {
            await context.Response.WriteAsync(outcome.Json);
        }
    }

    private async Task<bool> IsAllowedAsync(HttpContext context)
    {
        if (Token is null || context.Request.Headers.Authorization == $"Bearer {Token}")
        {
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync("""{"Type": "User", "Message": "Credentials are missing"}""");
        return false;
    }
}
