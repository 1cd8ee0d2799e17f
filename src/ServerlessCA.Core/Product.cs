using System.Reflection;

namespace ServerlessCA.Core;

/// <summary>Says what this program is, and its version: for people who read a log, a support case, or another server's access
/// log.</summary>
public static class Product
{
    /// <summary>Gets the version, such as <c>1.0.0</c>: <c>Version</c> of Directory.Build.props, the one place that has
    /// it.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Gets name and version as a user agent has them (RFC 9110 §10.1.5), such as <c>serverless-ca/1.0.0</c>.</summary>
    public static string UserAgent { get; } = $"serverless-ca/{Version}";

    /// <summary>Gets name and version for people: <c>serverless-ca 1.0.0</c>.</summary>
    public static string Text { get; } = TextOf(Version);

    /// <summary>Returns the same with another version, such as that of a CA that answered.</summary>
    public static string TextOf(string version) => $"serverless-ca {version}";
}
