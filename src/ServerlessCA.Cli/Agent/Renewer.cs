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
        bool isWanted = TextOf(WantedCertificate.RequestedName) == wanted.Digest;
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

/// <summary>How an attempt to get a certificate ended: a closed set of cases. Immutable.</summary>
internal abstract record Attempt
{
    /// <summary>New files are in place.</summary>
    /// <param name="Certificate">The certificate.</param>
    /// <param name="Warnings">What the CA left out or cut.</param>
    internal sealed record Renewed(Certificate Certificate, IReadOnlyList<string> Warnings) : Attempt;

    /// <summary>Nothing changed.</summary>
    /// <param name="Kind">In one word, for metrics.</param>
    /// <param name="Message">What was wrong.</param>
    /// <param name="Hint">What to do.</param>
    /// <param name="ExitCode">Of <c>--once</c>.</param>
    internal sealed record Failed(string Kind, string Message, string? Hint, int ExitCode) : Attempt;
}

/// <summary>What an agent keeps: which certificate, under which names, in which forms. Immutable.</summary>
/// <param name="Request">The request without CSR and token.</param>
/// <param name="Subject">Of the CSRs.</param>
/// <param name="KeyType">Of the keys.</param>
/// <param name="Passphrase">Of the key files; null: none.</param>
/// <param name="Files">The files.</param>
/// <param name="RenewEvery">Renew so long after the issue at the latest; null: by its life alone.</param>
internal sealed record WantedCertificate(
    CertificateRequest Request, DistinguishedName Subject, SubjectKeyType KeyType, string? Passphrase, CertificateFileSet Files, TimeSpan? RenewEvery)
{
    /// <summary>The name of the file, in each set, that says what was asked for.</summary>
    public const string RequestedName = ".asked";

    /// <summary>Changes when something else is wanted: another request, another kind of key, other files.</summary>
    public string Digest => PendingRequest.DigestOf(Identity);

    /// <summary>A new key and its request.</summary>
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

/// <summary>A request whose outcome is not known yet, with its key: asked again as it is, its <c>idempotency_token</c>
/// makes the CA answer the certificate that it may have issued before (contract 12.13). Immutable.</summary>
/// <param name="Requested">What was asked, without CSR and token: a digest.</param>
/// <param name="Made">When, UTC.</param>
/// <param name="Request">What the CA is asked.</param>
/// <param name="Key">The key as it will be written.</param>
internal sealed record PendingRequest(string Requested, DateTimeOffset Made, CertificateRequest Request, KeyMaterial Key)
{
    // The CA forgets tokens after 24 hours (contract 12.13); a new key is no loss, a refused old one costs a wait.
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(20);

    /// <summary>A digest of what is wanted.</summary>
    public static string DigestOf(JsonObject wanted) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted.ToJsonString())));

    /// <summary>A new one.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="csrPem">For the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    public static PendingRequest Of(WantedCertificate wanted, string csrPem, KeyMaterial key, DateTimeOffset now)
    {
        CertificateRequest request = wanted.Request with
        {
            Csr = new CsrSource.PemText(csrPem),
            // CSRs differ, and so do tokens made of them.
            IdempotencyToken = $"agent-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(csrPem)))}",
        };
        return new PendingRequest(wanted.Digest, now, request, key);
    }

    /// <summary>Reads one that was kept; null when it is damaged, too old, or something else was asked.</summary>
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

    /// <summary>As it is kept: for the agent's eyes only.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(new JsonObject
    {
        [nameof(Requested)] = Requested,
        [nameof(Made)] = Made,
        [nameof(Request)] = Encoding.UTF8.GetString(RequestWriter.Write(Request)),
        [nameof(Key)] = Encoding.ASCII.GetString(Key.Pem),
    }.ToJsonString());
}
