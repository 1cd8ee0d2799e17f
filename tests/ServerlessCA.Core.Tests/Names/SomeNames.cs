using System.Formats.Asn1;
using CsCheck;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Tests.Names;

/// <summary>Makes distinguished names for tests.</summary>
internal static class SomeNames
{
    /// <summary>Generates text with much that needs escaping.</summary>
    public static Gen<string> AwkwardText { get; } = Gen.OneOf(
        Gen.Char[" \\\"+,;<>=#aé\n"].Array[1, 12].Select(c => new string(c)),
        Gen.String[1, 12].Where(s => SubjectAttributes.Organization.TryMake(s, out _, out _)));

    /// <summary>Generates attributes that callers may write, with awkward values.</summary>
    public static Gen<NameAttribute> Attribute { get; } = Gen.Select(Gen.Int[0, 3], AwkwardText)
        .Select((which, value) => new[]
        {
            SubjectAttributes.Locality, SubjectAttributes.Organization,
            SubjectAttributes.OrganizationalUnit, SubjectAttributes.State,
        }[which].TryMake(value, out NameAttribute? made, out _) ? made : throw new InvalidOperationException(value));

    /// <summary>Makes an attribute of UTF8String.</summary>
    public static NameAttribute Utf8(string oid, string value) => new(oid, NameStringType.Utf8String, value);

    /// <summary>Makes a Name whose only attribute has the given DER as its value.</summary>
    public static byte[] WithValue(string oid, params byte[] value) => Wrap(writer =>
    {
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteEncodedValue(value);
        }
    });

    /// <summary>Makes a Name with the given content.</summary>
    public static byte[] Wrap(Action<AsnWriter> content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            content(writer);
        }

        return writer.Encode();
    }
}
