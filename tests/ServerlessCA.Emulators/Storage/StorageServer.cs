namespace ServerlessCA.Emulators.Storage;

/// <summary>Runs SNS, SQS and S3 with fauxqs, S3 behind an <see cref="S3Front"/>. fauxqs delivers a message with
/// <c>MessageStructure=json</c> as the whole JSON; the real SNS delivers the value of <c>default</c>.</summary>
public sealed class StorageServer : IAsyncDisposable
{
    private readonly NodeProgram fauxqs;

    private StorageServer(NodeProgram fauxqs, S3Front s3)
    {
        this.fauxqs = fauxqs;
        S3 = s3;
    }

    /// <summary>S3, with conditional writes.</summary>
    public S3Front S3 { get; }

    /// <summary>The address of SNS and SQS.</summary>
    public Uri Address => fauxqs.Address;

    /// <summary>Starts the services; skips the running test if the emulators are not installed.</summary>
    public static async Task<StorageServer> StartAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        NodeProgram fauxqs = await NodeProgram.StartAsync(
            "node_modules/fauxqs/dist/server.js",
            new Dictionary<string, string> { ["FAUXQS_PORT"] = "{port}", ["FAUXQS_DEFAULT_REGION"] = "eu-west-2" });
        return new StorageServer(fauxqs, await S3Front.StartAsync(fauxqs.Address));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await S3.DisposeAsync();
        await fauxqs.DisposeAsync();
    }
}
