using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Server.Schedule;

/// <summary>A step that did not do all of its work. Immutable.</summary>
/// <param name="IsPublished">Whether a CRL was published all the same, with what could be done: another one would be
/// the same until somebody changes the list.</param>
/// <param name="FileVersion">The version of the operator's file at that time.</param>
internal sealed record FailedStep(bool IsPublished, string? FileVersion)
{
    private const string Missing = "missing";

    /// <summary>The version of the operator's file that a step works through; null for steps without one.</summary>
    public static async Task<string?> VersionAsync(IInternalFiles files, CaFunction step, CancellationToken cancellation)
    {
        string? key = step switch
        {
            CaFunction.RootCaCrl => RevocationEntries.RootFileKey,
            CaFunction.IssuingCaCrl => RevocationEntries.IssuingFileKey,
            CaFunction.TlsCert => GitOpsEntries.FileKey,
            _ => null,
        };
        try
        {
            return key is null ? null : (await files.ReadAsync(key, cancellation))?.Version ?? Missing;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return fault.Message; // as long as it says the same nothing has changed
        }
    }
}
