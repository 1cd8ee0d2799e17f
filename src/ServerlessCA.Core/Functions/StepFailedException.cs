using ServerlessCA.Core.Issuance;

namespace ServerlessCA.Core.Functions;

/// <summary>A function did what it could, and something is for a person to mend; the message says what. Trying again at
/// once changes nothing, and the pipeline ends failed for it (SPEC 12.16). Contract: callers on AWS see the type's name.</summary>
public sealed class StepFailedException(string message) : Exception(message)
{
    private const int MaxShown = 20; // entries: the message is for people; the log has them all

    /// <summary>Returns unless creating a CA ended so that somebody has to act. That an issuing CA waits for its root
    /// is no such end: the root's own function tells of that (SPEC section 4).</summary>
    /// <exception cref="StepFailedException">The root is revoked, expired or not valid yet.</exception>
    public static void ThrowIfFailed(string caName, CreateOutcome outcome)
    {
        if (outcome == CreateOutcome.RootNotUsable)
        {
            throw new StepFailedException($"{caName} cannot be created: the root CA is revoked, expired or not valid yet");
        }
    }

    /// <summary>Returns unless publishing a CRL ended so that somebody has to act.</summary>
    /// <exception cref="StepFailedException">There is no CA; the list of revocations could not be used, or some of its entries
    /// (SPEC 12.22); or the CRL that was published before is lost or dated ahead of the clock.</exception>
    public static void ThrowIfFailed(string fileKey, CrlOutcome outcome)
    {
        if (!outcome.Failed)
        {
            return;
        }

        string more = outcome.Failures.Count > MaxShown ? $"; and {outcome.Failures.Count - MaxShown} more" : "";
        string entries = string.Join("; ", outcome.Failures.Take(MaxShown).Select(failure => failure.ToString()));
        throw new StepFailedException(outcome.Status == CrlStatus.NoCa
            ? $"no {fileKey}: the CA does not exist yet; create it first"
            : $"{fileKey}: {outcome.Message}{(entries.Length > 0 ? $": {entries}{more}" : "")}");
    }
}
