using System.Runtime.CompilerServices;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Smoke;

/// <summary>The port to a CA that a smoke test tries, wherever it is.</summary>
internal interface ISmokeCa : IDisposable
{
    /// <summary>The CA as clients see it.</summary>
    IAuthority Authority { get; }

    /// <summary>Says where the published files are, for messages.</summary>
    string Place { get; }

    /// <summary>Reads the CRLs that are published, of any CA, where certificates name no address.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> CrlsAsync(CancellationToken cancellation);

    /// <summary>Revokes the test certificate and has the CRL published.</summary>
    Task RevokeAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation);
}

/// <summary>Tries a CA in a folder.</summary>
/// <param name="ca">The CA, which is disposed of with this.</param>
/// <param name="clock">The time.</param>
internal sealed class LocalSmokeCa(LocalAuthority ca, TimeProvider clock) : ISmokeCa
{
    /// <inheritdoc/>
    public IAuthority Authority => ca;

    /// <inheritdoc/>
    public string Place => ca.Folder.External;

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> CrlsAsync(CancellationToken cancellation) => PublishedCrls.ReadAsync(ca.Deployment(), cancellation);

    /// <inheritdoc/>
    public Task RevokeAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Revoking.RunAsync(new LedgerRevocation(ca, clock), commonName, serialNumber, cancellation);

    /// <inheritdoc/>
    public void Dispose() => ca.Dispose();
}

/// <summary>Tries a CA behind HTTP.</summary>
/// <param name="authority">The CA's function that issues; disposed of with this.</param>
/// <param name="api">The calls of the API; disposed of with this.</param>
/// <param name="site">The published files; disposed of with this.</param>
/// <param name="address">The address of the CA.</param>
/// <param name="clock">The time.</param>
internal sealed class ServedSmokeCa(IAuthority authority, ServedApi api, PublishedSite site, Uri address, TimeProvider clock) : ISmokeCa
{
    /// <inheritdoc/>
    public IAuthority Authority => authority;

    /// <inheritdoc/>
    public string Place => address.ToString();

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> CrlsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (byte[] content in site.ReadAllAsync(CaNames.CrlFile(""), cancellation))
        {
            yield return content;
        }
    }

    /// <inheritdoc/>
    public Task RevokeAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation) =>
        Revoking.RunAsync(new ServedRevocation(api, clock), commonName, serialNumber, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        authority.Dispose();
        api.Dispose();
        site.Dispose();
    }
}

/// <summary>Tries a CA on AWS: it marks the row in the table as the pipeline does, then calls the function that publishes the
/// CRL.</summary>
/// <param name="ca">The session; disposed of with the authority.</param>
/// <param name="authority">The function that issues; disposed of with this.</param>
/// <param name="deployment">The stores.</param>
internal sealed class CloudSmokeCa(CloudCa ca, IAuthority authority, Deployment deployment) : ISmokeCa
{
    /// <inheritdoc/>
    public IAuthority Authority => authority;

    /// <inheritdoc/>
    public string Place => "the bucket of published files";

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> CrlsAsync(CancellationToken cancellation) => PublishedCrls.ReadAsync(deployment, cancellation);

    /// <inheritdoc/>
    public async Task RevokeAsync(string commonName, SerialNumber serialNumber, CancellationToken cancellation)
    {
        RevokeOutcome outcome = await new RevokeCertificate(deployment with { Actor = new Actor("smoke") })
            .RunAsync(new RowId(commonName, serialNumber), RevocationReason.CessationOfOperation, cancellation);
        if (outcome == RevokeOutcome.NotFound)
        {
            throw new SmokeFault($"the table has no row of '{commonName}', serial number {serialNumber}");
        }

        using SignedHttp http = ca.Session.Http(AwsService.Lambda);
        string function = ca.Names.Function(CaFunction.IssuingCaCrl);
        InvokeResult answer = await new LambdaClient(http).InvokeAsync(function, "{}"u8.ToArray(), new InvokeOptions { IsRepeatable = true }, cancellation);
        if (answer.FunctionError is not null)
        {
            throw CloudFault.OfFunction(function, answer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => authority.Dispose();
}

/// <summary>Revokes by the port that <c>revoke</c> uses.</summary>
internal static class Revoking
{
    /// <summary>Finds the row and revokes it.</summary>
    public static async Task RunAsync(IRevokingCa ca, string commonName, SerialNumber serialNumber, CancellationToken cancellation)
    {
        CertificateRecord row = await ca.Records.FindAsync(commonName, new SerialReading(serialNumber, null), cancellation)
            ?? throw new SmokeFault($"the ledger has no row of '{commonName}', serial number {serialNumber}");
        await ca.RevokeAsync(row, RevocationReason.CessationOfOperation, cancellation);
        await ca.SendEventsAsync(cancellation);
    }
}

/// <summary>Reads the CRL of the issuing CA from the stores of a deployment.</summary>
internal static class PublishedCrls
{
    /// <summary>Reads it, if it is there.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Deployment ca, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await ca.PublishedFiles.ReadAsync(CaNames.CrlFile(ca.Settings.Names.IssuingCa), cancellation) is { } file)
        {
            yield return file.Content;
        }
    }
}
