using Amazon.DynamoDBv2.Model;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.Tests.DynamoDb.Migration;

/// <summary>Makes a certificate that the original issued, in real DER.</summary>
internal sealed class IssuedBefore(string name, long serial, byte[] subjectPublicKeyInfo)
{
    public RowId Row { get; } = new(name, SerialNumber.Of(serial));

    /// <summary>The key, as the ledger reserves it.</summary>
    public ReservedKey Key { get; } = ReservedKey.TryOf(subjectPublicKeyInfo, out ReservedKey key) ? key : throw new ArgumentException("no key");

    /// <summary>The value of <c>PublicKeyHash</c> that its row gets.</summary>
    public KeyHash PublicKeyHash { get; } = KeyHash.Of(subjectPublicKeyInfo);

    public string Pem { get; } = RealCertificate.Pem(name, serial, subjectPublicKeyInfo);

    /// <summary>Makes the row as the original wrote it.</summary>
    public Dictionary<string, AttributeValue> Item(DateTimeOffset issued, params (string Name, AttributeValue Value)[] others) => RowItemTests.Original(
        [
            ("CommonName", RowItemTests.Text(Row.CommonName)),
            ("SerialNumber", RowItemTests.Text(Row.SerialNumber.ToString())),
            ("Issued", RowItemTests.Text(TableTime.Text(issued))),
            ("Certificate", RowItemTests.Certificate(Pem)),
            .. others,
        ]);
}
