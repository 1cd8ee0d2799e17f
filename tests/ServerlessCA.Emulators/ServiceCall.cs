using System.Text;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators;

/// <summary>One request to a service. Immutable.</summary>
/// <param name="Action">As AWS names it: <c>PutItem</c>, <c>Sign</c>, <c>Publish</c>, <c>GetObject</c>, <c>Invoke</c>.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">As it was sent.</param>
public sealed record ServiceCall(string Action, string Target, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    internal static ServiceCall Of(HttpRequest request, byte[] body) =>
        new(ActionOf(request, body), $"{request.Path}{request.QueryString}", body);

    internal static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static string ActionOf(HttpRequest request, byte[] body)
    {
        if (request.Headers.TryGetValue("X-Amz-Target", out var target))
        {
            return target.ToString().Split('.')[^1];
        }

        if (IsForm(request))
        {
            return Encoding.UTF8.GetString(body).Split('&').FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))?[7..] ?? "";
        }

        string path = request.Path.Value!.TrimEnd('/');
        return path.EndsWith("/invocations", StringComparison.Ordinal) ? "Invoke" : OfStorage(request, path);
    }

    // S3: what is asked of /bucket or /bucket/key.
    private static string OfStorage(HttpRequest request, string path)
    {
        bool isObject = path.Count(c => c == '/') > 1;
        return (request.Method, isObject) switch
        {
            ("GET", true) => "GetObject",
            ("GET", false) => "ListObjectsV2",
            ("HEAD", true) => "HeadObject",
            ("HEAD", false) => "HeadBucket",
            ("PUT", true) => "PutObject",
            ("PUT", false) => "CreateBucket",
            ("DELETE", true) => "DeleteObject",
            _ => $"{request.Method} {path}",
        };
    }
}
