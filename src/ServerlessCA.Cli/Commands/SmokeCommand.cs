using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Smoke;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>smoke</c>, which uses a CA once as its clients do.</summary>
internal sealed class SmokeCommand
{
    /// <summary>The name of test certificates: the domain exists nowhere (RFC 6761 §6.4).</summary>
    public const string DefaultName = "smoke-test.serverless-ca.invalid";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(5); // our decision: a certificate that is being issued is revoked first

    private const int MaxWait = 3600; // seconds, our decision: no cache holds a CRL for longer

    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;

    private readonly Option<string> name = new("--common-name")
    {
        HelpName = "NAME",
        Description = $"The name of the test certificate (default {DefaultName})",
        DefaultValueFactory = _ => DefaultName,
    };

    private readonly Option<int> wait = new("--wait")
    {
        HelpName = "SECONDS",
        Description = "How long to wait for the CRL that lists it, which caches may hold back (default 120)",
        DefaultValueFactory = _ => 120,
    };

    private SmokeCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var smoke = new SmokeCommand(here, globals);
        var command = new DocumentedCommand("smoke", "Try a CA: issue, verify and revoke a certificate of one day")
        {
            StopTimeout = StopTimeout,
            Explanation = "Gets the CA chain and a certificate of one day, verifies it here and, where it is installed, with openssl, "
                + "downloads the CRL from where the certificate says, or reads the published one where it says nothing, revokes the certificate, and expects it on the next CRL. "
                + "The exit code is 5 when a step failed, else 0. The key never touches the disk, and nobody is notified of the issue; the revocation is announced like any other. "
                + "What stays is named at the end: the certificate's row, and for a day its entry on the CRL. "
                + "On AWS it needs the rights to invoke two functions and to write to both tables.",
            Examples =
            [
                new("serverless-ca smoke", "Tries the CA in ./.serverless-ca."),
                new("serverless-ca smoke --ca aws://serverless/dev --output json", "Tries a CA on AWS after a deployment, in a pipeline."),
                new("serverless-ca smoke --ca https://ca.example.com:8443 --ca-file ca-root.pem --token-file ca-token", "Tries a served CA; the token is that of operators."),
            ],
        };
        command.Group("The test", smoke.name, smoke.wait);
        smoke.access.AddTo(command);
        command.SetAction(smoke.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(wait) is < 0 or > MaxWait)
        {
            throw CommandFault.Usage($"{wait.Name} must be from 0 to {MaxWait} seconds", null);
        }

        switch (globals.LocationOf(parsed))
        {
            case Location.Aws aws:
                return await CloudCa.UseAsync(
                    aws,
                    here,
                    async ca =>
                    {
                        // The authority and its session live as long as the work.
                        using var tried = new CloudSmokeCa(ca, new CloudAuthority(ca, new RandomSerialSource(), here.Terminal), await new CloudDeployment(ca, here.Clock).ReadAsync(cancellation));
                        return await RunAsync(parsed, tried, cancellation);
                    },
                    cancellation);
            case Location.Served served:
                using (var tried = new ServedSmokeCa(
                    await access.OpenAsync(parsed, cancellation), access.OpenApi(parsed, served),
                    new PublishedSite(served.Address, access.AccessOf(parsed).Tls()), served.Address, here.Clock))
                {
                    return await RunAsync(parsed, tried, cancellation);
                }

            default:
                using (var tried = new LocalSmokeCa(await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation), here.Clock))
                {
                    return await RunAsync(parsed, tried, cancellation);
                }
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, ISmokeCa ca, CancellationToken cancellation)
    {
        IPublicDownload download = here.PublicDownload();
        using var used = download as IDisposable;
        SmokeReport report = await new SmokeTest(
            ca, parsed.GetRequiredValue(name), SubjectKeyType.Default, download, TimeSpan.FromSeconds(parsed.GetValue(wait)), here.Clock).RunAsync(cancellation);
        report.Write(here.Terminal, globals.IsJson(parsed));
        return report.Passed ? ExitCode.Done : ExitCode.Unhealthy;
    }
}
