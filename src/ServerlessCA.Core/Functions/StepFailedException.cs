using ServerlessCA.Core.Issuance;

namespace ServerlessCA.Core.Functions;

/// <summary>A function did what it could, and something is for a person to mend; the message says what. Trying again at
/// once changes nothing, and the pipeline ends failed for it (SPEC 12.16). Contract: callers on AWS see the type's name.</summary>
public sealed class StepFailedException(string message) : Exception(message)
{
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
    /// <exception cref="StepFailedException">There is no CA, or the list of revocations could not be used.</exception>
    public static void ThrowIfFailed(string fileKey, CrlOutcome outcome)
    {
        if (outcome.Status == CrlStatus.NoCa)
        {
            throw new StepFailedException($"no {fileKey}: the CA does not exist yet; create it first");
        }

        if (outcome.ListFault is { } fault)
        {
            throw new StepFailedException($"{fileKey} was published with what was revoked before, but {fault}");
        }
    }
}
