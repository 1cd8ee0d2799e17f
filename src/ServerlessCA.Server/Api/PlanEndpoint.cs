using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Api;

/// <summary>Plans what a request, or the files of a GitOps folder, would come to. It changes nothing. Plans are made one at a time,
/// as each may read much of the ledger.</summary>
internal sealed class PlanEndpoint(Deployment ca, ILogger log) : IAsyncDisposable
{
    private const int MaxBody = OperationResult.MaxBytes; // our decision: as for an event, thousands of entries with their CSRs
    private const int MaxWaiting = 20; // our decision: further callers shall come again
    private const string LogName = "plan";

    private readonly SemaphoreSlim turn = new(1);
    private int waiting;

    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Post, "/plan", ApiCall.Plan, AnswerAsync) { MaxBody = MaxBody };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return ApiRefusal.Busy("Too many plans wait.").ToReply();
        }

        try
        {
            await turn.WaitAsync(request.Cancellation);
            try
            {
                return await PlanAsync(request);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    // The body, too, is read in turn: a document of many small values takes many times its bytes.
    private async Task<ApiReply> PlanAsync(ApiRequest request)
    {
        if (!PlannedFiles.TryRead(request.Body, out PlannedFiles? files, out ApiRefusal? broken))
        {
            return broken.ToReply();
        }

        Plan plan = await new PlanRun(ca with { InternalFiles = files }, ca.Keys) { Targets = files.Targets }.RunAsync(request.Cancellation);
        log.Called(request.Id, request.Caller!.Caller.Name, request.Caller.Caller.SerialNumber, LogName, "done", null, null);
        return ApiReply.Json(writer => PlanDocument.Write(writer, files.HasEntries ? plan : plan with { Vanished = VanishedEntries.None }, show: true));
    }
}

/// <summary>Holds the files that a caller wants to have planned, in memory. Immutable.</summary>
internal sealed class PlannedFiles : IInternalFiles
{
    private const string Request = "Request";
    private const string Tls = "Tls";
    private const string Csrs = "Csrs";
    private const string TargetNames = "Targets";
    private const int MaxElements = 10_000; // of a list, our decision: what a plan holds of each takes many times its bytes

    // The lists, by the members that have them.
    private static readonly Dictionary<string, string> Lists = new(StringComparer.Ordinal)
    {
        [Tls] = GitOpsEntries.FileKey, ["Revoked"] = RevocationEntries.IssuingFileKey, ["RevokedRootCa"] = RevocationEntries.RootFileKey,
    };

    private readonly Dictionary<string, StoredFile> files = new(StringComparer.Ordinal);

    private PlannedFiles()
    {
    }

    /// <inheritdoc/>
    public string Location => "the request";

    /// <summary>Whether they hold the whole list of entries, so that what it lacks has vanished.</summary>
    public bool HasEntries { get; private set; }

    /// <summary>Where certificates have to work, besides what the CA's settings say.</summary>
    public IReadOnlyList<LintTarget> Targets { get; private set; } = [];

    /// <summary>Reads the body of a call.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PlannedFiles? files,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ApiRefusal? fault)
    {
        files = new PlannedFiles();
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            fault = files.Add(document.RootElement);
        }
        catch (JsonException broken)
        {
            fault = ApiRefusal.BadBody(utf8.IsEmpty ? "The body is empty." : $"The body is not JSON: {JsonFaults.Place(broken)}", HowTo);
        }

        catch (InvalidOperationException)
        {
            fault = ApiRefusal.BadBody(ApiBody.HalfCharacter);
        }

        files = fault is null ? files : null;
        return files is not null;
    }

    /// <inheritdoc/>
    public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => Task.FromResult(files.GetValueOrDefault(key));

    private static string HowTo => $"Send {{\"{Request}\": …}}, or {string.Join(", ", Lists.Keys)} and {Csrs}; and {TargetNames}, if you like.";

    private ApiRefusal? Add(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.EnumerateObject().Any())
        {
            return ApiRefusal.BadBody("The body is not a JSON object with something to plan.", HowTo);
        }

        bool isRequest = body.TryGetProperty(Request, out _);
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (Add(member, isRequest) is { } wrong)
            {
                return wrong;
            }
        }

        files.TryAdd(GitOpsEntries.FileKey, FileOf("[]"));
        return null;
    }

    private ApiRefusal? Add(JsonProperty member, bool isRequest)
    {
        if (member.Name == TargetNames)
        {
            return AddTargets(member.Value);
        }

        if (member.Name == Request)
        {
            return member.Value.ValueKind != JsonValueKind.Object ? ApiRefusal.BadBody($"The member '{Request}' is not an object.", HowTo)
                : Put(member.Name, GitOpsEntries.FileKey, $"[{member.Value.GetRawText()}]");
        }

        if (isRequest || (member.Name != Csrs && !Lists.ContainsKey(member.Name)))
        {
            return ApiRefusal.BadBody("The body has a member that this call does not take, or not beside the others.", HowTo);
        }

        if (member.Name == Csrs)
        {
            return AddCsrs(member.Value);
        }

        HasEntries |= member.Name == Tls;
        return member.Value.ValueKind switch
        {
            JsonValueKind.Array => PutList(member.Name, member.Value.GetRawText()),
            JsonValueKind.String => PutList(member.Name, member.Value.GetString()!), // the file as it is: so its lines count, and its faults
            _ => ApiRefusal.BadBody($"The member '{member.Name}' is neither a list nor the text of one.", HowTo),
        };
    }

    private ApiRefusal? PutList(string member, string text) =>
        JsonLines.Of(Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'))).Count > MaxElements
            ? ApiRefusal.BadBody(string.Create(CultureInfo.InvariantCulture, $"The member '{member}' has more than {MaxElements} elements."), "Plan them in parts, or on the machine of the CA.")
            : Put(member, Lists[member], text);

    private ApiRefusal? AddTargets(JsonElement names)
    {
        LintTarget?[] known = names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? LintTargets.Find(name.GetString()!) : null)]
            : [null];
        Targets = [.. known.OfType<LintTarget>()];
        return Targets.Count == known.Length ? null
            : ApiRefusal.BadBody($"The member '{TargetNames}' is not a list of targets.", $"They are {string.Join(", ", LintTargets.Names)}.");
    }

    private ApiRefusal? AddCsrs(JsonElement csrs)
    {
        if (csrs.ValueKind != JsonValueKind.Object || csrs.EnumerateObject().Any(file => file.Value.ValueKind != JsonValueKind.String))
        {
            return ApiRefusal.BadBody($"The member '{Csrs}' is not an object whose members are texts.", "Give the PEM of each file by its name.");
        }

        return csrs.EnumerateObject().Select(file => Put(Csrs, GitOpsEntries.CsrKey(file.Name), file.Value.GetString()!)).FirstOrDefault(wrong => wrong is not null);
    }

    private ApiRefusal? Put(string member, string key, string text) =>
        files.TryAdd(key, FileOf(text)) ? null : ApiRefusal.BadBody($"The member '{member}' has the same thing twice.");

    private static StoredFile FileOf(string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        return new StoredFile(content, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
