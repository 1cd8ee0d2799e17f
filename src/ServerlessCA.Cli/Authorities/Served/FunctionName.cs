using System.Text.Json;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Authorities.Served;

/// <summary>The function that issues certificates, found by its name as on AWS: <c>{project}-tls-cert-{env}</c>
/// (contract section 1). Immutable.</summary>
/// <param name="Project">Null: any.</param>
/// <param name="Environment">Null: any.</param>
internal sealed record FunctionName(string? Project, string? Environment)
{
    private const int MaxPages = 1000; // 50 functions each: more than an account may have

    private static readonly string Middle = new CaNames("", "", []).Function(CaFunction.TlsCert);

    /// <summary>Looks through the functions.</summary>
    /// <param name="list">Gets a page by its marker.</param>
    /// <param name="address">For messages.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="AuthorityFault">There is none, or several do.</exception>
    public async Task<string> FindAsync(Func<string?, CancellationToken, Task<string>> list, Uri address, CancellationToken cancellation)
    {
        var found = new List<string>();
        string? marker = null;
        for (int page = 0; page < MaxPages; page++)
        {
            marker = Read(await list(marker, cancellation), address, found);
            if (marker is null)
            {
                break;
            }
        }

        return found switch
        {
            [string only] => only,
            [] => throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"'{address}' has no function '{Wanted}'", "check address, project and env: http(s)://HOST:PORT?project=NAME&env=NAME"),
            _ => throw new AuthorityFault(
                AuthorityFaultKind.NotFound, $"'{address}' has several CAs: {string.Join(", ", found)}", "say which: http(s)://HOST:PORT?project=NAME&env=NAME"),
        };
    }

    private string Wanted => $"{Project ?? "…"}{Middle}{Environment ?? "…"}";

    private string? Read(string json, Uri address, List<string> found)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            found.AddRange(document.RootElement.GetProperty("Functions").EnumerateArray()
                .Select(function => function.GetProperty("FunctionName").GetString()!).Where(IsIt));
            return document.RootElement.TryGetProperty("NextMarker", out JsonElement next) ? next.GetString() : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw ServedFault.NotUnderstood(address, mayBeIssued: false, fault);
        }
    }

    private bool IsIt(string name)
    {
        int at = name.LastIndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && (Project is null || name[..at] == Project) && (Environment is null || name[(at + Middle.Length)..] == Environment);
    }
}
