using ServerlessCA.Cli.Agent;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Tests.Agent;

public sealed class RenewerTests
{
    [Fact]
    public async Task Somebody_elses_time_limit_is_a_failure_and_no_reason_to_stop()
    {
        Attempt attempt = await RunAsync(_ => throw new TaskCanceledException("the credentials did not come in time"), CancellationToken.None);

        Assert.Equal(new Attempt.Failed("failed", "the credentials did not come in time", null, ExitCode.Fault), attempt);
    }

    [Fact]
    public async Task Stopped_it_stops()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(cancellation => throw new OperationCanceledException(cancellation), stop.Token));
    }

    private static async Task<Attempt> RunAsync(Func<CancellationToken, Task<IAuthority>> open, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var files = new VersionedFolder(folder.At("certs"), Ownership.OfAgent, sets: 3);
        using AgentFolder own = AgentFolder.Open(files.Path, Ownership.OfAgent);
        var set = new CertificateFileSet("a", new FileForms(Der: false, Pkcs12: false));
        var wanted = new WantedCertificate(new(), DistinguishedName.Of([]), SubjectKeyType.Of(SubjectKeyType.Default), null, set, null);
        return await new Renewer(wanted, open, own, files, TimeProvider.System).RunAsync(cancellation);
    }
}
