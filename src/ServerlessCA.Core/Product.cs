using System.Reflection;

namespace ServerlessCA.Core;

/// <summary>What this program is, and which: for people who read a log, a support case, or another server's access log.</summary>
public static class Product
{
    /// <summary>Such as <c>1.0.0</c>: <c>Version</c> of Directory.Build.props, the one place that has it.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Name and version as a user agent has them (RFC 9110 §10.1.5), such as <c>serverless-ca/1.0.0</c>.</summary>
    public static string UserAgent { get; } = $"serverless-ca/{Version}";

    /// <summary>The same for people: <c>serverless-ca 1.0.0</c>.</summary>
    public static string Text { get; } = $"serverless-ca {Version}";
}
