namespace ServerlessCA.Emulators;

/// <summary>DynamoDB as the tests need it: dynalite with transactions. One process serves all tests of an assembly, which
/// keep apart by the names of their tables; it ends with the test process.</summary>
public static class DynamoDbEmulator
{
    private static readonly Lazy<Task<NodeProgram>> Shared = new(StartAsync);

    /// <summary>Where it listens, after starting it if need be. Skips the running test where it is not installed.</summary>
    public static async Task<Uri> AddressAsync()
    {
        NodeProgram.SkipUnlessInstalled();
        return (await Shared.Value).Address;
    }

    private static async Task<NodeProgram> StartAsync()
    {
        NodeProgram program = await NodeProgram.StartAsync("dynamodb.cjs");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => program.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return program;
    }
}
