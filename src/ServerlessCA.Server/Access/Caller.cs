using ServerlessCA.Core.Access;

namespace ServerlessCA.Server.Access;

/// <summary>Who called. Immutable.</summary>
/// <param name="Name">For the log: how it showed who it is, and who that is; no secret.</param>
/// <param name="SerialNumber">Of its client certificate, decimal; null: it came with none.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record Caller(string Name, string? SerialNumber, CallerRights Rights)
{
    /// <summary>A program of this machine, where nobody has to show who they are.</summary>
    public static Caller Anonymous { get; } = new("anonymous", null, CallerRights.Everything);
}
