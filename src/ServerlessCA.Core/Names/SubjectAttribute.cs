using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A subject attribute that requests may set (contract section 5). Immutable.</summary>
public sealed record SubjectAttribute
{
    internal SubjectAttribute(string requestKey, string keyword, AttributeSyntax syntax)
    {
        RequestKey = requestKey;
        Keyword = keyword;
        Syntax = syntax;
    }

    /// <summary>The key in requests, such as <c>common_name</c>.</summary>
    public string RequestKey { get; }

    /// <summary>The keyword in distinguished names, such as <c>CN</c>.</summary>
    public string Keyword { get; }

    /// <summary>The attribute type in dotted decimal.</summary>
    public string Oid => Syntax.Oid;

    /// <summary>The ASN.1 type that values are written in.</summary>
    public NameStringType StringType => Syntax.StringType;

    /// <summary>Characters (Unicode scalar values) of a value at most.</summary>
    public int MaxLength => Syntax.MaxLength;

    /// <summary>What values it takes.</summary>
    internal AttributeSyntax Syntax { get; }

    /// <summary>Makes an attribute of a value.</summary>
    /// <param name="value">The value, as a request or CSR gives it.</param>
    /// <param name="attribute">The attribute made.</param>
    /// <param name="why">Why not: goes on after the key, such as <c>must be two letters, such as GB</c>.</param>
    public bool TryMake(
        string value, [NotNullWhen(true)] out NameAttribute? attribute, [NotNullWhen(false)] out string? why) =>
        Syntax.TryMake(value, out attribute, out why);
}
