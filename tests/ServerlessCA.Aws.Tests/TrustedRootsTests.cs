using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests;

/// <summary>Checks <c>AWS_CA_BUNDLE</c> with a server whose certificate is not trusted otherwise.</summary>
public sealed class TrustedRootsTests
{
    private const string Variable = "AWS_CA_BUNDLE";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_is_trusted_by_the_bundle_and_not_without_it()
    {
        using X509Certificate2 certificate = SelfSigned();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using WebApplication server = builder.Build();
        server.Run(context => context.Response.WriteAsync("{}"));
        await server.StartAsync(Cancellation);
        var address = new Uri(server.Urls.Single());
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancellation);
        try
        {
            await AskAsync(address, file);
            AwsCallException error = await Assert.ThrowsAsync<AwsCallException>(() => AskAsync(address, bundle: null));

            Assert.False(error.MayHaveWorked);
            Assert.Contains($"127.0.0.1 cannot be reached: no CA that this machine trusts has signed its certificate; where a proxy ends TLS, name the file of its CA: {Variable}", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(null, "cannot be read: ")]
    [InlineData("no certificate", "has no certificates.")]
    public async Task A_bundle_that_is_none_is_reported_with_its_variable(string? content, string message)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, Cancellation);
        }

        SessionUnusableException error = Assert.Throws<SessionUnusableException>(() => TrustedRoots.Of(name => name == Variable ? file : null));

        Assert.StartsWith($"{Variable} '{file}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static async Task AskAsync(Uri address, string? bundle)
    {
        using var session = new AwsSession(TestSession.Settings(address) with
        {
            Variable = name => name switch { "AWS_ENDPOINT_URL" => address.ToString(), Variable => bundle, _ => null },
            Retry = new AwsRetryPolicy { Attempts = 1 },
        });
        using SignedHttp http = session.Http(AwsService.Lambda);
        await http.SendAsync(SignedCall.Json("a.B", "{}"u8.ToArray()), Cancellation);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=of the test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
