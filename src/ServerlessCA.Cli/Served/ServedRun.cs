using ServerlessCA.Core.Api;

namespace ServerlessCA.Cli.Served;

/// <summary>Runs the pipeline of a CA behind HTTP.</summary>
internal static class ServedRun
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromHours(1); // our decision: thousands of entries, with slow keys

    /// <summary>Runs it once, and waits until it ends. A run that nobody waits for any more goes on.</summary>
    public static async Task<RunResult> RunAsync(ServedApi api, CancellationToken cancellation)
    {
        RunResult done = await api.PostAsync("run", "{}"u8.ToArray(), AnswerTimeout, RunDocument.Read, cancellation);
        return done with { Location = done.Location ?? api.Address.ToString() };
    }
}
