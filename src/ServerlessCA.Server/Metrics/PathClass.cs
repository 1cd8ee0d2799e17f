using ServerlessCA.Server.Api;

namespace ServerlessCA.Server.Metrics;

/// <summary>Sorts requests into a few classes by their path, so that no caller makes the metrics grow.</summary>
internal static class PathClass
{
    /// <summary>Names all classes.</summary>
    public static IReadOnlyList<string> All { get; } = ["api", "certificate", "crl", "function", "health", "metrics", "other", "page", "schema"];

    /// <summary>Returns the class of a path.</summary>
    public static string Of(string path) =>
        ApiOperation.IsOf(path) ? "api"
        : path.StartsWith("/2015-03-31/", StringComparison.Ordinal) ? "function"
        : path == "/health" ? "health"
        : path == "/metrics" ? "metrics"
        : path.StartsWith("/schemas/", StringComparison.Ordinal) ? "schema"
        : HasEnding(path, ".crl", ".crl.pem") ? "crl"
        : HasEnding(path, ".crt", ".cer", ".pem") ? "certificate"
        : path == "/" || HasEnding(path, ".html", ".js", ".css", ".svg") ? "page"
        : "other";

    private static bool HasEnding(string path, params IEnumerable<string> endings) => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));
}
