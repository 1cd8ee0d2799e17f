using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>An attribute as a distinguished name's text has it, escapes undone.</summary>
/// <param name="Rdn">Number of the relative name it stands in.</param>
/// <param name="Key">The key as written.</param>
/// <param name="Syntax">What the key stands for; null if that is not known.</param>
/// <param name="Value">The value; null if it was <c>#</c> and hexadecimal.</param>
internal sealed record WrittenAttribute(int Rdn, string Key, AttributeSyntax? Syntax, string? Value)
{
    /// <summary>Makes an attribute, if it is a known one.</summary>
    public bool TryMake([NotNullWhen(true)] out NameAttribute? attribute, [NotNullWhen(false)] out string? why)
    {
        attribute = null;
        why = Syntax is null ? "is not known"
            : Value is null ? "must be text, not # and hexadecimal"
            : Syntax.TryMake(Value, out attribute, out string? wrong) ? null
            : wrong;
        why = why is null ? null : $"has a wrong {Key}: it {why}";
        return attribute is not null;
    }
}
