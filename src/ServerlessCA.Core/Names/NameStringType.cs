namespace ServerlessCA.Core.Names;

/// <summary>The ASN.1 type of an attribute value in a distinguished name (RFC 5280 §4.1.2.4).</summary>
public enum NameStringType
{
    /// <summary>UTF8String: any text. What this CA writes where no other type is prescribed.</summary>
    Utf8String,

    /// <summary>PrintableString: ASCII letters, digits, space and <c>'()+,-./:=?</c>.</summary>
    PrintableString,

    /// <summary>IA5String: ASCII.</summary>
    Ia5String,

    /// <summary>T61String (TeletexString), read as Latin-1. Never written.</summary>
    T61String,

    /// <summary>BMPString: UTF-16, big-endian. Never written.</summary>
    BmpString,

    /// <summary>NumericString: digits and space. Never written.</summary>
    NumericString,

    /// <summary>UniversalString: UTF-32, big-endian. Never written.</summary>
    UniversalString,

    /// <summary>VisibleString: printable ASCII. Never written.</summary>
    VisibleString,

    /// <summary>No string, or one whose octets are no text of its type: the value is <c>#</c> and the DER in
    /// hexadecimal (RFC 4514 §2.4). Never written.</summary>
    Other,
}
