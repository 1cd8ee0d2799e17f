using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Agent;

/// <summary>Requests a certificate once and puts its files in place. The key is stored before the request is sent, and the
/// same request is sent again until its outcome is known.</summary>
/// <param name="wanted">The certificate to get.</param>
/// <param name="open">Opens the CA; called once for each attempt.</param>
/// <param name="own">The agent's own state.</param>
/// <param name="files">The folder of the files.</param>
/// <param name="clock">The time; it decides how old a stored request may be.</param>
internal sealed class Renewer(
    WantedCertificate wanted, Func<CancellationToken, Task<IAuthority>> open, AgentFolder own, VersionedFolder files, TimeProvider clock)
{
    // Our decision: while an answer does not fit, the same request is sent for so long, then one with a new key.
    private static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    /// <summary>Returns the certificate in place; null when there is none, when its files are incomplete, or when another
    /// certificate is wanted now.</summary>
    public Certificate? Held()
    {
        bool isWanted = TextOf(WantedCertificate.RequestedName) == wanted.Digest;
        bool isWhole = isWanted && wanted.Files.Names.All(name => files.Read(name) is { Length: > 0 }) && CanReadKey();
        return isWhole && CertificateDecoder.Decode(files.Read(wanted.Files.CertificateName)!) is [var first, ..] ? first.Certificate : null;
    }

    /// <summary>Tries once. Whatever goes wrong is returned as an outcome, because an agent never gives up.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the request stays stored.</exception>
    public async Task<Attempt> RunAsync(CancellationToken cancellation)
    {
        try
        {
            using IAuthority ca = await open(cancellation);
            PendingRequest pending = Pending();
            AuthorityAnswer answered = await ca.RequestAsync(pending.Request, cancellation);
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
            // Also the timeout of another service, such as that of credentials: only our own cancellation stops the agent.
            return new Attempt.Failed("failed", fault.Message, null, ExitCode.Fault);
        }
    }

    private string TextOf(string name) => Encoding.ASCII.GetString(files.Read(name) ?? []);

    // With another passphrase than before the key cannot be read.
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
        if (PendingRequest.Read(own.ReadPending(), wanted, clock.GetUtcNow()) is { } stored)
        {
            return stored;
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

        var digest = new FileToWrite("Asked", "", WantedCertificate.RequestedName, Encoding.ASCII.GetBytes(wanted.Digest), IsSecret: false);
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

/// <summary>The outcome of an attempt to get a certificate, which is one of a closed set of cases. Immutable.</summary>
internal abstract record Attempt
{
    /// <summary>The case that new files are in place.</summary>
    internal sealed record Renewed(Certificate Certificate, IReadOnlyList<string> Warnings) : Attempt;

    /// <summary>The case that the attempt failed; the files did not change.</summary>
    /// <param name="Kind">The kind of failure in one word, for metrics.</param>
    /// <param name="Message">What was wrong, for people.</param>
    /// <param name="Hint">What to do about it; null when there is nothing to advise.</param>
    /// <param name="ExitCode">The exit code of <c>--once</c>.</param>
    internal sealed record Failed(string Kind, string Message, string? Hint, int ExitCode) : Attempt;
}

/// <summary>Describes what an agent has to provide: which certificate, in files of which names and forms.
/// Immutable.</summary>
/// <param name="Request">The request, without CSR and token, which are new each time.</param>
/// <param name="Subject">The subject of the CSRs.</param>
/// <param name="KeyType">The kind of key that is made.</param>
/// <param name="Passphrase">The passphrase of the key files; null when they are not encrypted.</param>
/// <param name="Files">The names and forms of the files.</param>
/// <param name="RenewEvery">The longest time from issue to renewal; null when the certificate's life alone decides.</param>
internal sealed record WantedCertificate(
    CertificateRequest Request, DistinguishedName Subject, SubjectKeyType KeyType, string? Passphrase, CertificateFileSet Files, TimeSpan? RenewEvery)
{
    /// <summary>The name of the file in each set that holds the digest of what was requested.</summary>
    public const string RequestedName = ".asked";

    /// <summary>A digest of what is wanted: it changes with the request, the kind of key and the files.</summary>
    public string Digest => PendingRequest.DigestOf(Identity);

    /// <summary>Makes a new key and the request for it.</summary>
    public PendingRequest NewRequest(DateTimeOffset now)
    {
        using SubjectKey key = KeyType.Generate();
        return PendingRequest.Of(this, key.Request(Subject, []), KeyMaterial.Of(key, Passphrase), now);
    }

    private JsonObject Identity => new()
    {
        ["request"] = JsonNode.Parse(RequestWriter.Write(Request)),
        ["key"] = KeyType.Name,
        ["encrypted"] = Passphrase is not null,
        ["files"] = new JsonArray([.. Files.Names.Select(name => (JsonNode)name)]),
    };
}

/// <summary>A request whose outcome is not known yet, with its key. When it is sent again, its <c>idempotency_token</c>
/// makes the CA answer with the certificate that it may have issued before (contract 12.13). Immutable.</summary>
/// <param name="Requested">The digest of the request without CSR and token.</param>
/// <param name="Made">When the request was made, UTC.</param>
/// <param name="Request">The request as it is sent.</param>
/// <param name="Key">The key as its files will hold it.</param>
internal sealed record PendingRequest(string Requested, DateTimeOffset Made, CertificateRequest Request, KeyMaterial Key)
{
    // The CA forgets tokens after 24 hours (contract 12.13). A new key costs nothing; an old one that is refused costs a
    // wait.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(20);

    /// <summary>Computes the digest of what is wanted.</summary>
    public static string DigestOf(JsonObject wanted) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted.ToJsonString())));

    /// <summary>Makes a request that has not been sent yet.</summary>
    public static PendingRequest Of(WantedCertificate wanted, string csrPem, KeyMaterial key, DateTimeOffset now)
    {
        CertificateRequest request = wanted.Request with
        {
            Csr = new CsrSource.PemText(csrPem),
            // Tokens are made of CSRs: each request has its own.
            IdempotencyToken = $"agent-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csrPem)))}",
        };
        return new PendingRequest(wanted.Digest, now, request, key);
    }

    /// <summary>Reads a stored request; null when it is damaged, too old, or not what is wanted now.</summary>
    public static PendingRequest? Read(byte[]? content, WantedCertificate wanted, DateTimeOffset now)
    {
        try
        {
            JsonObject? stored = content is null ? null : JsonNode.Parse(content)?.AsObject();
            bool isWanted = stored is not null && stored[nameof(Requested)]!.GetValue<string>() == wanted.Digest;
            TimeSpan age = isWanted ? now - stored![nameof(Made)]!.GetValue<DateTimeOffset>() : TimeSpan.MaxValue;
            return age.Duration() <= MaxAge && RequestReader.TryParse(
                    Encoding.UTF8.GetBytes(stored![nameof(Request)]!.GetValue<string>()), singleLabels: true, out CertificateRequest? request, out _)
                ? new PendingRequest(
                    stored[nameof(Requested)]!.GetValue<string>(), stored[nameof(Made)]!.GetValue<DateTimeOffset>(), request,
                    KeyMaterial.OfPem(stored[nameof(Key)]!.GetValue<string>(), wanted.Passphrase))
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Writes it in the form in which it is stored, which only the agent may read.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(new JsonObject
    {
        [nameof(Requested)] = Requested,
        [nameof(Made)] = Made,
        [nameof(Request)] = Encoding.UTF8.GetString(RequestWriter.Write(Request)),
        [nameof(Key)] = Encoding.ASCII.GetString(Key.Pem),
    }.ToJsonString());
}
