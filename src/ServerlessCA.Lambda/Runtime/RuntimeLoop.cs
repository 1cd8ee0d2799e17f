using ServerlessCA.Aws.Http;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Lambda.Logging;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>Receives events one by one, lets the function handle them, and sends the answers. It ends when Lambda says
/// so.</summary>
internal sealed class RuntimeLoop(RuntimeApi api, IFunction function, AfterAnswer afterAnswer, Log log, TimeProvider clock)
{
    private const int MaxBrokenPolls = 5; // in a row; a process that was frozen for hours finds its connection broken once

    // Reserved before the deadline, so that the error report can still be sent.
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until it is stopped.</summary>
    /// <returns>The exit code: 0 when it was stopped, 1 when Lambda or the connection ended it.</returns>
    public async Task<int> RunAsync(CancellationToken stopped)
    {
        int broken = 0;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                Invocation invocation = await api.NextAsync(stopped);
                broken = 0;
                await HandleAsync(invocation);
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                break;
            }
            catch (RuntimeEndedException ended)
            {
                log.Ended(ended.Message);
                return 1;
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                log.ConnectionBroke(fault.GetType().Name, fault.Message);
                if (++broken == MaxBrokenPolls)
                {
                    return 1;
                }
            }
        }

        log.Stopped();
        return 0;
    }

    private async Task HandleAsync(Invocation invocation)
    {
        using IDisposable scope = log.Begin(invocation.RequestId);
        TimeSpan given = invocation.Deadline - clock.GetUtcNow();
        using CancellationTokenSource deadline = Deadline(given);
        await AnswerAsync(invocation, given, deadline.Token);
        await afterAnswer.RunAsync(deadline.Token);
    }

    private async Task AnswerAsync(Invocation invocation, TimeSpan given, CancellationToken deadline)
    {
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await function.HandleAsync(invocation, deadline);
            if (answer.Length > ResponseTooLargeException.MaxBytes)
            {
                throw new ResponseTooLargeException(answer.Length);
            }
        }
        catch (Exception fault) // whatever it is, the caller gets an answer, and the process goes on
        {
            bool late = fault is OperationCanceledException && deadline.IsCancellationRequested;
            await FailAsync(invocation, late ? new DeadlineExceededException(given, fault) : fault);
            return;
        }

        if (!await api.RespondAsync(invocation.RequestId, answer))
        {
            await FailAsync(invocation, new ResponseTooLargeException(answer.Length));
        }
    }

    private async Task FailAsync(Invocation invocation, Exception fault)
    {
        bool expected = Faults.IsFault(fault) || fault is StepFailedException or AwsCallException or UnexpectedEventException or UnknownPolicyException
            or DeadlineExceededException or ResponseTooLargeException;
        log.Failed(fault.GetType().Name, fault.Message, fault.InnerException?.Message, expected ? null : fault.StackTrace);
        await api.FailAsync(invocation.RequestId, FunctionError.Of(fault));
    }

    private CancellationTokenSource Deadline(TimeSpan given)
    {
        TimeSpan time = given - Reserve;
        return time.Duration() > TimeSpan.FromDays(1) ? new CancellationTokenSource() // no real deadline: Lambda has 15 minutes at most
            : time <= TimeSpan.Zero ? new CancellationTokenSource(TimeSpan.Zero, clock)
            : new CancellationTokenSource(time, clock);
    }
}

/// <summary>Handles the events of one function.</summary>
internal interface IFunction
{
    /// <summary>Handles the event of one invocation and returns its answer, both UTF-8 JSON.</summary>
    /// <exception cref="Exception">The function failed: <c>Retry</c> and <c>Catch</c> match the name of the exception's
    /// type.</exception>
    Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation);
}

/// <summary>Runs work that the caller need not wait for, after the answer was sent and before the next event is received, when
/// Lambda may freeze the process. The work must be safe to lose.</summary>
internal sealed class AfterAnswer(Log log)
{
    private readonly Queue<Func<CancellationToken, Task>> work = new();

    /// <summary>Stores work for after the answer.</summary>
    public void Add(Func<CancellationToken, Task> todo)
    {
        lock (work)
        {
            work.Enqueue(todo);
        }
    }

    /// <summary>Runs all stored work; a failure is only logged.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (Next() is { } todo)
        {
            try
            {
                await todo(cancellation);
            }
            catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
            {
                log.LeftForNextRun(fault.GetType().Name, fault.Message);
            }
        }
    }

    private Func<CancellationToken, Task>? Next()
    {
        lock (work)
        {
            return work.TryDequeue(out Func<CancellationToken, Task>? todo) ? todo : null;
        }
    }
}
