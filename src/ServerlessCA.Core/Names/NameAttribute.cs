namespace ServerlessCA.Core.Names;

/// <summary>One attribute of a distinguished name: type and value. Immutable.</summary>
/// <param name="Oid">The attribute type in dotted decimal.</param>
/// <param name="StringType">The ASN.1 type of the value.</param>
/// <param name="Value">The value as text; of <see cref="NameStringType.Other"/>, <c>#</c> and hexadecimal.</param>
public sealed record NameAttribute(string Oid, NameStringType StringType, string Value);
