using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>One call of the API: where it is, what it takes, who may make it, and what answers it. Immutable.</summary>
/// <param name="Method">The HTTP method; GET also stands for HEAD.</param>
/// <param name="Path">The path below <c>/api/v1</c>, as routing has it.</param>
/// <param name="Call">Decides who may make it.</param>
/// <param name="RunAsync">Answers it.</param>
internal sealed record ApiOperation(string Method, string Path, ApiCall Call, Func<ApiRequest, Task<ApiReply>> RunAsync)
{
    /// <summary>The path that all calls begin with.</summary>
    public const string Root = "/api/v1";

    /// <summary>The most bytes of a body that holds a few words; our decision.</summary>
    public const int SmallBody = 16 * 1024;

    /// <summary>The most bytes of the body; 0: the call takes none.</summary>
    public int MaxBody { get; init; }

    /// <summary>The names of its query parameters; all others are refused.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Says whether a path belongs to the API.</summary>
    public static bool IsOf(PathString path) => path.StartsWithSegments(Root);
}

/// <summary>A call whose caller may make it. Immutable.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="Caller">The caller; null in calls that anybody makes.</param>
/// <param name="Parameters">Its query parameters.</param>
/// <param name="Body">Its body; empty if the call takes none.</param>
internal sealed record ApiRequest(HttpContext Context, ApiCaller? Caller, ApiParameters Parameters, ReadOnlyMemory<byte> Body)
{
    /// <summary>The id of the request, for the log.</summary>
    public string Id => Context.TraceIdentifier;

    /// <summary>Cancelled when the caller goes away.</summary>
    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Returns a part of the path.</summary>
    public string Segment(string name) => (string)Context.Request.RouteValues[name]!;
}
