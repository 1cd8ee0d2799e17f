using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using Member = ServerlessCA.Core.Api.PlannedFilesDocument;

namespace ServerlessCA.Server.Api;

/// <summary>Holds the files that a caller wants to have planned, in memory. Immutable.</summary>
internal sealed class PlannedFiles : IInternalFiles
{
    private const int MaxElements = 10_000; // of a list, our decision: what a plan holds of each takes many times its bytes

    private readonly Dictionary<string, StoredFile> files = new(StringComparer.Ordinal);

    private PlannedFiles()
    {
    }

    /// <inheritdoc/>
    public string Location => "the request";

    /// <summary>Whether they are what one caller would request, and no list that a run reads.</summary>
    public bool IsRequest { get; private set; }

    /// <summary>Whether they hold the whole list of entries, so that what it lacks has vanished.</summary>
    public bool HasEntries { get; private set; }

    /// <summary>Where certificates have to work, besides what the CA's settings say.</summary>
    public IReadOnlyList<LintTarget> Targets { get; private set; } = [];

    /// <summary>Reads the body of a call.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> utf8,
        [NotNullWhen(true)] out PlannedFiles? files,
        [NotNullWhen(false)] out ApiRefusal? fault)
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

    private static string HowTo => $"Send {{\"{Member.Request}\": …}}, or {string.Join(", ", Member.Lists.Keys)} and {Member.Csrs}; and {Member.Targets}, if you like.";

    private ApiRefusal? Add(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.EnumerateObject().Any())
        {
            return ApiRefusal.BadBody("The body is not a JSON object with something to plan.", HowTo);
        }

        IsRequest = body.TryGetProperty(Member.Request, out _);
        foreach (JsonProperty member in body.EnumerateObject())
        {
            if (Add(member) is { } wrong)
            {
                return wrong;
            }
        }

        files.TryAdd(GitOpsEntries.FileKey, FileOf("[]"));
        return null;
    }

    private ApiRefusal? Add(JsonProperty member)
    {
        if (member.Name == Member.Targets)
        {
            return AddTargets(member.Value);
        }

        if (member.Name == Member.Request)
        {
            return member.Value.ValueKind != JsonValueKind.Object ? ApiRefusal.BadBody($"The member '{Member.Request}' is not an object.", HowTo)
                : Put(member.Name, GitOpsEntries.FileKey, $"[{member.Value.GetRawText()}]");
        }

        if (IsRequest || (member.Name != Member.Csrs && !Member.Lists.ContainsKey(member.Name)))
        {
            return ApiRefusal.BadBody("The body has a member that this call does not take, or not beside the others.", HowTo);
        }

        if (member.Name == Member.Csrs)
        {
            return AddCsrs(member.Value);
        }

        HasEntries |= member.Name == Member.Tls;
        return member.Value.ValueKind switch
        {
            JsonValueKind.Array => PutList(member.Name, member.Value.GetRawText()),
            JsonValueKind.String => PutList(member.Name, member.Value.GetString()!), // the file as it is: so its lines count, and its faults
            _ => ApiRefusal.BadBody($"The member '{member.Name}' is neither a list nor the text of one.", HowTo),
        };
    }

    private ApiRefusal? PutList(string member, string text) =>
        JsonLines.Of(Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'))).Count > MaxElements
            ? TooMany(member)
            : Put(member, Member.Lists[member], text);

    private ApiRefusal? AddTargets(JsonElement names)
    {
        LintTarget?[] known = names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String ? LintTargets.Find(name.GetString()!) : null)]
            : [null];
        Targets = [.. known.OfType<LintTarget>().Distinct()]; // each costs time with every entry
        return known.All(target => target is not null) ? null
            : ApiRefusal.BadBody($"The member '{Member.Targets}' is not a list of targets.", $"They are {string.Join(", ", LintTargets.Names)}.");
    }

    private ApiRefusal? AddCsrs(JsonElement csrs)
    {
        if (csrs.ValueKind != JsonValueKind.Object || csrs.EnumerateObject().Any(file => file.Value.ValueKind != JsonValueKind.String))
        {
            return ApiRefusal.BadBody($"The member '{Member.Csrs}' is not an object whose members are texts.", "Give the PEM of each file by its name.");
        }

        return csrs.GetPropertyCount() > MaxElements ? TooMany(Member.Csrs)
            : csrs.EnumerateObject().Select(file => Put(Member.Csrs, GitOpsEntries.CsrKey(file.Name), file.Value.GetString()!)).FirstOrDefault(wrong => wrong is not null);
    }

    private static ApiRefusal TooMany(string member) => ApiRefusal.BadBody(
        string.Create(CultureInfo.InvariantCulture, $"The member '{member}' has more than {MaxElements} elements."), "Plan them in parts, or on the machine of the CA.");

    private ApiRefusal? Put(string member, string key, string text) =>
        files.TryAdd(key, FileOf(text)) ? null : ApiRefusal.BadBody($"The member '{member}' has the same thing twice.");

    private static StoredFile FileOf(string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        return new StoredFile(content, Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
