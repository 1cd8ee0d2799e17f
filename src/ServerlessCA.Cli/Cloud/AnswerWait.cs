using System.Globalization;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;

namespace ServerlessCA.Cli.Cloud;

/// <summary>How long the function that issues may take to answer: as long as its configuration says, which is asked for
/// only where an answer is long in coming, or, where that may not be read, as long as any function.</summary>
/// <param name="ca">Whose function.</param>
/// <param name="terminal">Where a person sees why nothing happens.</param>
internal sealed class AnswerWait(CloudCa ca, Terminal terminal)
{
    /// <summary>Until the configuration is asked for (our decision: hardly any answer takes so long).</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(10); // beside the function's own time; our decision

    /// <summary>As long as one attempt may take, whatever the function.</summary>
    public static readonly TimeSpan Longest = LambdaClient.LongestRun + OnTheWay;

    private Task<TimeSpan>? found;

    /// <summary>How long to wait in all.</summary>
    public Task<TimeSpan> FindAsync(CancellationToken cancellation)
    {
        if (found is null or { IsCompletedSuccessfully: false, IsCompleted: true })
        {
            found = AskAsync(cancellation);
        }

        return found;
    }

    private async Task<TimeSpan> AskAsync(CancellationToken cancellation)
    {
        TimeSpan whole = OnTheWay + await TimeoutAsync(cancellation);
        terminal.Waiting(string.Create(
            CultureInfo.InvariantCulture, $"waiting for '{ca.IssuerName}', which may take {whole.TotalSeconds:0} s"));
        return whole;
    }

    private async Task<TimeSpan> TimeoutAsync(CancellationToken cancellation)
    {
        try
        {
            return await ca.IssuerAsync(cancellation) is { TimeoutSeconds: > 0 } known ? TimeSpan.FromSeconds(known.TimeoutSeconds) : LambdaClient.LongestRun;
        }
        catch (AwsCallException)
        {
            return LambdaClient.LongestRun; // whoever may invoke it need not be allowed to look at it
        }
    }
}
