using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;

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
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>The certificate in place, if it is there, in one piece, and what is wanted now.</summary>
    public Certificate? Held()
    {
        byte[]? pem = files.Read(wanted.Files.CertificateName);
        bool isWanted = pem is not null && Encoding.ASCII.GetString(files.Read(WantedCertificate.AskedName) ?? []) == wanted.Digest;
        IEnumerable<Decoding.DecodedBlock> found = isWanted ? Decoding.CertificateDecoder.Decode(pem!) : [];
        return found.FirstOrDefault()?.Certificate;
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
            if (answered is AuthorityAnswer.Refused refused)
            {
                own.DeletePending();
                return new Attempt.Failed("refused", $"the CA refused: {refused.Message}", Refusal.HintOf(refused), ExitCode.Refused);
            }

            return Publish(pending, Answer.Read(answered.Json));
        }
        catch (AuthorityFault fault) when (!cancellation.IsCancellationRequested)
        {
            return new Attempt.Failed(fault.Kind.ToString().ToLowerInvariant(), fault.Message, fault.Hint, ExitCode.Fault);
        }
        catch (CommandFault fault)
        {
            return new Attempt.Failed(fault.ExitCode == ExitCode.Usage ? "usage" : "failed", fault.Message, fault.Hint, fault.ExitCode);
        }
        catch (Exception fault) when (fault is not OperationCanceledException and not AuthorityFault)
        {
            return new Attempt.Failed("failed", fault.Message, null, ExitCode.Fault);
        }
    }

    private PendingRequest Pending()
    {
        if (PendingRequest.Read(own.ReadPending(), wanted, clock.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        PendingRequest made = wanted.NewRequest(clock.GetUtcNow());
        own.WritePending(made.ToBytes());
        return made;
    }

    private Attempt.Renewed Publish(PendingRequest pending, Answer answer)
    {
        try
        {
            AnswerCheck.Check(answer, pending.PublicKey, pending.Request, clock.GetUtcNow());
        }
        catch (CommandFault)
        {
            if ((clock.GetUtcNow() - pending.Made).Duration() > Patience)
            {
                own.DeletePending();
            }

            throw;
        }

        var asked = new FileToWrite("Asked", "", WantedCertificate.AskedName, Encoding.ASCII.GetBytes(wanted.Digest), IsSecret: false);
        files.Publish([.. wanted.Files.Of(answer, pending.Key), asked]);
        own.DeletePending();
        pending.Key.Dispose();
        return new Attempt.Renewed(answer.Certificate, [.. answer.Warnings, .. AnswerCheck.Shortened(answer, pending.Request)]);
    }
}
