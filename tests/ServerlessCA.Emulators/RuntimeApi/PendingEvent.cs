namespace ServerlessCA.Emulators.RuntimeApi;

/// <summary>An event on its way through a function.</summary>
internal sealed class PendingEvent(string id, ReadOnlyMemory<byte> payload, TimeSpan timeout)
{
    private readonly TaskCompletionSource<FunctionAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public ReadOnlyMemory<byte> Payload => payload;

    public TimeSpan Timeout => timeout;

    public Task<FunctionAnswer> Answer => answer.Task;

    public void Complete(FunctionAnswer with) => answer.TrySetResult(with);
}
