using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;

namespace ServerlessCA.Cli.Agent;

/// <summary>Keeps one certificate fresh: it renews in time, tries again after failures, and notifies the application. All
/// state that matters is on the disk, so the agent may be killed anywhere and started again.</summary>
internal sealed class CertificateAgent(
    WantedCertificate wanted, Renewer renewer, AgentFolder own, VersionedFolder files, Announcement announcement,
    AgentStatus status, AgentJournal journal, TimeProvider clock)
{
    // Our decision: the clock is read at least so often, since it may be set, and timers stand still while a machine sleeps.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AnnounceAgain = TimeSpan.FromSeconds(30); // our decision

    private readonly RenewalState state = new(Environment.MachineName + files.Path);
    private Certificate? held;
    private DateTimeOffset announceAt = DateTimeOffset.MinValue;

    /// <summary>Renews until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Begin();
        while (true)
        {
            NoticeLoss();
            await AnnounceAsync(cancellation);
            DateTimeOffset now = clock.GetUtcNow();
            DateTimeOffset next = state.Next(now);
            status.Beat(held, SendsNotification, next);
            if (next <= now)
            {
                await TryAsync(cancellation);
            }
            else
            {
                await SleepAsync(next - now, cancellation);
            }
        }
    }

    /// <summary>Renews until a certificate that is not due is in place and the application has been notified.</summary>
    /// <param name="timeout">How long to try while the CA cannot be reached.</param>
    /// <param name="cancellation">Stops the agent.</param>
    /// <exception cref="CommandFault">The CA refuses, or the timeout is over.</exception>
    public async Task RunOnceAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        Begin();
        long start = clock.GetTimestamp();
        while (state.Next(clock.GetUtcNow()) is var next && (state.Failures > 0 || next <= clock.GetUtcNow()))
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (next > now)
            {
                await SleepAsync(next - now, cancellation);
            }
            else if (await TryAsync(cancellation) is Attempt.Failed failed && IsOver(failed, timeout - clock.GetElapsedTime(start)))
            {
                throw failed.ExitCode switch
                {
                    ExitCode.Refused => CommandFault.Refused(failed.Message, failed.Hint),
                    ExitCode.Usage => CommandFault.Usage(failed.Message, failed.Hint),
                    _ => CommandFault.Fault(failed.Message, failed.Hint),
                };
            }
        }

        await AnnounceAsync(cancellation);
        if (!SendsNotification)
        {
            throw CommandFault.Fault("the application could not be told of the new files", "see above");
        }
    }

    private bool SendsNotification => announcement.IsNothing ? files.Current is not null : files.Current is { } current && own.Announced == current;

    private bool IsOver(Attempt.Failed failed, TimeSpan left) =>
        failed.ExitCode != ExitCode.Fault || state.Next(clock.GetUtcNow()) - clock.GetUtcNow() > left;

    private void Begin()
    {
        files.Prepare(wanted.Files.Names);
        held = renewer.Held();
        if (held is not null)
        {
            DateTimeOffset due = RenewalSchedule.DueAt(held, wanted.RenewEvery);
            state.Hold(due);
            journal.Holds(held, due);
        }
    }

    // Covers a folder that somebody emptied.
    private void NoticeLoss()
    {
        if (held is not null && files.Current is null)
        {
            held = null;
            state.Hold(DateTimeOffset.MinValue);
            journal.Warning($"the files in '{files.Path}' are gone: they are made anew");
        }
    }

    private async Task<Attempt> TryAsync(CancellationToken cancellation)
    {
        Attempt attempt = await renewer.RunAsync(cancellation);
        switch (attempt)
        {
            case Attempt.Renewed renewed:
                held = renewed.Certificate;
                DateTimeOffset due = RenewalSchedule.DueAt(held, wanted.RenewEvery);
                state.Hold(due);
                status.Renewed();
                renewed.Warnings.ToList().ForEach(journal.Warning);
                journal.Renewed(held, due);
                announceAt = DateTimeOffset.MinValue;
                DeleteOld();
                break;
            case Attempt.Failed failed:
                state.Fail(clock.GetUtcNow());
                status.Failed(failed.Kind);
                journal.Failed(failed, state.Next(clock.GetUtcNow()) - clock.GetUtcNow());
                break;
        }

        return attempt;
    }

    private void DeleteOld()
    {
        try
        {
            files.DeleteOld();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            journal.Warning($"old files stay for now: {fault.Message}");
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool isEarly = announceAt > now && announceAt - now <= AnnounceAgain; // else the clock was set back
        if (SendsNotification || isEarly || files.Current is not { } current)
        {
            return;
        }

        if ((await announcement.RunAsync(cancellation) ?? Note(current)) is { } why)
        {
            status.NotAnnounced();
            journal.NotAnnounced(why);
            announceAt = BoundedTime.After(now, AnnounceAgain);
            return;
        }

        journal.Announced();
    }

    // If it cannot be recorded, as on a full disk, the application is notified again.
    private string? Note(int number)
    {
        try
        {
            own.Announced = number;
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be noted that the application was told: {fault.Message}";
        }
    }

    // Rounded up: Task.Delay drops fractions of a millisecond, and the loop would spin for the rest.
    private Task SleepAsync(TimeSpan wanted, CancellationToken cancellation) => Task.Delay(
        wanted < LongestSleep ? TimeSpan.FromMilliseconds(Math.Ceiling(wanted.TotalMilliseconds)) : LongestSleep, clock, cancellation);
}

/// <summary>Decides when the next attempt is due: by the certificate's schedule, or after a failure by the backoff. The
/// current time is passed to each call, since the clock may jump either way.</summary>
internal sealed class RenewalState(string caller)
{
    private DateTimeOffset due = DateTimeOffset.MinValue;
    private DateTimeOffset retry;

    /// <summary>The number of failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>Records that a certificate is in place.</summary>
    /// <param name="dueAt">When the certificate is to be renewed.</param>
    public void Hold(DateTimeOffset dueAt)
    {
        due = dueAt;
        Failures = 0;
    }

    /// <summary>Records that an attempt failed.</summary>
    public void Fail(DateTimeOffset now)
    {
        Failures++;
        retry = BoundedTime.After(now, RetryDelay.After(Failures, caller));
    }

    /// <summary>Returns the time of the next attempt; one in the past means now. An agent never gives up, so there always is
    /// one.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        if (Failures == 0)
        {
            return due;
        }

        // Later than any backoff could be: the clock was set back.
        bool clockJumped = retry - now > RetryDelay.Longest;
        return clockJumped ? now : retry;
    }
}
