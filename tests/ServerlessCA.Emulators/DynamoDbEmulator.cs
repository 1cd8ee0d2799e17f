namespace ServerlessCA.Emulators;

/// <summary>Runs DynamoDB as the tests need it: dynalite with transactions. One process, which ends with the test process,
/// serves all tests of an assembly; they use different names of tables.</summary>
public static class DynamoDbEmulator
{
    private static readonly Lazy<Task<NodeProgram>> Shared = new(StartAsync);

    /// <summary>Returns the address at which it listens, and starts it if necessary. Skips the running test if it is not
    /// installed.</summary>
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
