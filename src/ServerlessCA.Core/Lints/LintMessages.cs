using System.Collections;
using System.Runtime.CompilerServices;

namespace ServerlessCA.Core.Lints;

/// <summary>Holds what one rule says of a certificate, with a null where all is well. A collection expression makes it, and where it is made of
/// nulls alone, as nearly always, it allocates nothing. Immutable.</summary>
[CollectionBuilder(typeof(LintMessages), nameof(Of))]
internal readonly struct LintMessages : IEnumerable<string?>
{
    private readonly string?[]? messages; // null: nothing is wrong

    private LintMessages(string?[] messages) => this.messages = messages;

    /// <summary>Makes it of messages and nulls.</summary>
    public static LintMessages Of(ReadOnlySpan<string?> messages) => messages.ContainsAnyExcept((string?)null) ? new LintMessages(messages.ToArray()) : default;

    /// <summary>Returns the messages in order, with the nulls between them.</summary>
    public ReadOnlySpan<string?>.Enumerator GetEnumerator() => ((ReadOnlySpan<string?>)messages).GetEnumerator();

    IEnumerator<string?> IEnumerable<string?>.GetEnumerator() => ((IEnumerable<string?>)(messages ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (messages ?? []).GetEnumerator();
}
