using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Agent;

/// <summary>One attempt to get a certificate and put its files in place. The key is kept before the CA is asked, and the
/// same request is asked again until its outcome is known.</summary>
/// <param name="wanted">What to get.</param>
/// <param name="open">Opens the CA, anew for each attempt.</param>
/// <param name="own">What the agent keeps.</param>
/// <param name="files">Where the files go.</param>
/// <param name="clock">The time.</param>
internal sealed class Renewer(
    WantedCertificate wanted, Func<CancellationToken, Task<IAuthority>> open, AgentFolder own, VersionedFolder files, TimeProvider clock)
{
    // Our decision: an answer that does not do is asked for again for so long, then with a new key.
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    /// <summary>The certificate in place, if it is there, in one piece, and what is wanted now.</summary>
    public Certificate? Held()
    {
        bool isWanted = TextOf(WantedCertificate.AskedName) == wanted.Digest;
        bool isWhole = isWanted && wanted.Files.Names.All(name => files.Read(name) is { Length: > 0 }) && CanReadKey();
        return isWhole && CertificateDecoder.Decode(files.Read(wanted.Files.CertificateName)!) is [var first, ..] ? first.Certificate : null;
    }

    /// <summary>Tries once. Whatever goes wrong is an outcome: an agent never gives up.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the request is kept.</exception>
    public async Task<Attempt> RunAsync(CancellationToken cancellation)
    {
        try
        {
            using IAuthority ca = await open(cancellation);
            PendingRequest pending = Pending();
            AuthorityAnswer answered = await ca.AskAsync(pending.Request, cancellation);
            if (answered is AuthorityAnswer.Rejected refused)
            {
                own.DeletePending();
                return new Attempt.Failed("refused", $"the CA refused: {refused.Message}", Refusal.HintOf(refused), ExitCode.Refused);
            }

            return Publish(pending, Answer.Read(answered.Json));
        }
        catch (AuthorityFault fault) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(fault.Message, fault, cancellation);
        }
        catch (AuthorityFault fault)
        {
            return new Attempt.Failed(fault.Kind.ToString().ToLowerInvariant(), fault.Message, fault.Hint, ExitCode.Fault);
        }
        catch (CommandFault fault)
        {
            return new Attempt.Failed(fault.ExitCode == ExitCode.Usage ? "usage" : "failed", fault.Message, fault.Hint, fault.ExitCode);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Also somebody's own time limit, such as that of a credentials' service: only we are to be stopped.
            return new Attempt.Failed("failed", fault.Message, null, ExitCode.Fault);
        }
    }

    private string TextOf(string name) => Encoding.ASCII.GetString(files.Read(name) ?? []);

    // Not so with another passphrase than before.
    private bool CanReadKey()
    {
        try
        {
            using KeyMaterial key = KeyMaterial.OfPem(TextOf(wanted.Files.KeyName), wanted.Passphrase);
            return true;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private PendingRequest Pending()
    {
        if (PendingRequest.Read(own.ReadPending(), wanted, clock.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        PendingRequest made = wanted.NewRequest(clock.GetUtcNow());
        Write(() => own.WritePending(made.ToBytes()));
        return made;
    }

    private Attempt.Renewed Publish(PendingRequest pending, Answer answer)
    {
        var requested = RequestedContents.Of(pending.Request);
        try
        {
            AnswerCheck.Check(answer, requested, clock.GetUtcNow());
        }
        catch (CommandFault)
        {
            if ((clock.GetUtcNow() - pending.Made).Duration() > Timeout)
            {
                own.DeletePending();
            }

            throw;
        }

        var digest = new FileToWrite("Asked", "", WantedCertificate.AskedName, Encoding.ASCII.GetBytes(wanted.Digest), IsSecret: false);
        Write(() => files.Publish([.. wanted.Files.Of(answer, pending.Key), digest]));
        own.DeletePending();
        pending.Key.Dispose();
        return new Attempt.Renewed(answer.Certificate, [.. answer.Warnings, .. AnswerCheck.Shortened(answer, pending.Request), .. AnswerCheck.LeftOut(answer, requested)]);
    }

    private void Write(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFault.Fault($"files cannot be written to '{files.Path}': {fault.Message}", "check the disk and who may write there", fault);
        }
    }
}
