using Microsoft.Extensions.Logging;

namespace ServerlessCA.Lambda.Logging;

/// <summary>Levels by the names that Lambda gives them.</summary>
internal static class LogLevels
{
    /// <summary>The value of <c>AWS_LAMBDA_LOG_LEVEL</c>; anything else is INFO.</summary>
    public static LogLevel Of(string? name) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    /// <summary>The name of a level.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "FATAL",
        _ => "INFO",
    };
}
