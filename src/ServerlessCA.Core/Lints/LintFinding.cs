using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Lints;

/// <summary>Reports one broken rule. Immutable.</summary>
/// <param name="Rule">The rule's name, such as <c>SerialNumberLint</c>.</param>
/// <param name="Clause">Where the rule is from.</param>
/// <param name="Message">What is wrong.</param>
public sealed record LintFinding(string Rule, string Clause, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule} ({Clause}): {Message}";
}

/// <summary>Checks, before anything is signed, that the key service offers the key in the issuer's certificate and describes it
/// correctly (our decision: a wrong alias must not cost a wrong signature).</summary>
internal static class SigningKeyCheck
{
    /// <summary>Returns what is wrong with the key; nothing when it is the expected one.</summary>
    public static IReadOnlyList<LintFinding> Findings(ICaKey key, PublicKey? expected)
    {
        string? finding = expected is null ? "the issuer's public key is not accepted"
            : !key.SubjectPublicKeyInfo.Span.SequenceEqual(expected.SubjectPublicKeyInfo.Span)
                ? "the key service offers another key than the issuer's certificate has"
            : KeySpecs.Of(expected) != key.Spec ? $"the key service says that the key is {KeySpecs.KmsName(key.Spec)}, which it is not"
            : null;
        return finding is null ? [] : [new(nameof(SigningKeyCheck), "our decision", finding)];
    }
}
